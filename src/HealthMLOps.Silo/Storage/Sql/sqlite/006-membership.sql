-- Membership of several silos on one machine over one file. A silo that joins or changes writes one row into the change
-- list: its triggers refuse what was decided on an outdated version, and apply what was not. So each statement of the
-- provider is one change and needs no transaction of its own, and the list tells later who joined and who was declared dead.

CREATE TABLE membership_version (
    deployment_id TEXT    NOT NULL PRIMARY KEY,
    version       INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Times are ISO text, as Microsoft.Data.Sqlite writes and reads a DateTime.
CREATE TABLE membership (
    deployment_id TEXT    NOT NULL REFERENCES membership_version ON DELETE CASCADE,
    address       TEXT    NOT NULL,
    port          INTEGER NOT NULL,
    generation    INTEGER NOT NULL,
    silo_name     TEXT    NOT NULL,
    host_name     TEXT    NOT NULL,
    status        INTEGER NOT NULL,
    proxy_port    INTEGER,
    suspect_times TEXT,
    start_time    TEXT    NOT NULL,
    alive_time    TEXT    NOT NULL,
    PRIMARY KEY (deployment_id, address, port, generation)
) STRICT;

CREATE TABLE membership_change (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    kind             TEXT    NOT NULL CHECK (kind IN ('join', 'update')),
    deployment_id    TEXT    NOT NULL,
    expected_version INTEGER NOT NULL,
    address          TEXT    NOT NULL,
    port             INTEGER NOT NULL,
    generation       INTEGER NOT NULL,
    silo_name        TEXT,
    host_name        TEXT,
    status           INTEGER NOT NULL,
    proxy_port       INTEGER,
    suspect_times    TEXT,
    start_time       TEXT,
    alive_time       TEXT    NOT NULL
) STRICT;

CREATE TRIGGER membership_change_refused BEFORE INSERT ON membership_change
WHEN NOT EXISTS (SELECT 1 FROM membership_version WHERE deployment_id = NEW.deployment_id AND version = NEW.expected_version)
  OR (NEW.kind = 'join') = EXISTS (
        SELECT 1 FROM membership
        WHERE deployment_id = NEW.deployment_id AND address = NEW.address AND port = NEW.port AND generation = NEW.generation)
BEGIN
    SELECT RAISE(IGNORE);
END;

CREATE TRIGGER membership_joined AFTER INSERT ON membership_change WHEN NEW.kind = 'join'
BEGIN
    UPDATE membership_version SET version = version + 1 WHERE deployment_id = NEW.deployment_id;
    INSERT INTO membership
        (deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
    VALUES (NEW.deployment_id, NEW.address, NEW.port, NEW.generation, NEW.silo_name, NEW.host_name, NEW.status, NEW.proxy_port, NEW.start_time, NEW.alive_time);
END;

CREATE TRIGGER membership_updated AFTER INSERT ON membership_change WHEN NEW.kind = 'update'
BEGIN
    UPDATE membership_version SET version = version + 1 WHERE deployment_id = NEW.deployment_id;
    UPDATE membership SET status = NEW.status, suspect_times = NEW.suspect_times, alive_time = NEW.alive_time
    WHERE deployment_id = NEW.deployment_id AND address = NEW.address AND port = NEW.port AND generation = NEW.generation;
END;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('GatewaysQueryKey', '
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation FROM membership
    WHERE deployment_id = @DeploymentId AND status = @Status AND proxy_port > 0
'),
('MembershipReadRowKey', '
    SELECT m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName, m.host_name AS HostName, m.status AS Status,
        m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes, m.start_time AS StartTime, m.alive_time AS IAmAliveTime, v.version AS Version
    FROM membership_version v LEFT JOIN membership m
        ON m.deployment_id = v.deployment_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
    WHERE v.deployment_id = @DeploymentId
'),
('MembershipReadAllKey', '
    SELECT m.address AS Address, m.port AS Port, m.generation AS Generation, m.silo_name AS SiloName, m.host_name AS HostName, m.status AS Status,
        m.proxy_port AS ProxyPort, m.suspect_times AS SuspectTimes, m.start_time AS StartTime, m.alive_time AS IAmAliveTime, v.version AS Version
    FROM membership_version v LEFT JOIN membership m ON m.deployment_id = v.deployment_id
    WHERE v.deployment_id = @DeploymentId
'),
('InsertMembershipVersionKey', '
    INSERT INTO membership_version (deployment_id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING;
    SELECT changes() > 0 AS Inserted
'),
('InsertMembershipKey', '
    INSERT INTO membership_change
        (kind, deployment_id, expected_version, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
    VALUES (''join'', @DeploymentId, @Version, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime);
    SELECT changes() > 0 AS Inserted
'),
('UpdateMembershipKey', '
    INSERT INTO membership_change (kind, deployment_id, expected_version, address, port, generation, status, suspect_times, alive_time)
    VALUES (''update'', @DeploymentId, @Version, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime);
    SELECT changes() > 0 AS Updated
'),
('UpdateIAmAlivetimeKey', '
    UPDATE membership SET alive_time = @IAmAliveTime
    WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
'),
('DeleteMembershipTableEntriesKey', '
    DELETE FROM membership_version WHERE deployment_id = @DeploymentId
'),
-- 6 = Dead.
('CleanupDefunctSiloEntriesKey', '
    DELETE FROM membership WHERE deployment_id = @DeploymentId AND status = 6 AND alive_time < @IAmAliveTime
'),
('CleanupDefunctSiloEntryKey', '
    DELETE FROM membership
    WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation AND status = 6
      AND suspect_times IS @SuspectTimes AND start_time = @StartTime AND alive_time = @IAmAliveTime
');
