using HealthMLOps.Clinical;

namespace HealthMLOps.Audit;

/// <summary>Puts each read of a patient on the record, durably, before the answer leaves. What can't be recorded isn't answered.</summary>
public sealed class AccessBook(AuditBook record)
{
    /// <summary>A read that is about no one patient that we could name (a quarantined payload).</summary>
    public Task Read(HttpContext http, string action) => record.Read(http, action, null, "ok");

    public Task Read(HttpContext http, string action, PatientKey patient, string outcome) => record.Read(http, action, patient, outcome);
}
