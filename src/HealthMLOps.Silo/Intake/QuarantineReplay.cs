using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>Takes a quarantined payload in again as it came: what its references meant there, live or as history, and ordered by when it first arrived.</summary>
public sealed class QuarantineReplay(QuarantineStore store, QuarantineDesk desk, SourceBook sources, Ingest ingest, NotificationIntake notifications)
{
    /// <summary>Repeating it is safe. Entries of a whole body that are refused by themselves become items of their own.</summary>
    /// <returns>Why it is refused still, or null: it is marked as replayed then.</returns>
    public async Task<ReadResource.Refused?> Replay(StoredQuarantineItem stored, CancellationToken cancellation)
    {
        if (!sources.IsEnabled(stored.Item.Source))
            return new ReadResource.Refused(RefusalCodes.WrongValue, "source", $"Source '{stored.Item.Source}' is not enabled; enable it in config/sources to replay.");
        if (stored.Item.Status == QuarantineItem.Erased)
            return new ReadResource.Refused(RefusalCodes.Erased, "", "The item was erased with its patient; there is nothing left to replay.");
        var (document, refused) = StrictJson.Parse(desk.Open(stored), QuarantineDesk.PayloadBytesMax);
        using (document)
        {
            if (refused is null) refused = await Take(stored.Item, desk.Context(stored), document!.RootElement, cancellation);
            if (refused is not null) return refused;
            await store.Mark(stored.Item.Id, QuarantineItem.Replayed, cancellation);
            return null;
        }
    }

    private async Task<ReadResource.Refused?> Take(QuarantineItem item, QuarantineContext context, JsonElement body, CancellationToken cancellation)
    {
        switch (context.Form)
        {
            case QuarantinedForm.Resource:
                return FirstRefusal(await ingest.TakeAgain(item.Source, [Entry(body, context, item) with { Scope = ReferenceScope.Of(context.References) }], context.Origin, cancellation));
            case QuarantinedForm.BundleEntry:
                return FirstRefusal(await ingest.TakeAgain(item.Source, Entries(body, context, item), context.Origin, cancellation));
            case QuarantinedForm.Notification:
                return (await notifications.Take(item.Source, body, item.Arrived, cancellation)).Refused;
            case QuarantinedForm.Document:
                return await Document(item, context, body, cancellation);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<ReadResource.Refused?> Document(QuarantineItem item, QuarantineContext context, JsonElement body, CancellationToken cancellation)
    {
        if (context.Type is { } type && ResourceAddress.Mismatch(body, type, context.Id) is { } mismatch) return mismatch;
        if (!EntriesOf.IsBundle(body))
        {
            var id = context.Id ?? (context.Type is null ? null : EntriesOf.ContentId(body));
            return FirstRefusal(await ingest.TakeAgain(item.Source, [Entry(body, context, item) with { Id = id }], context.Origin, cancellation));
        }
        var (entries, readType) = EntriesOf.Bundle(body);
        if (readType is null) return entries[0].Problem;
        await ingest.Take(item.Source, [.. entries.Select(e => e with { FirstArrived = item.Arrived })], context.Origin, cancellation);
        return null;
    }

    /// <summary>The entry alone in a bundle, where its references mean what they meant.</summary>
    private static List<IngestEntry> Entries(JsonElement entry, QuarantineContext context, QuarantineItem item)
    {
        using var bundle = JsonDocument.Parse(new JsonObject
        {
            ["resourceType"] = "Bundle", ["type"] = "batch", ["entry"] = new JsonArray(JsonNode.Parse(entry.GetRawText())),
        }.ToJsonString());
        var (read, refused) = BundleReader.Read(bundle.RootElement.Clone());
        if (read is null) return [new IngestEntry { Problem = refused }];
        read.Scope.Add(context.References);
        return [.. read.Entries.Select(e => EntriesOf.Entry(e, read.Scope, context.ChangedAt) with { FirstArrived = item.Arrived })];
    }

    private static IngestEntry Entry(JsonElement resource, QuarantineContext context, QuarantineItem item) => new()
    {
        Resource = resource, Id = context.Id, ChangedAt = context.ChangedAt, FirstArrived = item.Arrived,
    };

    private static ReadResource.Refused? FirstRefusal(EntryResult[] results) => results.OfType<EntryResult.Refused>().FirstOrDefault()?.Why;
}
