using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>Carries out what a commit promised elsewhere: a resource that now belongs to another patient is withdrawn from the one that lost it.</summary>
/// <remarks>
/// Items are durable with the commit that caused them. What is withdrawn is decided by the index as it is now, which is at
/// least as new as the item: doing one twice, late, or on two silos at once changes nothing.
/// </remarks>
public sealed partial class OutboxWork(IEventLog log, IdentityKeys keys, IdentityVault vault, IGrainFactory grains, ClinicalClock clock, ILogger<OutboxWork> logger) : BackgroundService
{
    public const int ItemsAtOnceMax = 100;
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await Drain(stoppingToken); }
            catch (Exception e) when (e is not OperationCanceledException) { LeftOutbox(e); } // It stays, and the next round tries again.
        }
    }

    /// <summary>One round: every item that waits, each by itself, so that one that fails holds up no other.</summary>
    public async Task Drain(CancellationToken cancellation)
    {
        foreach (var item in await log.PendingOutbox(ItemsAtOnceMax, cancellation))
        {
            try { await Do(item, cancellation); }
            catch (Exception e) when (e is not OperationCanceledException) { LeftItem(e, item.Id); }
        }
    }

    private async Task Do(OutboxItem item, CancellationToken cancellation)
    {
        switch (item.Kind)
        {
            case DisplacedResource.Kind: await Withdraw(DisplacedResource.From(item.Payload), cancellation); break;
            case VaultedName.Kind: await vault.Put(VaultedName.From(item.Payload), cancellation); break;
            default: throw new InvalidOperationException($"Outbox item {item.Id} is of kind '{item.Kind}'; this release knows '{DisplacedResource.Kind}' and '{VaultedName.Kind}'.");
        }
        await log.CompleteOutbox(item.Id, cancellation);
    }

    private async Task Withdraw(DisplacedResource displaced, CancellationToken cancellation)
    {
        var index = await log.FindResources([displaced.Resource], cancellation);
        if (!index.TryGetValue(displaced.Resource, out var stands) || stands.Patient == displaced.Patient || Nobody.Is(displaced.Patient)) return;
        var id = keys.Open(displaced.Resource, stands.SealedId);
        var now = clock.Now;
        var fact = IntakeDoor.Withdrawn(new Fact
        {
            Resource = displaced.Resource, ResourceType = id.Type, Source = id.Source,
            Version = stands.Version, Standing = stands.Standing, Recorded = now, Available = now,
        }, stands);
        await grains.GetGrain<IPatientGrain>(displaced.Patient.Value).Admit(new AdmitFacts
        {
            Facts = [new ArrivedFact(fact, [.. stands.SealedId], IsNew: false)],
            PatientResource = default,
            SealedPatient = [],
            Origin = FactOrigin.Live,
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Left the outbox for the next round")]
    private partial void LeftOutbox(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Left outbox item {Item} for the next round")]
    private partial void LeftItem(Exception error, long item);
}
