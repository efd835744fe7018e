using System.Text;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>Keeps what could not be used: sealed, whole, with its reason and what it needs to be replayed after a fix.</summary>
public sealed class QuarantineDesk(QuarantineStore store, PayloadSeal seal, ClinicalClock clock, IdentityKeys keys, Erasures erasures)
{
    /// <summary>No body is larger, so none is cut.</summary>
    public const int PayloadBytesMax = (int)SiloHost.BodyBytesMax;

    private const string PayloadPlace = "quarantine";
    private const string ContextPlace = "quarantine-context";

    /// <summary>Keeps every refused entry. Durable when it returns; the same content refused for the same reason is kept once.</summary>
    public async Task Keep(
        SourceName source, FactOrigin origin, IReadOnlyList<IngestEntry> entries, IReadOnlyList<EntryResult?> results, CancellationToken cancellation)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (results[i] is not EntryResult.Refused(var why)) continue;
            var entry = entries[i];
            var payload = entry.Form == QuarantinedForm.Resource && entry.Resource is { } resource ? Encoding.UTF8.GetBytes(resource.GetRawText()) : entry.Raw;
            await Keep(source, why, payload, QuarantineContext.Of(entry, origin), cancellation);
        }
    }

    public async Task Keep(
        SourceName source, ReadResource.Refused why, ReadOnlyMemory<byte> payload, QuarantineContext context, CancellationToken cancellation)
    {
        // Of an erased patient nothing is kept, not even what is wrong.
        if (PatientsNamed.In(payload, context).Named is { Count: > 0 } named && named.All(id => erasures.Has(keys.Patient(source, id)))) return;
        var needed = context.ToBytes();
        await store.Add(new NewQuarantineItem(
            clock.Now, source, why.Code, why.Element.Length == 0 ? why.Reason : $"{why.Element}: {why.Reason}",
            seal.Seal(payload.Span, PayloadPlace), seal.Fingerprint([.. payload.Span, .. needed]), seal.Seal(needed, ContextPlace)), cancellation);
    }

    /// <summary>The payload of an item, as it came.</summary>
    public byte[] Open(StoredQuarantineItem stored) => seal.Open(stored.SealedPayload, PayloadPlace);

    public QuarantineContext Context(StoredQuarantineItem stored) =>
        stored.SealedContext is { } context ? QuarantineContext.FromBytes(seal.Open(context, ContextPlace)) : QuarantineContext.Unknown;
}
