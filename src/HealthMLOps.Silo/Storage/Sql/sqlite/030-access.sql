-- Who may knock: people, their credentials, programs, senders' secrets. Secrets are held as SHA-256 only; instants are UTC ticks of 100 ns.

CREATE TABLE people (
    person_id     TEXT NOT NULL PRIMARY KEY,
    printed_name  TEXT NOT NULL,
    roles         TEXT NOT NULL,
    units         TEXT,
    disabled      INTEGER NOT NULL,
    created_ticks INTEGER NOT NULL,
    created_by    TEXT NOT NULL
) STRICT;

CREATE TABLE person_credentials (
    credential_id TEXT NOT NULL PRIMARY KEY,
    person_id     TEXT NOT NULL REFERENCES people,
    digest        TEXT NOT NULL UNIQUE,
    created_ticks INTEGER NOT NULL,
    expires_ticks INTEGER NOT NULL
) STRICT;

CREATE TABLE machine_clients (
    client_id     TEXT NOT NULL PRIMARY KEY,
    printed_name  TEXT NOT NULL,
    roles         TEXT NOT NULL,
    scopes        TEXT NOT NULL,
    source        TEXT,
    jwks          TEXT,
    jwks_url      TEXT,
    disabled      INTEGER NOT NULL,
    created_ticks INTEGER NOT NULL,
    created_by    TEXT NOT NULL
) STRICT;

-- A row for each secret that was made or limited by rotation; the first secret of a source lives in its file and has no row.
CREATE TABLE source_secrets (
    digest        TEXT NOT NULL PRIMARY KEY,
    source        TEXT NOT NULL,
    created_ticks INTEGER NOT NULL,
    expires_ticks INTEGER NOT NULL
) STRICT;

-- Assertions that were used once and never may be again.
CREATE TABLE used_assertions (
    issuer        TEXT NOT NULL,
    jti           TEXT NOT NULL,
    expires_ticks INTEGER NOT NULL,
    PRIMARY KEY (issuer, jti)
) STRICT;

-- Keys that sign our own access tokens, sealed.
CREATE TABLE signing_keys (
    number        INTEGER NOT NULL PRIMARY KEY,
    kid           TEXT NOT NULL,
    sealed        BLOB NOT NULL,
    created_ticks INTEGER NOT NULL
) STRICT;
