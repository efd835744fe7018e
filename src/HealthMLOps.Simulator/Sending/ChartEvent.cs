using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Fhir;

namespace HealthMLOps.Simulation.Sending;

/// <summary>One version of one resource on its way out.</summary>
/// <param name="number">The subscription's event number; 0 outside of topic notifications.</param>
internal sealed class ChartEvent(ChartEntry entry, long number)
{
    private int _sent;
    private int _settled;

    public ChartEntry Entry => entry;
    public long Number => number;
    public byte[] Json { get; } = ResourceJson.Bytes(entry);

    /// <summary>True for the first who sends the event.</summary>
    public bool Send() => Interlocked.Exchange(ref _sent, 1) == 0;

    /// <summary>True for the first who settles the event, so that repeats are counted once.</summary>
    public bool Settle() => Interlocked.Exchange(ref _settled, 1) == 0;
}
