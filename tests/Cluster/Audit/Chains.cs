using HealthMLOps.Audit;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;

namespace HealthMLOps.Tests.Cluster.Audit;

/// <summary>What other tests ask of the record.</summary>
internal static class Chains
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A writer has so many events, and each follows from the former.</summary>
    public static async Task Hold(Database database, WriterId writer, int count)
    {
        var chain = await new AuditStore(database).Chain(writer.Value, 0, 10_000, Stop);
        Assert.Equal(Enumerable.Range(1, count).Select(n => (long)n), chain.Select(e => e.Event.Place.Sequence));
        var former = AuditEvent.NoPrevious;
        foreach (var recorded in chain)
        {
            Assert.Equal(former, recorded.Event.Previous);
            Assert.Equal(recorded.Digest, recorded.Event.Digest());
            former = recorded.Digest;
        }
    }

    /// <summary>What the record says of a patient, newest first.</summary>
    public static async Task<IEnumerable<AuditEntry>> Of(Ward ward, string patient) =>
        (await ward.Get<AuditStore>().Find(new AuditQuestion { Patient = ward.Patient(patient) }, 100, Stop)).Select(e => e.Event.Entry);
}
