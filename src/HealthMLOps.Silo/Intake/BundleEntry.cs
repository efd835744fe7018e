using System.Text.Json;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>One entry of a bundle in the order sent: a resource to read, a delete, or the reason why it is neither.</summary>
/// <param name="Index">Its place in the bundle, from 0.</param>
/// <param name="Id">The resource's id at its source: its own, else of the request's URL, else the uuid of fullUrl.</param>
/// <param name="Resource">Lives as long as the document; null for deletes and refused entries without one.</param>
public sealed record BundleEntry(int Index, EntryMethod Method, string? Type, Phi? Id, JsonElement? Resource, ReadResource.Refused? Refused)
{
    /// <summary>The entry as it came; lives as long as the document.</summary>
    public JsonElement Json { get; init; }

    public override string ToString() => $"[bundle entry {Index}: {Method}]";
}
