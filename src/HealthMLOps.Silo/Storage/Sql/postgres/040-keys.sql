-- Envelope encryption: the ring's keys, sealed under the root key file; and one data key a patient, wrapped under the ring.
-- Destroying a patient's row here makes everything in the log that is sealed under it unreadable.

CREATE TABLE ring_keys (
    name    text PRIMARY KEY NOT NULL,
    content text NOT NULL
);

CREATE TABLE patient_keys (
    patient text COLLATE "C" PRIMARY KEY NOT NULL,
    wrapped bytea NOT NULL
);
