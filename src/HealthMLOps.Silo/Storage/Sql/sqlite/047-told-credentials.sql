-- Who made a person was told their credentials, as far as anybody can know: they confirm nothing of that person until rotated.

UPDATE person_credentials SET told_to = (SELECT created_by FROM people WHERE people.person_id = person_credentials.person_id) WHERE told_to IS NULL;
