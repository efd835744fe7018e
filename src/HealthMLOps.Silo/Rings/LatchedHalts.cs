using System.Collections.Concurrent;
using HealthMLOps.Audit;
using HealthMLOps.Models;

namespace HealthMLOps.Rings;

/// <summary>Brings halts that this silo latched without the database into the plan and onto the record, as soon as it answers again.</summary>
public sealed class LatchedHalts(PlanStore store, PlanBoard board, HaltLog halts, AuditBook book)
{
    /// <summary>Records that wait; a halt beyond them is still latched and still delivered to the plan.</summary>
    private const int WaitingMax = 1_000;

    private readonly ConcurrentQueue<(AuditEntry? Entry, HaltOutcome Outcome)> _owed = new();

    /// <summary>Keeps what could not be written of a halt in time.</summary>
    /// <param name="entry">Its record; null where that is written.</param>
    /// <param name="outcome">What became of it.</param>
    public void Owe(AuditEntry? entry, HaltOutcome outcome)
    {
        if (_owed.Count < WaitingMax) _owed.Enqueue((entry, outcome));
    }

    public async Task Deliver(CancellationToken cancellation)
    {
        if (board.Latched is { IsEmpty: false } waiting)
            board.Take(await store.Change(plan => waiting.Aggregate(plan, (p, order) => p.Halt(order)), cancellation));
        while (_owed.TryPeek(out var owed))
        {
            if (owed.Entry is { } entry) await book.Record(entry with { Outcome = "ok-recorded-late" });
            await halts.Add(owed.Outcome, cancellation);
            _owed.TryDequeue(out _);
        }
    }
}
