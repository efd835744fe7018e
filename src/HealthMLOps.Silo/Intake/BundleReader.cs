using System.Collections.Immutable;
using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>Takes a bundle apart. A broken entry is refused by itself and costs the others nothing.</summary>
public static class BundleReader
{
    public const int EntriesMax = 20_000;
    private const string UuidPrefix = "urn:uuid:";

    private static readonly string[] Types = ["batch", "transaction", "collection", "history", "message", "searchset", "document"];

    /// <returns>The bundle, or why it is none.</returns>
    public static (ReadBundle? Bundle, ReadResource.Refused? Refused) Read(JsonElement bundle, int entriesMax = EntriesMax)
    {
        try
        {
            var root = Node.Root(bundle, "Bundle");
            if (bundle.ValueKind != JsonValueKind.Object || root.Text("resourceType") != "Bundle")
                return (null, new(RefusalCodes.UnknownResourceType, "resourceType", "Expected a Bundle."));
            var type = root.RequiredText("type");
            if (!Types.Contains(type)) throw root.Wrong(RefusalCodes.WrongValue, "type", $"expected one of {string.Join(", ", Types)}");
            return (Read(root, type, entriesMax), null);
        }
        catch (Unreadable e) { return (null, new(e.Code, e.Element, e.Reason)); }
    }

    /// <summary>The entries of anything that has the shape of a bundle, whatever its type says.</summary>
    internal static ReadBundle Read(Node root, string type, int entriesMax)
    {
        if (!root.Json.TryGetProperty("entry"u8, out var list)) return new ReadBundle(type, [], ReferenceScope.Empty);
        if (list.ValueKind != JsonValueKind.Array) throw root.Wrong(RefusalCodes.WrongType, "entry", "expected an array");
        var count = list.GetArrayLength();
        if (count > entriesMax) throw root.Wrong(RefusalCodes.TooLarge, "entry", $"the bundle has {count} entries; at most {entriesMax} are read");
        var scope = new ReferenceScope();
        var entries = ImmutableArray.CreateBuilder<BundleEntry>(count);
        foreach (var item in list.EnumerateArray())
            entries.Add(Entry(new Node(item, new ElementPath(root.Path, "entry", entries.Count)), entries.Count, scope) with { Json = item });
        return new ReadBundle(type, entries.DrainToImmutable(), scope);
    }

    private static BundleEntry Entry(Node entry, int index, ReferenceScope scope)
    {
        var method = EntryMethod.None;
        try
        {
            if (entry.Json.ValueKind != JsonValueKind.Object) throw new Unreadable(RefusalCodes.WrongType, entry.Path.ToString(), "expected an object");
            var request = entry.Child("request");
            method = MethodOf(request?.Text("method"));
            var url = request?.Text("url");
            if (method == EntryMethod.Other) throw entry.Wrong(RefusalCodes.WrongValue, "request.method", "expected POST, PUT, DELETE or GET");
            if (method == EntryMethod.Delete) return Deleted(entry, index, url);
            if (entry.Child("resource") is not { } resource)
                return method == EntryMethod.Get
                    ? new BundleEntry(index, method, null, null, null, null)
                    : throw entry.Wrong(RefusalCodes.Required, "resource", "it is required and was not sent");
            var type = resource.RequiredText("resourceType");
            var fullUrl = entry.Text("fullUrl");
            var id = IdOf(resource, entry, method, url, fullUrl);
            if (id is not null) scope.Add(fullUrl, new ResolvedReference(type, id), resource.Json);
            return new BundleEntry(index, method, type, id, resource.Json, null);
        }
        catch (Unreadable e)
        {
            return new BundleEntry(index, method, null, null, Resource(entry.Json), new(e.Code, e.Element, e.Reason));
        }
    }

    private static string? IdOf(Node resource, Node entry, EntryMethod method, string? url, string? fullUrl)
    {
        var own = resource.Text("id");
        var asked = method == EntryMethod.Put && url is not null ? FhirReference.Split(FhirReference.WithoutVersion(url))?.Id : null;
        if (own is not null && asked is not null && own != asked)
            throw entry.Wrong(RefusalCodes.WrongValue, "request.url", "its id is another than the resource's");
        if ((own ?? asked) is { } id) return id;
        if (fullUrl is null) return null;
        return fullUrl.StartsWith(UuidPrefix, StringComparison.Ordinal) ? fullUrl[UuidPrefix.Length..] : FhirReference.Split(fullUrl)?.Id;
    }

    private static BundleEntry Deleted(Node entry, int index, string? url)
    {
        var target = (url ?? entry.Text("fullUrl")) is { } address ? FhirReference.Split(FhirReference.WithoutVersion(address)) : null;
        return target is { } found
            ? new BundleEntry(index, EntryMethod.Delete, found.Type, found.Id, null, null)
            : throw entry.Wrong(RefusalCodes.Reference, "request.url", "a delete must name Type/id");
    }

    private static EntryMethod MethodOf(string? method) => method switch
    {
        null => EntryMethod.None,
        "POST" => EntryMethod.Post,
        "PUT" => EntryMethod.Put,
        "DELETE" => EntryMethod.Delete,
        "GET" => EntryMethod.Get,
        _ => EntryMethod.Other,
    };

    private static JsonElement? Resource(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("resource"u8, out var resource) && resource.ValueKind == JsonValueKind.Object ? resource : null;
}
