-- Who was told a person's secret when it was made; null where they made it themselves.

ALTER TABLE person_credentials ADD COLUMN told_to text;
