using System.Collections.Concurrent;
using System.Threading.Channels;

namespace HealthMLOps.Training;

/// <summary>Runs that wait for this silo's training work. A run that is already here is not taken twice.</summary>
public sealed class TrainingQueue
{
    private readonly Channel<TrainingRun> _waiting = Channel.CreateUnbounded<TrainingRun>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, byte> _here = new();

    public void Add(TrainingRun run)
    {
        if (_here.TryAdd(run.Id, 0)) _waiting.Writer.TryWrite(run);
    }

    public IAsyncEnumerable<TrainingRun> Take(CancellationToken cancellation) => _waiting.Reader.ReadAllAsync(cancellation);

    public void Done(string id) => _here.TryRemove(id, out _);
}
