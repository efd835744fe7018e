using System.Diagnostics;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>Clients in this process, each with one request under way: what they got through, and how long they waited.</summary>
internal static class LoadClient
{
    public const int Clients = 32;

    /// <param name="send">Sends the n-th request; false where its answer is not the one expected.</param>
    public static async Task<Load> Run(TimeSpan time, Func<int, Task<bool>> send)
    {
        var (next, wrong, clock) = (-1, 0, Stopwatch.StartNew());
        var waits = new List<double>[Clients];
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var mine = waits[client] = [];
            while (clock.Elapsed < time)
            {
                var began = Stopwatch.GetTimestamp();
                if (!await send(Interlocked.Increment(ref next))) Interlocked.Increment(ref wrong);
                mine.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }));
        var seconds = clock.Elapsed.TotalSeconds;
        var sorted = waits.SelectMany(w => w).Order().ToList();
        return new Load(sorted.Count / seconds, sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.99)], wrong);
    }
}

/// <param name="PerSecond">Requests answered a second.</param>
/// <param name="HalfMs">Median wait.</param>
/// <param name="MostMs">99th percentile of the wait.</param>
/// <param name="Wrong">Answers that were not as expected.</param>
internal sealed record Load(double PerSecond, double HalfMs, double MostMs, int Wrong);
