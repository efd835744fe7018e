-- Signatures after 21 CFR 11. A row is added and never changed or removed.
CREATE TABLE signatures (
    id           text COLLATE "C" PRIMARY KEY,
    person       text   NOT NULL,
    printed_name text   NOT NULL,
    role         text   NOT NULL,
    meaning      text   NOT NULL,
    digest       text   NOT NULL,
    subject      text   NOT NULL,
    at_ticks     bigint NOT NULL,
    UNIQUE (digest, subject, meaning, person)
);
CREATE INDEX signatures_at ON signatures (at_ticks, id);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER signatures_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON signatures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
