using System.Collections.Immutable;

namespace HealthMLOps.Training;

/// <summary>All training runs. One grain, key <see cref="Key"/>. Called by the training endpoints and by the silo that does the work.</summary>
[Alias("training-grain")]
public interface ITrainingGrain : IGrainWithStringKey
{
    const string Key = "training:runs";

    /// <summary>Queues a run; durable when it returns, so that it goes on after a crash. A repeat queues another run.</summary>
    [Alias("start")]
    Task<TrainingRun> Start([Immutable] TrainingRequest request, string by);

    [Alias("list")]
    Task<ImmutableArray<TrainingRun>> List();

    /// <summary>A run, or null.</summary>
    [Alias("get")]
    Task<TrainingRun?> Get(string id);

    /// <summary>Keeps what the work says of a run; only the end of a run is durable when it returns.</summary>
    [Alias("report")]
    Task Report([Immutable] TrainingRun run);
}
