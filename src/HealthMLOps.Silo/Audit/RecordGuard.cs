namespace HealthMLOps.Audit;

/// <summary>Refuses to start on a record that is not what was signed.</summary>
public sealed class RecordGuard(RecordCheck check, AuditSigner signer) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <remarks>After the schema is there (the storage starts first) and before any grain can be active.</remarks>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(RecordGuard), ServiceLifecycleStage.RuntimeInitialize, Check, _ => Task.CompletedTask);

    private async Task Check(CancellationToken cancellation)
    {
        await signer.Origin(cancellation);
        await check.Verified(cancellation);
    }
}
