using System.Collections.Immutable;
using System.Data.Common;
using HealthMLOps.Clinical;
using HealthMLOps.Storage;

namespace HealthMLOps.Access;

/// <summary>People, programs and secrets in the database. Each change moves the epoch, by which the other silos see that something changed.</summary>
public sealed class AccessStore(Database database)
{
    private const string EpochKey = "access-epoch";
    private const string OwnerKey = "access-owner";
    private const string OwnerDigestKey = "owner-digest";
    private const string PersonColumns = "person_id, printed_name, roles, units, disabled, created_ticks, created_by";
    private const string ClientColumns = "client_id, printed_name, roles, scopes, source, jwks, jwks_url, disabled, created_ticks, created_by";

    public Task<IReadOnlyList<Person>> People(CancellationToken cancellation) =>
        database.Query($"SELECT {PersonColumns} FROM people ORDER BY person_id", PersonOf, cancellation);

    public Task<IReadOnlyList<PersonCredential>> Credentials(CancellationToken cancellation) => database.Query(
        "SELECT credential_id, person_id, digest, created_ticks, expires_ticks, told_to FROM person_credentials ORDER BY created_ticks, credential_id",
        row => new PersonCredential(row.GetString(0), row.GetString(1), row.GetString(2), At(row.GetInt64(3)), At(row.GetInt64(4))) { ToldTo = row.IsDBNull(5) ? null : row.GetString(5) }, cancellation);

    public Task<IReadOnlyList<MachineClient>> Clients(CancellationToken cancellation) =>
        database.Query($"SELECT {ClientColumns} FROM machine_clients ORDER BY client_id", ClientOf, cancellation);

    public Task<IReadOnlyList<SourceSecret>> SourceSecrets(CancellationToken cancellation) => database.Query(
        "SELECT digest, source, expires_ticks FROM source_secrets",
        row => new SourceSecret(row.GetString(0), new SourceName(row.GetString(1)), At(row.GetInt64(2))), cancellation);

    /// <returns>Whether the owner's credential has been replaced by named people.</returns>
    public async Task<bool> OwnerIsDisabled(CancellationToken cancellation) => await Setting(OwnerKey, cancellation) == "disabled";

    /// <summary>A number that differs after each change of who may knock.</summary>
    public async Task<string> Epoch(CancellationToken cancellation) => await Setting(EpochKey, cancellation) ?? "0";

    /// <returns>False where the id is taken; nothing was written.</returns>
    public async Task<bool> Add(Person person, CancellationToken cancellation) => await Changed(await database.Change(
        $"INSERT INTO people ({PersonColumns}) VALUES (@id, @name, @roles, @units, @disabled, @created, @by) ON CONFLICT (person_id) DO NOTHING", cancellation,
        ("@id", person.Id), ("@name", person.PrintedName), ("@roles", Words(person.Roles)), ("@units", person.Units is { } units ? string.Join(' ', units) : null),
        ("@disabled", person.IsDisabled ? 1L : 0L), ("@created", person.Created.UtcTicks), ("@by", person.CreatedBy)), cancellation);

    /// <remarks>Nothing else is written: a silo whose copy is old must not bring back somebody who was shut out.</remarks>
    public async Task<bool> SetRoles(string person, ImmutableArray<Role> roles, ImmutableArray<string>? units, CancellationToken cancellation) => await Changed(await database.Change(
        "UPDATE people SET roles = @roles, units = @units WHERE person_id = @id", cancellation,
        ("@id", person), ("@roles", Words(roles)), ("@units", units is { } named ? string.Join(' ', named) : null)), cancellation);

    public async Task<bool> Disable(string person, CancellationToken cancellation) =>
        await Changed(await database.Change("UPDATE people SET disabled = 1 WHERE person_id = @id", cancellation, ("@id", person)), cancellation);

    /// <summary>Adds a credential; the person's older ones end at <paramref name="othersEnd"/> at the latest.</summary>
    public async Task Add(PersonCredential credential, DateTimeOffset othersEnd, CancellationToken cancellation)
    {
        await database.Change("INSERT INTO person_credentials (credential_id, person_id, digest, created_ticks, expires_ticks, told_to) VALUES (@id, @person, @digest, @created, @expires, @told)",
            cancellation, ("@id", credential.Id), ("@person", credential.Person), ("@digest", credential.Digest),
            ("@created", credential.Created.UtcTicks), ("@expires", credential.Expires.UtcTicks), ("@told", credential.ToldTo));
        await Changed(await database.Change("UPDATE person_credentials SET expires_ticks = @end WHERE person_id = @person AND credential_id <> @id AND expires_ticks > @end",
            cancellation, ("@end", othersEnd.UtcTicks), ("@person", credential.Person), ("@id", credential.Id)) + 1, cancellation);
    }

    /// <returns>False where the id is taken; nothing was written.</returns>
    public async Task<bool> Add(MachineClient client, CancellationToken cancellation) => await Changed(await database.Change(
        $"INSERT INTO machine_clients ({ClientColumns}) VALUES (@id, @name, @roles, @scopes, @source, @jwks, @url, @disabled, @created, @by) ON CONFLICT (client_id) DO NOTHING", cancellation,
        ("@id", client.Id), ("@name", client.PrintedName), ("@roles", Words(client.Roles)), ("@scopes", string.Join(' ', client.Scopes)), ("@source", client.Source),
        ("@jwks", client.Jwks), ("@url", client.JwksUrl), ("@disabled", client.IsDisabled ? 1L : 0L), ("@created", client.Created.UtcTicks), ("@by", client.CreatedBy)), cancellation);

    public async Task<bool> DisableClient(string id, CancellationToken cancellation) =>
        await Changed(await database.Change("UPDATE machine_clients SET disabled = 1 WHERE client_id = @id", cancellation, ("@id", id)), cancellation);

    /// <summary>Keeps a secret, or brings its end forward.</summary>
    public async Task Put(SourceSecret secret, DateTimeOffset now, CancellationToken cancellation) => await Changed(await database.Change(
        "INSERT INTO source_secrets (digest, source, created_ticks, expires_ticks) VALUES (@digest, @source, @now, @expires) ON CONFLICT (digest) DO UPDATE SET expires_ticks = excluded.expires_ticks",
        cancellation, ("@digest", secret.Digest), ("@source", secret.Source.Value), ("@now", now.UtcTicks), ("@expires", secret.Expires.UtcTicks)), cancellation);

    public async Task SetOwner(bool isDisabled, CancellationToken cancellation)
    {
        await database.Change("INSERT INTO settings (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            cancellation, ("@key", OwnerKey), ("@value", isDisabled ? "disabled" : "enabled"));
        await Changed(1, cancellation);
    }

    /// <summary>SHA-256 of the owner's credential that counts on every silo of this database; null while each silo's file decides.</summary>
    public Task<string?> OwnerDigest(CancellationToken cancellation) => Setting(OwnerDigestKey, cancellation);

    /// <param name="digest">Null = each silo's file decides again.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task SetOwnerDigest(string? digest, CancellationToken cancellation)
    {
        if (digest is null) await database.Change("DELETE FROM settings WHERE key = @key", cancellation, ("@key", OwnerDigestKey));
        else await database.Change("INSERT INTO settings (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            cancellation, ("@key", OwnerDigestKey), ("@value", digest));
        await Changed(1, cancellation);
    }

    /// <summary>Uses an assertion up. Those that nobody could use any more are forgotten on the way.</summary>
    /// <returns>False where it was used before, on any silo.</returns>
    public async Task<bool> UseOnce(string issuer, string jti, DateTimeOffset expires, DateTimeOffset now, CancellationToken cancellation)
    {
        await database.Change("DELETE FROM used_assertions WHERE expires_ticks < @now", cancellation, ("@now", now.UtcTicks));
        return await database.Change("INSERT INTO used_assertions (issuer, jti, expires_ticks) VALUES (@issuer, @jti, @expires) ON CONFLICT (issuer, jti) DO NOTHING",
            cancellation, ("@issuer", issuer), ("@jti", jti), ("@expires", expires.UtcTicks)) == 1;
    }

    /// <summary>Keys that sign our tokens, newest first.</summary>
    public Task<IReadOnlyList<(string Kid, byte[] Sealed)>> SigningKeys(CancellationToken cancellation) =>
        database.Query("SELECT kid, sealed FROM signing_keys ORDER BY number DESC", row => (row.GetString(0), row.GetFieldValue<byte[]>(1)), cancellation);

    /// <summary>Adds the first key; of two silos that start at once, one's key is kept.</summary>
    public Task AddFirstKey(string kid, byte[] sealedKey, DateTimeOffset now, CancellationToken cancellation) => database.Change(
        "INSERT INTO signing_keys (number, kid, sealed, created_ticks) VALUES (1, @kid, @sealed, @now) ON CONFLICT (number) DO NOTHING",
        cancellation, ("@kid", kid), ("@sealed", sealedKey), ("@now", now.UtcTicks));

    /// <summary>Tells the other silos to read anew.</summary>
    public Task Touch(CancellationToken cancellation) => Changed(1, cancellation);

    private async Task<bool> Changed(int rows, CancellationToken cancellation)
    {
        if (rows == 0) return false;
        await database.Change("INSERT INTO settings (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            cancellation, ("@key", EpochKey), ("@value", Guid.CreateVersion7().ToString("N")));
        return true;
    }

    private async Task<string?> Setting(string key, CancellationToken cancellation) =>
        await database.Query("SELECT value FROM settings WHERE key = @key", row => row.GetString(0), cancellation, ("@key", key)) is [var value, ..] ? value : null;

    private static string Words(ImmutableArray<Role> roles) => string.Join(' ', roles.Select(RoleNames.Of));

    private static ImmutableArray<string> Split(string words) => [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);

    private static Person PersonOf(DbDataReader row) => new(row.GetString(0), row.GetString(1), RoleNames.Read(Split(row.GetString(2))), row.IsDBNull(3) ? null : Split(row.GetString(3)))
    {
        IsDisabled = row.GetInt64(4) != 0, Created = At(row.GetInt64(5)), CreatedBy = row.GetString(6),
    };

    private static MachineClient ClientOf(DbDataReader row) => new(row.GetString(0), row.GetString(1), RoleNames.Read(Split(row.GetString(2))), Split(row.GetString(3)))
    {
        Source = row.IsDBNull(4) ? null : row.GetString(4), Jwks = row.IsDBNull(5) ? null : row.GetString(5), JwksUrl = row.IsDBNull(6) ? null : row.GetString(6),
        IsDisabled = row.GetInt64(7) != 0, Created = At(row.GetInt64(8)), CreatedBy = row.GetString(9),
    };
}
