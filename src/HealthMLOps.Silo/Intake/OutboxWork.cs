using HealthMLOps.Clinical;
using HealthMLOps.Patients;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>Carries out what a commit promised elsewhere: a resource that moved to another patient is withdrawn from its former one.</summary>
/// <remarks>Items are durable with the commit that caused them; doing one twice changes nothing.</remarks>
public sealed partial class OutboxWork(IEventLog log, TurnCodec turns, IGrainFactory grains, ILogger<OutboxWork> logger) : BackgroundService
{
    public const int ItemsAtOnceMax = 100;
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var item in await log.PendingOutbox(ItemsAtOnceMax, stoppingToken)) await Do(item, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException) { LeftItems(e); } // They stay, and the next round tries again.
        }
    }

    private async Task Do(OutboxItem item, CancellationToken cancellation)
    {
        if (item.Kind == PatientStore.RetractKind)
        {
            foreach (var fact in turns.Decode(item.Payload).Facts)
            {
                var former = new PatientKey(fact.UnusedBecause!);
                await grains.GetGrain<IPatientGrain>(former.Value).Admit(new AdmitFacts
                {
                    Facts = [new ArrivedFact(fact with { UnusedBecause = null }, [], null)],
                    PatientResource = default,
                    SealedPatient = [],
                    Origin = FactOrigin.Live,
                });
            }
        }
        await log.CompleteOutbox(item.Id, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Left outbox items for the next round")]
    private partial void LeftItems(Exception error);
}
