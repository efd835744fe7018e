-- The newest name that an EHR gave for a patient, sealed. The EHR's id stands in the resource index.

CREATE TABLE patient_names (
    patient       TEXT NOT NULL PRIMARY KEY,
    version_ticks INTEGER NOT NULL,
    version_number INTEGER NOT NULL,
    sealed        BLOB NOT NULL
) STRICT;
