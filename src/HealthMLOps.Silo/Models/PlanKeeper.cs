using HealthMLOps.Features;
using HealthMLOps.Hosting;
using HealthMLOps.Rings;

namespace HealthMLOps.Models;

/// <summary>Makes this silo's serving plan out of the register of models and the leased plan of the rings.</summary>
/// <remarks>A model that no ring has taken up yet is shown in its newest version, labelled so, where this silo may show unvalidated versions.</remarks>
public sealed partial class PlanKeeper(
    IGrainFactory grains, PlanBoard board, FeatureLibrary library, SiloSettings settings, LoadedModels loaded, ScoringSessions sessions, ILogger<PlanKeeper> logger)
    : BackgroundService
{
    public const string UnvalidatedLabel = "unvalidated";

    /// <summary>What clinicians read beside a score from a ring that is not production yet.</summary>
    public const string CanaryLabel = "AI-assisted";

    public const string ProductionLabel = "approved";

    /// <summary>How old this silo's copy of the register may be.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private ModelRegister _register = new();
    private long _postedOrders = -1;

    /// <summary>Completes when this silo has read the register once.</summary>
    public Task FirstPlan => _first.Task;

    /// <summary>Takes over the register's current state now.</summary>
    public async Task Refresh()
    {
        var register = await grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).List();
        lock (_gate)
        {
            var isKnown = _first.Task.IsCompleted && register.Epoch <= _register.Epoch;
            if (!isKnown) _register = register;
            if (isKnown && _postedOrders == board.Orders.Epoch) return;
        }
        Compose();
        _first.TrySetResult();
    }

    /// <summary>Posts a new plan from what is known here; waits for nothing.</summary>
    public void Compose()
    {
        lock (_gate)
        {
            var orders = board.Orders;
            var former = board.Current;
            var plan = Plan(_register, orders);
            board.Post(plan);
            _postedOrders = orders.Epoch;
            foreach (var gone in former.Models.Concat(former.Warm).Where(m => plan.Find(m.Version) is null && plan.Warm.All(w => w.Version != m.Version))) loaded.Retire(gone.Version);
            PostedPlan(plan.Epoch, plan.Models.Length);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        do
        {
            try
            {
                await Refresh();
                foreach (var warm in board.Current.Warm) await sessions.Warm(warm, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException) { KeptFormerPlan(e); } // The former plan stays; the next round tries again.
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private ServingPlan Plan(ModelRegister register, PublishedPlan orders)
    {
        var epoch = register.Epoch + orders.Epoch;
        if (register.Models.IsEmpty) return new ServingPlan(epoch, [], "No model version is registered.");
        var placed = orders.Models.SelectMany(m => m.Placements).Select(p => Placed(register, p)).OfType<ServedModel>().ToList();
        var warm = orders.Models.SelectMany(m => m.Pinned).Select(p => Placed(register, p)).OfType<ServedModel>()
            .Where(w => placed.All(p => p.Version != w.Version)).DistinctBy(w => w.Version);
        var mayShowAll = settings.Unvalidated || settings.Command == SiloCommand.Demo;
        var unplaced = !mayShowAll ? [] : register.Models.GroupBy(m => m.Version.Model).Where(g => orders.Of(g.Key) is null)
            .Select(versions => Served(versions.MaxBy(m => m.Version.Number)!, UnvalidatedLabel, UnvalidatedLabel, null)).OfType<ServedModel>();
        return new ServingPlan(epoch, [.. placed, .. unplaced], mayShowAll
            ? "The model is not registered, is shown in no ring, or its feature definitions are not in this silo's configuration."
            : "No version of it is in production or in a canary; a silo started with --unvalidated serves versions that no ring has taken up, labelled so.")
        { Warm = [.. warm] };
    }

    /// <summary>Null where the register knows another package than the one that was approved, or none.</summary>
    private ServedModel? Placed(ModelRegister register, Placement placement) =>
        register.Models.FirstOrDefault(m => m.Version == placement.Version && m.PackageDigest == placement.PackageDigest) is { } model
            ? Served(model, placement.Stage.ToString().ToLowerInvariant(), placement.Stage == RingStage.Production ? ProductionLabel : CanaryLabel, placement)
            : null;

    private ServedModel? Served(RegisteredModel model, string ring, string label, Placement? placement)
    {
        if (library.WithHash(model.Contract.FeatureSetHash) is { } features)
            return new ServedModel(model.Version, model.PackageDigest, model.Contract, features, ring, label) { Placement = placement };
        MissedFeatures(model.Version, model.Contract.FeatureSet);
        return null;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Posted serving plan epoch {Epoch} with {Models} models")]
    private partial void PostedPlan(long epoch, int models);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kept the former serving plan: the register could not be read")]
    private partial void KeptFormerPlan(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Left {Version} out of the plan: its definitions of feature set {FeatureSet} are not configured here")]
    private partial void MissedFeatures(ModelVersion version, string featureSet);
}
