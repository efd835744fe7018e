-- Who may knock: people, their credentials, programs, senders' secrets. Secrets are held as SHA-256 only; instants are UTC ticks of 100 ns.

CREATE TABLE people (
    person_id     text NOT NULL PRIMARY KEY,
    printed_name  text NOT NULL,
    roles         text NOT NULL,
    units         text,
    disabled      bigint NOT NULL,
    created_ticks bigint NOT NULL,
    created_by    text NOT NULL
);

CREATE TABLE person_credentials (
    credential_id text NOT NULL PRIMARY KEY,
    person_id     text NOT NULL REFERENCES people,
    digest        text NOT NULL UNIQUE,
    created_ticks bigint NOT NULL,
    expires_ticks bigint NOT NULL
);

CREATE TABLE machine_clients (
    client_id     text NOT NULL PRIMARY KEY,
    printed_name  text NOT NULL,
    roles         text NOT NULL,
    scopes        text NOT NULL,
    source        text,
    jwks          text,
    jwks_url      text,
    disabled      bigint NOT NULL,
    created_ticks bigint NOT NULL,
    created_by    text NOT NULL
);

-- A row for each secret that was made or limited by rotation; the first secret of a source lives in its file and has no row.
CREATE TABLE source_secrets (
    digest        text NOT NULL PRIMARY KEY,
    source        text NOT NULL,
    created_ticks bigint NOT NULL,
    expires_ticks bigint NOT NULL
);

-- Assertions that were used once and never may be again.
CREATE TABLE used_assertions (
    issuer        text NOT NULL,
    jti           text NOT NULL,
    expires_ticks bigint NOT NULL,
    PRIMARY KEY (issuer, jti)
);

-- Keys that sign our own access tokens, sealed.
CREATE TABLE signing_keys (
    number        bigint NOT NULL PRIMARY KEY,
    kid           text NOT NULL,
    sealed        bytea NOT NULL,
    created_ticks bigint NOT NULL
);
