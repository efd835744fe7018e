using System.Text;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>Keeps what could not be used: sealed, with its reason, ready to be replayed after a fix.</summary>
public sealed class QuarantineDesk(QuarantineStore store, PayloadSeal seal, ClinicalClock clock)
{
    /// <summary>Larger payloads are kept cut to this; they can be seen but not replayed.</summary>
    public const int PayloadBytesMax = 4 << 20;

    private const string Context = "quarantine";

    /// <summary>Keeps every refused entry. Durable when it returns; the same content refused for the same reason is kept once.</summary>
    public async Task Keep(SourceName source, IReadOnlyList<IngestEntry> entries, IReadOnlyList<EntryResult?> results, CancellationToken cancellation)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (results[i] is not EntryResult.Refused(var why)) continue;
            var payload = entries[i].Resource is { } resource ? Encoding.UTF8.GetBytes(resource.GetRawText()) : entries[i].Raw.ToArray();
            await Keep(source, why, payload, cancellation);
        }
    }

    public async Task Keep(SourceName source, ReadResource.Refused why, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        var kept = payload.Length > PayloadBytesMax ? payload[..PayloadBytesMax] : payload;
        await store.Add(new NewQuarantineItem(
            clock.Now, source, why.Code, why.Element.Length == 0 ? why.Reason : $"{why.Element}: {why.Reason}",
            seal.Seal(kept.Span, Context), seal.Fingerprint(payload.Span)), cancellation);
    }

    /// <summary>The payload of an item, as it came.</summary>
    public byte[] Open(byte[] sealedPayload) => seal.Open(sealedPayload, Context);
}
