using HealthMLOps.Clinical;
using HealthMLOps.Storage;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>The log as it would be without sealing and without the record: what is measured against.</summary>
internal sealed class PlainLog(EventLog log) : IEventLog
{
    public WriterId Writer => log.Writer;

    public Task<AppendResult> Append(PatientAppend append) => log.Append(append);

    public Task Record(AuditAppend audit) => Task.CompletedTask;

    public void SaveSnapshot(StoredSnapshot snapshot) => log.SaveSnapshot(snapshot);

    public Task<StoredSnapshot?> ReadSnapshot(PatientKey patient, CancellationToken cancellation) => log.ReadSnapshot(patient, cancellation);

    public IAsyncEnumerable<StoredTurn> ReadPatient(PatientKey patient, long afterNumber, CancellationToken cancellation) => log.ReadPatient(patient, afterNumber, cancellation);

    public IAsyncEnumerable<StoredTurn> ReadAll(CancellationToken cancellation) => log.ReadAll(cancellation);

    public Task<IReadOnlyList<StoredTurn>> ReadWriter(WriterId writer, long afterSequence, int countMax, CancellationToken cancellation) => log.ReadWriter(writer, afterSequence, countMax, cancellation);

    public Task<IReadOnlyList<WriterState>> Writers(CancellationToken cancellation) => log.Writers(cancellation);

    public Task<IReadOnlyDictionary<ResourceKey, IndexedResource>> FindResources(IReadOnlyCollection<ResourceKey> resources, CancellationToken cancellation) => log.FindResources(resources, cancellation);

    public Task<IReadOnlyList<OutboxItem>> PendingOutbox(int countMax, CancellationToken cancellation) => log.PendingOutbox(countMax, cancellation);

    public Task CompleteOutbox(long id, CancellationToken cancellation) => log.CompleteOutbox(id, cancellation);

    public Task Fence(WriterId writer, CancellationToken cancellation) => log.Fence(writer, cancellation);

    public Task FenceSilo(string siloAddress, CancellationToken cancellation) => log.FenceSilo(siloAddress, cancellation);

    public Task FenceOthers(CancellationToken cancellation) => log.FenceOthers(cancellation);

    public Task<LogStatistics> Statistics(CancellationToken cancellation) => log.Statistics(cancellation);
}
