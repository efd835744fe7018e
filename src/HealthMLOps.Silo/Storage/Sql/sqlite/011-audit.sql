-- The record. Rows are written by each silo's own group commit, chained per writer; the tree grows behind them.
-- Rows of access_log, which the record replaces, stay as they are.
CREATE TABLE audit_log (
    writer      INTEGER NOT NULL,
    sequence    INTEGER NOT NULL,
    at_ticks    INTEGER NOT NULL,
    person      TEXT    NOT NULL,
    account     TEXT    NOT NULL,
    role        TEXT    NOT NULL,
    purpose     TEXT    NOT NULL,
    action      TEXT    NOT NULL,
    outcome     TEXT    NOT NULL,
    object      TEXT,
    patient     TEXT,
    correlation TEXT,
    commitment  BLOB,
    hash        BLOB    NOT NULL,
    removal     INTEGER,
    PRIMARY KEY (writer, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_log_at ON audit_log (at_ticks);
CREATE INDEX audit_log_person ON audit_log (person, at_ticks);
CREATE INDEX audit_log_patient ON audit_log (patient, at_ticks) WHERE patient IS NOT NULL;
CREATE INDEX audit_log_object ON audit_log (object, at_ticks) WHERE object IS NOT NULL;

-- What an entry rested on: salt and payload, sealed. The event holds their digest.
CREATE TABLE audit_payloads (
    writer   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    sealed   BLOB    NOT NULL,
    PRIMARY KEY (writer, sequence)
) STRICT, WITHOUT ROWID;

-- The tree: each event's place among all, the roots of complete subtrees of 2^8, 2^16, … leaves, and what was signed of it.
CREATE TABLE audit_leaves (
    leaf     INTEGER PRIMARY KEY,
    writer   INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    hash     BLOB    NOT NULL,
    UNIQUE (writer, sequence)
) STRICT;
CREATE TABLE audit_nodes (
    level    INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash     BLOB    NOT NULL,
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_checkpoints (
    size     INTEGER PRIMARY KEY,
    at_ticks INTEGER NOT NULL,
    note     TEXT    NOT NULL
) STRICT;
CREATE TABLE audit_keys (
    id          TEXT    NOT NULL PRIMARY KEY,
    line        TEXT    NOT NULL,
    since_ticks INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_holds (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    kind           TEXT    NOT NULL,
    value          TEXT    NOT NULL,
    reason         TEXT    NOT NULL,
    placed_by      TEXT    NOT NULL,
    placed_ticks   INTEGER NOT NULL,
    released_by    TEXT,
    released_ticks INTEGER
) STRICT;
CREATE TABLE audit_removals (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    before_ticks   INTEGER NOT NULL,
    reason         TEXT    NOT NULL,
    proposed_by    TEXT    NOT NULL,
    proposed_ticks INTEGER NOT NULL,
    approved_by    TEXT,
    approved_ticks INTEGER,
    hidden         INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TRIGGER audit_log_stays BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append only'); END;
CREATE TRIGGER audit_log_stays_as_it_is BEFORE UPDATE OF writer, sequence, at_ticks, person, account, role, purpose, action, outcome, object, patient, correlation, commitment, hash ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit_log is append only'); END;
CREATE TRIGGER audit_leaves_stay BEFORE DELETE ON audit_leaves BEGIN SELECT RAISE(ABORT, 'audit_leaves is append only'); END;
CREATE TRIGGER audit_leaves_stay_as_they_are BEFORE UPDATE ON audit_leaves BEGIN SELECT RAISE(ABORT, 'audit_leaves is append only'); END;
CREATE TRIGGER audit_checkpoints_stay BEFORE DELETE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append only'); END;
CREATE TRIGGER audit_checkpoints_stay_as_they_are BEFORE UPDATE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'audit_checkpoints is append only'); END;

-- Writers before this one kept their accesses in access_log.
INSERT INTO settings (key, value) SELECT 'audit-first-writer', CAST(coalesce(max(id), 0) + 1 AS text) FROM writers;
