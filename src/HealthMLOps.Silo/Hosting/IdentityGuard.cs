using HealthMLOps.Clinical;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Hosting;

/// <summary>Refuses to start on a record that was written under another identity key: every patient would begin anew under a second pseudonym.</summary>
public sealed class IdentityGuard(Settings stored, IdentityKeys keys, SiloSettings settings) : ILifecycleParticipant<ISiloLifecycle>
{
    public const string Setting = "identity-key-id";

    /// <remarks>After the schema is there (the storage starts first) and before any grain can be active.</remarks>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(IdentityGuard), ServiceLifecycleStage.RuntimeInitialize, Check, _ => Task.CompletedTask);

    private async Task Check(CancellationToken cancellation)
    {
        var known = await stored.GetOrSet(Setting, keys.KeyId, cancellation);
        if (known == keys.KeyId) return;
        throw new InvalidConfiguration(
            $"The record was written under identity key {known}, but '{Path.Combine(settings.DataFolder, "keys", "identity")}' holds key {keys.KeyId}. "
            + "Put back the key file that belongs to this record (from its backup, or from another silo of the same cluster), or start on an empty data folder or database.");
    }
}
