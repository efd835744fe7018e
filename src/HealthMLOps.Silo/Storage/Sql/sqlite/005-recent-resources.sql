-- Rows on their way into resource_index, in order of arrival. Keyed digests fall on pages at random: a row written straight
-- into the index costs a page of its own, twice; sorted by the hundred thousand they share pages. See RecentResources.
CREATE TABLE resource_recent (
    id                 INTEGER PRIMARY KEY,
    resource           BLOB    NOT NULL,
    patient            TEXT    NOT NULL,
    last_updated_ticks INTEGER NOT NULL,
    version_number     INTEGER NOT NULL,
    content_hash       INTEGER NOT NULL,
    standing           INTEGER NOT NULL,
    sealed_id          BLOB    NOT NULL
) STRICT;
