-- The one plan that every silo serves by, the leases on it, and what became of each halt.
CREATE TABLE serving_plan (
    id      integer PRIMARY KEY CHECK (id = 1),
    epoch   bigint NOT NULL,
    payload bytea   NOT NULL
);
INSERT INTO serving_plan (id, epoch, payload) VALUES (1, 0, '');

-- Until granted_ms + 1.1 * lease_ms of this database's clock the silo may serve by that epoch.
CREATE TABLE plan_leases (
    silo       text    NOT NULL PRIMARY KEY,
    epoch      bigint NOT NULL,
    granted_ms bigint NOT NULL,
    lease_ms   bigint NOT NULL
);

CREATE TABLE halts (
    id           text    NOT NULL PRIMARY KEY,
    scope        text    NOT NULL,
    person       text    NOT NULL,
    at_ticks     bigint NOT NULL,
    reason       text    NOT NULL,
    outcome      text    NOT NULL,
    stop_ms      double precision    NOT NULL,
    restore_ms   double precision,
    lifted_ticks bigint,
    lifted_by    text
);
CREATE INDEX halts_at ON halts (at_ticks);
