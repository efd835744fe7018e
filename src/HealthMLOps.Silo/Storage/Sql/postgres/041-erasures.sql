-- Patients whose data key was destroyed on request. A restore from a backup applies these before it serves.

CREATE TABLE erasures (
    patient  text COLLATE "C" PRIMARY KEY NOT NULL,
    at_ticks bigint NOT NULL
);
