-- What one person asked in managing people, programs and keys, and who confirmed it. Secrets are in it as SHA-256 only.

CREATE TABLE asked_acts (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    act             text NOT NULL,
    digest          text NOT NULL,
    asked_by        text NOT NULL,
    asked_roles     text NOT NULL,
    asked_ticks     bigint NOT NULL,
    confirmed_by    text,
    confirmed_ticks bigint,
    done_ticks      bigint,
    withdrawn_by    text,
    withdrawn_ticks bigint
);
