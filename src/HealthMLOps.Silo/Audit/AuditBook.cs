using System.Text.Json;
using HealthMLOps.Access;
using HealthMLOps.Hosting;
using HealthMLOps.Storage;

namespace HealthMLOps.Audit;

/// <summary>Puts acts on the record, durably, before they take effect. What can't be recorded isn't done.</summary>
public sealed class AuditBook(IEventLog log, ClinicalClock clock)
{
    /// <summary>The beginning of an entry: this caller, now, in the first of their roles, with success as the outcome.</summary>
    /// <param name="caller">Who acts.</param>
    /// <param name="action">What, as "noun.verb".</param>
    public AuditEntry By(Caller caller, string action) => new(
        clock.Now.ToUniversalTime(), caller.Person, caller.Account, caller.Roles.Length == 0 ? "none" : NameOf(caller.Roles[0]), caller.Purpose, action, "ok");

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="LogBusy">The record's queue is full; nothing was written.</exception>
    /// <exception cref="LogUnavailable">The database did not confirm it.</exception>
    public Task Record(AuditEntry entry) =>
        log.Record(new AccessRecord(entry.At, entry.Account, entry.Action, entry.Patient, entry.Purpose, entry.Outcome));

    /// <summary>A role as the record and signatures write it: "clinician-reviewer".</summary>
    public static string NameOf(Role role) => JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString());
}
