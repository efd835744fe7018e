-- Uses of broken glass. What was explained is sealed: it may name a patient.

CREATE TABLE break_glass (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    person        TEXT NOT NULL,
    reason        TEXT NOT NULL,
    explanation   BLOB NOT NULL,
    patient       TEXT,
    unit          TEXT,
    opened_ticks  INTEGER NOT NULL,
    closes_ticks  INTEGER NOT NULL,
    reviewed_by   TEXT,
    verdict       TEXT,
    reviewed_ticks INTEGER
) STRICT;
