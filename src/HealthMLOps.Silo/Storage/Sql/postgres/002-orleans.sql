-- What the Orleans ADO.NET providers need: a catalogue of statements by key, and the tables that these statements use.
-- Only the catalogue's name, its keys, their parameters and their result columns are the providers' contract.

CREATE TABLE OrleansQuery (
    QueryKey  text PRIMARY KEY,
    QueryText text NOT NULL
);

CREATE TABLE grain_state (
    service_id  text   NOT NULL,
    state_name  text   NOT NULL,
    key_n0      bigint NOT NULL,
    key_n1      bigint NOT NULL,
    key_text    text   NOT NULL,
    payload     bytea,
    version     integer NOT NULL,
    modified_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (service_id, state_name, key_n0, key_n1, key_text)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadFromStorageKey', $q$
    SELECT payload AS PayloadBinary, version AS Version FROM grain_state
    WHERE service_id = @ServiceId AND state_name = @GrainTypeString
      AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '')
$q$),
-- A write with a version is an update of exactly that version; without one it is an insert, which fails where a row exists.
('WriteToStorageKey', $q$
    WITH updated AS (
        UPDATE grain_state SET payload = @PayloadBinary, version = version + 1, modified_at = now()
        WHERE CAST(@GrainStateVersion AS integer) IS NOT NULL AND version = @GrainStateVersion
          AND service_id = @ServiceId AND state_name = @GrainTypeString
          AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '')
        RETURNING version
    ), inserted AS (
        INSERT INTO grain_state (service_id, state_name, key_n0, key_n1, key_text, payload, version)
        SELECT @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(CAST(@GrainIdExtensionString AS text), ''), @PayloadBinary, 1
        WHERE CAST(@GrainStateVersion AS integer) IS NULL
        ON CONFLICT DO NOTHING
        RETURNING version
    )
    SELECT version AS NewGrainStateVersion FROM updated UNION ALL SELECT version FROM inserted
$q$),
('ClearStorageKey', $q$
    UPDATE grain_state SET payload = NULL, version = version + 1, modified_at = now()
    WHERE version = @GrainStateVersion AND service_id = @ServiceId AND state_name = @GrainTypeString
      AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '')
    RETURNING version AS NewGrainStateVersion
$q$),
('DeleteStorageKey', $q$
    DELETE FROM grain_state
    WHERE version = @GrainStateVersion AND service_id = @ServiceId AND state_name = @GrainTypeString
      AND key_n0 = @GrainIdN0 AND key_n1 = @GrainIdN1 AND key_text = coalesce(CAST(@GrainIdExtensionString AS text), '')
    RETURNING version + 1 AS NewGrainStateVersion
$q$);

CREATE TABLE reminders (
    service_id text    NOT NULL,
    grain_id   text    NOT NULL,
    name       text    NOT NULL,
    grain_hash integer NOT NULL,
    start_time timestamptz NOT NULL,
    period_ms  bigint  NOT NULL,
    version    integer NOT NULL,
    PRIMARY KEY (service_id, grain_id, name)
);
CREATE INDEX reminders_hash ON reminders (service_id, grain_hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadReminderRowsKey', $q$
    SELECT grain_id AS GrainId, name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version FROM reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId
$q$),
('ReadReminderRowKey', $q$
    SELECT grain_id AS GrainId, name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version FROM reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName
$q$),
('ReadRangeRows1Key', $q$
    SELECT grain_id AS GrainId, name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version FROM reminders
    WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
$q$),
('ReadRangeRows2Key', $q$
    SELECT grain_id AS GrainId, name AS ReminderName, start_time AS StartTime, period_ms AS Period, version AS Version FROM reminders
    WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
$q$),
('UpsertReminderRowKey', $q$
    INSERT INTO reminders (service_id, grain_id, name, grain_hash, start_time, period_ms, version)
    VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 0)
    ON CONFLICT (service_id, grain_id, name) DO UPDATE SET
        grain_hash = excluded.grain_hash, start_time = excluded.start_time, period_ms = excluded.period_ms, version = reminders.version + 1
    RETURNING version AS Version
$q$),
('DeleteReminderRowKey', $q$
    WITH deleted AS (
        DELETE FROM reminders WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName AND version = @Version
        RETURNING 1
    )
    SELECT count(*) > 0 AS Deleted FROM deleted
$q$),
('DeleteReminderRowsKey', $q$
    DELETE FROM reminders WHERE service_id = @ServiceId
$q$);

CREATE TABLE membership_version (
    deployment_id text PRIMARY KEY,
    version       integer NOT NULL DEFAULT 0
);

CREATE TABLE membership (
    deployment_id text    NOT NULL REFERENCES membership_version,
    address       text    NOT NULL,
    port          integer NOT NULL,
    generation    integer NOT NULL,
    silo_name     text    NOT NULL,
    host_name     text    NOT NULL,
    status        integer NOT NULL,
    proxy_port    integer,
    suspect_times text,
    start_time    timestamptz NOT NULL,
    alive_time    timestamptz NOT NULL,
    PRIMARY KEY (deployment_id, address, port, generation)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('GatewaysQueryKey', $q$
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM membership
    WHERE deployment_id = @DeploymentId AND status = @Status AND proxy_port > 0
$q$),
('MembershipReadRowKey', $q$
    SELECT m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName, m.host_name AS HostName, m.status AS Status,
        m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes, m.start_time AS StartTime, m.alive_time AS IAmAliveTime, v.version AS Version
    FROM membership_version v LEFT JOIN membership m
        ON m.deployment_id = v.deployment_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    WHERE v.deployment_id = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
    SELECT m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName, m.host_name AS HostName, m.status AS Status,
        m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes, m.start_time AS StartTime, m.alive_time AS IAmAliveTime, v.version AS Version
    FROM membership_version v LEFT JOIN membership m ON m.deployment_id = v.deployment_id
    WHERE v.deployment_id = @DeploymentId
$q$),
('InsertMembershipVersionKey', $q$
    WITH inserted AS (
        INSERT INTO membership_version (deployment_id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT count(*) > 0 AS Inserted FROM inserted
$q$),
-- The version row is locked first, so of two silos that join at once with the same expected version one gets false.
('InsertMembershipKey', $q$
    WITH bumped AS (
        UPDATE membership_version SET version = version + 1
        WHERE deployment_id = @DeploymentId AND version = @Version AND NOT EXISTS (
            SELECT 1 FROM membership
            WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING 1
    ), inserted AS (
        INSERT INTO membership
            (deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
        SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM bumped
        RETURNING 1
    )
    SELECT count(*) > 0 AS Inserted FROM inserted
$q$),
('UpdateMembershipKey', $q$
    WITH bumped AS (
        UPDATE membership_version SET version = version + 1
        WHERE deployment_id = @DeploymentId AND version = @Version AND EXISTS (
            SELECT 1 FROM membership
            WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING 1
    ), updated AS (
        UPDATE membership SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
        WHERE EXISTS (SELECT 1 FROM bumped)
          AND deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
        RETURNING 1
    )
    SELECT count(*) > 0 AS Updated FROM updated
$q$),
('UpdateIAmAlivetimeKey', $q$
    UPDATE membership SET alive_time = @IAmAliveTime
    WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$q$),
('DeleteMembershipTableEntriesKey', $q$
    WITH members AS (DELETE FROM membership WHERE deployment_id = @DeploymentId)
    DELETE FROM membership_version WHERE deployment_id = @DeploymentId
$q$),
-- 6 = Dead.
('CleanupDefunctSiloEntriesKey', $q$
    DELETE FROM membership WHERE deployment_id = @DeploymentId AND status = 6 AND alive_time < @IAmAliveTime
$q$),
('CleanupDefunctSiloEntryKey', $q$
    DELETE FROM membership
    WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation AND status = 6
      AND suspect_times IS NOT DISTINCT FROM CAST(@SuspectTimes AS text) AND start_time = @StartTime AND alive_time = @IAmAliveTime
$q$);
