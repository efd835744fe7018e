-- The event log and what commits with it. Instants are UTC ticks of 100 ns, so that replay sees exactly what was recorded.

CREATE TABLE writers (
    id                   INTEGER PRIMARY KEY,
    silo_address         TEXT    NOT NULL,
    last_sequence        INTEGER NOT NULL DEFAULT 0,
    last_access_sequence INTEGER NOT NULL DEFAULT 0,
    last_access_hash     BLOB    NOT NULL,
    payload_bytes        INTEGER NOT NULL DEFAULT 0,
    fenced               INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE log (
    patient        TEXT    NOT NULL,
    number         INTEGER NOT NULL CHECK (number > 0),
    writer         INTEGER NOT NULL,
    sequence       INTEGER NOT NULL,
    recorded_ticks INTEGER NOT NULL,
    payload        BLOB    NOT NULL,
    PRIMARY KEY (patient, number),
    UNIQUE (writer, sequence)
) STRICT;
CREATE INDEX log_patients ON log (patient) WHERE number = 1;

-- content_hash holds the unsigned hash with its highest bit flipped, so that signed comparison orders it as unsigned.
CREATE TABLE resource_index (
    resource           BLOB    NOT NULL PRIMARY KEY,
    patient            TEXT    NOT NULL,
    last_updated_ticks INTEGER NOT NULL,
    version_number     INTEGER NOT NULL,
    content_hash       INTEGER NOT NULL,
    standing           INTEGER NOT NULL,
    sealed_id          BLOB    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    TEXT NOT NULL,
    payload BLOB NOT NULL
) STRICT;

CREATE TABLE snapshots (
    patient TEXT    NOT NULL PRIMARY KEY,
    number  INTEGER NOT NULL,
    payload BLOB    NOT NULL
) STRICT;

CREATE TABLE access_log (
    writer   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    at_ticks INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    patient  TEXT,
    purpose  TEXT    NOT NULL,
    outcome  TEXT    NOT NULL,
    hash     BLOB    NOT NULL,
    PRIMARY KEY (writer, sequence)
) STRICT;
CREATE INDEX access_log_at ON access_log (at_ticks);
CREATE INDEX access_log_patient ON access_log (patient, at_ticks);
