-- The newest name that an EHR gave for a patient, sealed. The EHR's id stands in the resource index.

CREATE TABLE patient_names (
    patient       text NOT NULL PRIMARY KEY,
    version_ticks bigint NOT NULL,
    version_number bigint NOT NULL,
    sealed        bytea NOT NULL
);
