-- What one person asked in managing people, programs and keys, and who confirmed it. Secrets are in it as SHA-256 only.

CREATE TABLE asked_acts (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    act             TEXT NOT NULL,
    digest          TEXT NOT NULL,
    asked_by        TEXT NOT NULL,
    asked_roles     TEXT NOT NULL,
    asked_ticks     INTEGER NOT NULL,
    confirmed_by    TEXT,
    confirmed_ticks INTEGER,
    done_ticks      INTEGER,
    withdrawn_by    TEXT,
    withdrawn_ticks INTEGER
) STRICT;
