-- The record. Rows are written by each silo's own group commit, chained per writer; the tree grows behind them.
-- Rows of access_log, which the record replaces, stay as they are.
CREATE TABLE audit_log (
    writer      bigint NOT NULL,
    sequence    bigint NOT NULL,
    at_ticks    bigint NOT NULL,
    person      text   NOT NULL,
    account     text   NOT NULL,
    role        text   NOT NULL,
    purpose     text   NOT NULL,
    action      text   NOT NULL,
    outcome     text   NOT NULL,
    object      text,
    patient     text COLLATE "C",
    correlation text,
    commitment  bytea,
    hash        bytea  NOT NULL,
    removal     bigint,
    PRIMARY KEY (writer, sequence)
);
CREATE INDEX audit_log_at ON audit_log (at_ticks);
CREATE INDEX audit_log_person ON audit_log (person, at_ticks);
CREATE INDEX audit_log_patient ON audit_log (patient, at_ticks) WHERE patient IS NOT NULL;
CREATE INDEX audit_log_object ON audit_log (object, at_ticks) WHERE object IS NOT NULL;

-- What an entry rested on: salt and payload, sealed. The event holds their digest.
CREATE TABLE audit_payloads (
    writer   bigint NOT NULL,
    sequence bigint NOT NULL,
    sealed   bytea  NOT NULL,
    PRIMARY KEY (writer, sequence)
);

-- The tree: each event's place among all, the roots of complete subtrees of 2^8, 2^16, … leaves, and what was signed of it.
CREATE TABLE audit_leaves (
    leaf     bigint PRIMARY KEY,
    writer   bigint NOT NULL,
    sequence bigint NOT NULL,
    hash     bytea  NOT NULL,
    UNIQUE (writer, sequence)
);
CREATE TABLE audit_nodes (
    level    integer NOT NULL,
    position bigint  NOT NULL,
    hash     bytea   NOT NULL,
    PRIMARY KEY (level, position)
);
CREATE TABLE audit_checkpoints (
    size     bigint PRIMARY KEY,
    at_ticks bigint NOT NULL,
    note     text   NOT NULL
);
CREATE TABLE audit_keys (
    id          text PRIMARY KEY,
    line        text   NOT NULL,
    since_ticks bigint NOT NULL
);

CREATE TABLE audit_holds (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind           text   NOT NULL,
    value          text   NOT NULL,
    reason         text   NOT NULL,
    placed_by      text   NOT NULL,
    placed_ticks   bigint NOT NULL,
    released_by    text,
    released_ticks bigint
);
CREATE TABLE audit_removals (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    before_ticks   bigint NOT NULL,
    reason         text   NOT NULL,
    proposed_by    text   NOT NULL,
    proposed_ticks bigint NOT NULL,
    approved_by    text,
    approved_ticks bigint,
    hidden         bigint NOT NULL DEFAULT 0
);

CREATE TRIGGER audit_log_stays BEFORE DELETE OR TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_log_stays_as_it_is BEFORE UPDATE OF writer, sequence, at_ticks, person, account, role, purpose, action, outcome, object, patient, correlation, commitment, hash ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_leaves_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_leaves FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_checkpoints_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Writers before this one kept their accesses in access_log.
INSERT INTO settings (key, value) SELECT 'audit-first-writer', CAST(coalesce(max(id), 0) + 1 AS text) FROM writers;
