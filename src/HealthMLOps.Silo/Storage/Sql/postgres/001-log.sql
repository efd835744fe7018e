-- The event log and what commits with it. Instants are UTC ticks of 100 ns, so that replay sees exactly what was recorded.

CREATE TABLE writers (
    id                   bigint PRIMARY KEY,
    silo_address         text    NOT NULL,
    last_sequence        bigint  NOT NULL DEFAULT 0,
    last_access_sequence bigint  NOT NULL DEFAULT 0,
    last_access_hash     bytea   NOT NULL,
    payload_bytes        bigint  NOT NULL DEFAULT 0,
    fenced               boolean NOT NULL DEFAULT false
) WITH (fillfactor = 20);

CREATE TABLE log (
    patient        text COLLATE "C" NOT NULL,
    number         bigint NOT NULL CHECK (number > 0),
    writer         bigint NOT NULL,
    sequence       bigint NOT NULL,
    recorded_ticks bigint NOT NULL,
    payload        bytea  NOT NULL,
    PRIMARY KEY (patient, number),
    UNIQUE (writer, sequence)
);
CREATE INDEX log_patients ON log (patient) WHERE number = 1;

-- content_hash holds the unsigned hash with its highest bit flipped, so that signed comparison orders it as unsigned.
CREATE TABLE resource_index (
    resource           bytea PRIMARY KEY,
    patient            text COLLATE "C" NOT NULL,
    last_updated_ticks bigint   NOT NULL,
    version_number     bigint   NOT NULL,
    content_hash       bigint   NOT NULL,
    standing           smallint NOT NULL,
    sealed_id          bytea    NOT NULL
);

CREATE TABLE outbox (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind    text  NOT NULL,
    payload bytea NOT NULL
);

CREATE TABLE snapshots (
    patient text COLLATE "C" PRIMARY KEY,
    number  bigint NOT NULL,
    payload bytea  NOT NULL
);

CREATE TABLE access_log (
    writer   bigint NOT NULL,
    sequence bigint NOT NULL,
    at_ticks bigint NOT NULL,
    actor    text   NOT NULL,
    action   text   NOT NULL,
    patient  text COLLATE "C",
    purpose  text   NOT NULL,
    outcome  text   NOT NULL,
    hash     bytea  NOT NULL,
    PRIMARY KEY (writer, sequence)
);
CREATE INDEX access_log_at ON access_log (at_ticks);
CREATE INDEX access_log_patient ON access_log (patient, at_ticks);
