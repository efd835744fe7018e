using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Storage;

namespace HealthMLOps.Audit;

/// <summary>Puts each read of a patient on the record, durably, before the answer leaves. What can't be recorded isn't answered.</summary>
public sealed class AccessBook(IEventLog log, ClinicalClock clock)
{
    private const string TreatmentPurpose = "TREAT";

    /// <summary>A read that is about no one patient that we could name (a quarantined payload).</summary>
    public Task Read(HttpContext http, string action) => log.Record(new AccessRecord(clock.Now, http.Actor(), action, null, TreatmentPurpose, "ok"));

    public Task Read(HttpContext http, string action, PatientKey patient, string outcome) =>
        log.Record(new AccessRecord(clock.Now, http.Actor(), action, patient, TreatmentPurpose, outcome));
}
