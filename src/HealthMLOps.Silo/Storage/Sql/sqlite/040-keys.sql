-- Envelope encryption: the ring's keys, sealed under the root key file; and one data key a patient, wrapped under the ring.
-- Destroying a patient's row here makes everything in the log that is sealed under it unreadable.

CREATE TABLE ring_keys (
    name    TEXT PRIMARY KEY NOT NULL,
    content TEXT NOT NULL
) STRICT;

CREATE TABLE patient_keys (
    patient TEXT PRIMARY KEY NOT NULL,
    wrapped BLOB NOT NULL
) STRICT;
