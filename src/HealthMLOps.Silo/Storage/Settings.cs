namespace HealthMLOps.Storage;

/// <summary>The few facts about this installation that must stay as they are, such as which identity key it was made with.</summary>
public sealed class Settings(Database database)
{
    public async Task<string?> Get(string key, CancellationToken cancellation)
    {
        var found = await database.Query("SELECT value FROM settings WHERE key = @key", row => row.GetString(0), cancellation, ("@key", key));
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Sets what is not set yet.</summary>
    /// <returns>What is set: the given value, or the one that was there.</returns>
    public async Task<string> GetOrSet(string key, string value, CancellationToken cancellation)
    {
        await database.Change("INSERT INTO settings (key, value) VALUES (@key, @value) ON CONFLICT (key) DO NOTHING",
            cancellation, ("@key", key), ("@value", value));
        return await Get(key, cancellation) ?? value;
    }

    public async Task Set(string key, string value, CancellationToken cancellation) =>
        await database.Change("INSERT INTO settings (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            cancellation, ("@key", key), ("@value", value));
}
