-- Small stores beside the log. Payloads are encrypted by their owners; instants are UTC ticks of 100 ns.

CREATE TABLE quarantine (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    arrived_ticks bigint NOT NULL,
    source        text   NOT NULL,
    reason        text   NOT NULL,
    status        text   NOT NULL,
    detail        text   NOT NULL,
    payload       bytea  NOT NULL,
    fingerprint   bytea NOT NULL,
    times         bigint NOT NULL,
    UNIQUE (source, reason, fingerprint)
);
CREATE INDEX quarantine_status ON quarantine (status, id);

CREATE TABLE pending_fetch (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source         text    NOT NULL,
    resource       bytea   NOT NULL,
    sealed_id      bytea   NOT NULL,
    asked_ticks    bigint  NOT NULL,
    asks           bigint  NOT NULL,
    attempts       integer NOT NULL,
    next_ticks     bigint  NOT NULL,
    UNIQUE (source, resource)
);
CREATE INDEX pending_fetch_next ON pending_fetch (next_ticks);

CREATE TABLE packages (
    digest  text PRIMARY KEY,
    payload bytea NOT NULL
);

CREATE TABLE imports (
    import_id   text NOT NULL PRIMARY KEY,
    name        text NOT NULL,
    source      text NOT NULL,
    begun_ticks bigint NOT NULL,
    state       text NOT NULL,
    files       text NOT NULL
);

CREATE TABLE import_chunks (
    import_id   text NOT NULL REFERENCES imports,
    file        bigint NOT NULL,
    chunk       bigint NOT NULL,
    counts      text NOT NULL,
    PRIMARY KEY (import_id, file, chunk)
);

CREATE TABLE settings (
    key   text PRIMARY KEY,
    value text NOT NULL
);
