using HealthMLOps.Features;
using HealthMLOps.Hosting;

namespace HealthMLOps.Models;

/// <summary>Copies the register of models into this silo's serving plan. Until rings decide, the newest version serves, and only where that is allowed.</summary>
public sealed partial class PlanKeeper(
    IGrainFactory grains, PlanBoard board, FeatureLibrary library, SiloSettings settings, LoadedModels loaded, ILogger<PlanKeeper> logger) : BackgroundService
{
    public const string UnvalidatedLabel = "unvalidated";

    /// <summary>How old this silo's copy may be.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when this silo has read the register once.</summary>
    public Task FirstPlan => _first.Task;

    /// <summary>Takes over the register's current state now.</summary>
    public async Task Refresh()
    {
        var register = await grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).List();
        if (_first.Task.IsCompleted && register.Epoch == board.Current.Epoch) return;
        var former = board.Current;
        board.Post(Plan(register));
        foreach (var gone in former.Models.Where(m => board.Current.Find(m.Version) is null)) loaded.Retire(gone.Version);
        _first.TrySetResult();
        PostedPlan(register.Epoch, board.Current.Models.Length);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        do
        {
            try { await Refresh(); }
            catch (Exception e) when (e is not OperationCanceledException) { KeptFormerPlan(e); } // The former plan stays; the next round tries again.
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private ServingPlan Plan(ModelRegister register)
    {
        if (register.Models.IsEmpty) return new ServingPlan(register.Epoch, [], "No model version is registered.");
        if (!settings.Unvalidated && settings.Command != SiloCommand.Demo)
            return new ServingPlan(register.Epoch, [], "No registered version has been validated; a silo started with --unvalidated serves them, labelled so.");
        var newest = register.Models.GroupBy(m => m.Version.Model).Select(versions => versions.MaxBy(m => m.Version.Number)!);
        return new ServingPlan(register.Epoch, [.. newest.Select(Served).OfType<ServedModel>()],
            "The model is not registered, or its feature definitions are not in this silo's configuration.");
    }

    private ServedModel? Served(RegisteredModel model)
    {
        if (library.WithHash(model.Contract.FeatureSetHash) is { } features)
            return new ServedModel(model.Version, model.PackageDigest, model.Contract, features, UnvalidatedLabel, UnvalidatedLabel);
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
