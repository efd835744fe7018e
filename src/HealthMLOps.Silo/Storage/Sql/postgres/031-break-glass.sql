-- Uses of broken glass. What was explained is sealed: it may name a patient.

CREATE TABLE break_glass (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person        text NOT NULL,
    reason        text NOT NULL,
    explanation   bytea NOT NULL,
    patient       text,
    unit          text,
    opened_ticks  bigint NOT NULL,
    closes_ticks  bigint NOT NULL,
    reviewed_by   text,
    verdict       text,
    reviewed_ticks bigint
);
