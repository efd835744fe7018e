-- Signatures after 21 CFR 11. A row is added and never changed or removed.
CREATE TABLE signatures (
    id           TEXT    NOT NULL PRIMARY KEY,
    person       TEXT    NOT NULL,
    printed_name TEXT    NOT NULL,
    role         TEXT    NOT NULL,
    meaning      TEXT    NOT NULL,
    digest       TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    at_ticks     INTEGER NOT NULL,
    UNIQUE (digest, subject, meaning, person)
) STRICT;
CREATE INDEX signatures_at ON signatures (at_ticks, id);
CREATE TRIGGER signatures_stay_as_they_are BEFORE UPDATE ON signatures BEGIN SELECT RAISE(ABORT, 'signatures are append only'); END;
CREATE TRIGGER signatures_stay BEFORE DELETE ON signatures BEGIN SELECT RAISE(ABORT, 'signatures are append only'); END;
