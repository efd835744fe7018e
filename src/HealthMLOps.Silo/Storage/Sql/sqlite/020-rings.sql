-- The one plan that every silo serves by, the leases on it, and what became of each halt.
CREATE TABLE serving_plan (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    epoch   INTEGER NOT NULL,
    payload BLOB    NOT NULL
) STRICT;
INSERT INTO serving_plan (id, epoch, payload) VALUES (1, 0, x'');

-- Until granted_ms + 1.1 * lease_ms of this database's clock the silo may serve by that epoch.
CREATE TABLE plan_leases (
    silo       TEXT    NOT NULL PRIMARY KEY,
    epoch      INTEGER NOT NULL,
    granted_ms INTEGER NOT NULL,
    lease_ms   INTEGER NOT NULL
) STRICT;

CREATE TABLE halts (
    id           TEXT    NOT NULL PRIMARY KEY,
    scope        TEXT    NOT NULL,
    person       TEXT    NOT NULL,
    at_ticks     INTEGER NOT NULL,
    reason       TEXT    NOT NULL,
    outcome      TEXT    NOT NULL,
    stop_ms      REAL    NOT NULL,
    restore_ms   REAL,
    lifted_ticks INTEGER,
    lifted_by    TEXT
) STRICT;
CREATE INDEX halts_at ON halts (at_ticks);
