using HealthMLOps.Storage;

namespace HealthMLOps.Audit;

/// <summary>Puts acts on the record, durably, before they take effect. What can't be recorded isn't done.</summary>
public sealed class AuditBook(IEventLog log)
{
    /// <summary>Durable when it returns.</summary>
    /// <exception cref="LogBusy">The record's queue is full; nothing was written.</exception>
    /// <exception cref="LogUnavailable">The database did not confirm it.</exception>
    public Task Record(AuditEntry entry) =>
        log.Record(new AccessRecord(entry.At, entry.Account, entry.Action, entry.Patient, entry.Purpose, entry.Outcome));
}
