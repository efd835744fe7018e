-- Small stores beside the log. Payloads are encrypted by their owners; instants are UTC ticks of 100 ns.

CREATE TABLE quarantine (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    arrived_ticks INTEGER NOT NULL,
    source        TEXT   NOT NULL,
    reason        TEXT   NOT NULL,
    status        TEXT   NOT NULL,
    detail        TEXT   NOT NULL,
    payload       BLOB  NOT NULL,
    fingerprint   BLOB NOT NULL,
    times         INTEGER NOT NULL,
    UNIQUE (source, reason, fingerprint)
) STRICT;
CREATE INDEX quarantine_status ON quarantine (status, id);

CREATE TABLE pending_fetch (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    source         TEXT    NOT NULL,
    resource       BLOB    NOT NULL,
    sealed_id      BLOB    NOT NULL,
    asked_ticks    INTEGER NOT NULL,
    asks           INTEGER NOT NULL,
    attempts       INTEGER NOT NULL,
    next_ticks     INTEGER NOT NULL,
    UNIQUE (source, resource)
) STRICT;
CREATE INDEX pending_fetch_next ON pending_fetch (next_ticks);

CREATE TABLE packages (
    digest  TEXT NOT NULL PRIMARY KEY,
    payload BLOB NOT NULL
) STRICT;

CREATE TABLE imports (
    import_id   TEXT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    source      TEXT NOT NULL,
    begun_ticks INTEGER NOT NULL,
    state       TEXT NOT NULL,
    files       TEXT NOT NULL
) STRICT;

CREATE TABLE import_chunks (
    import_id   TEXT NOT NULL REFERENCES imports,
    file        INTEGER NOT NULL,
    chunk       INTEGER NOT NULL,
    counts      TEXT NOT NULL,
    PRIMARY KEY (import_id, file, chunk)
) STRICT;

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
