-- Small stores beside the log. Payloads are encrypted by their owners; instants are UTC ticks of 100 ns.

CREATE TABLE quarantine (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    arrived_ticks INTEGER NOT NULL,
    source        TEXT   NOT NULL,
    reason        TEXT   NOT NULL,
    status        TEXT   NOT NULL,
    detail        TEXT   NOT NULL,
    payload       BLOB  NOT NULL
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
    source      TEXT   NOT NULL,
    begun_ticks INTEGER NOT NULL,
    state       TEXT   NOT NULL
) STRICT;

CREATE TABLE import_files (
    import_id   TEXT   NOT NULL REFERENCES imports,
    file        TEXT   NOT NULL,
    line_offset INTEGER NOT NULL,
    admitted    INTEGER NOT NULL,
    repeated    INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    done        INTEGER NOT NULL,
    PRIMARY KEY (import_id, file)
) STRICT;

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
