using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>Whom a quarantined payload is about, as far as it says: Patient resources and references to them, by EHR id.</summary>
public static partial class PatientsNamed
{
    private const string Patient = "Patient";

    /// <returns>The EHR ids, and whether somebody is spoken of without one: a contained Patient, a subject by identifier alone, a reference to nowhere.</returns>
    public static (IReadOnlySet<Phi> Named, bool HasUnnamed) In(ReadOnlyMemory<byte> payload, QuarantineContext context)
    {
        var search = new Search(context.References);
        if (context is { Type: Patient, Id: { } addressed }) search.Named.Add(addressed);
        search.Named.UnionWith(context.References.Where(reference => reference.Type == Patient).Select(reference => reference.Id));
        var (document, _) = StrictJson.Parse(payload, QuarantineDesk.PayloadBytesMax);
        using (document)
        {
            if (document is not null) search.Walk(document.RootElement, context.Id, isContained: false);
            else search.Read(Encoding.UTF8.GetString(payload.Span));
        }
        return (search.Named, search.HasUnnamed);
    }

    private sealed class Search(IReadOnlyList<KeptReference> resolved)
    {
        public HashSet<Phi> Named { get; } = [];

        public bool HasUnnamed { get; private set; }

        /// <param name="json">Where to look.</param>
        /// <param name="given">The id that the address or the bundle gave this very resource.</param>
        /// <param name="isContained">Whether its ids are its container's own, and no EHR's.</param>
        public void Walk(JsonElement json, Phi? given, bool isContained)
        {
            if (json.ValueKind == JsonValueKind.Array)
                foreach (var item in json.EnumerateArray()) Walk(item, null, isContained);
            if (json.ValueKind != JsonValueKind.Object) return;
            if (TextOf(json, "resourceType") == Patient) Note(isContained ? null : TextOf(json, "id") ?? given);
            if (TextOf(json, "reference") is { } reference && FhirReference.Split(FhirReference.WithoutVersion(reference)) is (_, Patient, var target)) Named.Add(target);
            foreach (var property in json.EnumerateObject())
            {
                if (property.Name is "subject" or "patient" && IsToNowhere(property.Value)) HasUnnamed = true;
                Walk(property.Value, null, isContained || property.Name == "contained");
            }
        }

        /// <summary>What is no JSON is looked through as text.</summary>
        public void Read(string text)
        {
            foreach (Match found in References().Matches(text)) Named.Add(found.Groups[1].Value);
            if (text.Contains($"\"{Patient}\"", StringComparison.Ordinal)) HasUnnamed = true;
        }

        private void Note(Phi? id)
        {
            if (id is null) HasUnnamed = true;
            else Named.Add(id);
        }

        private bool IsToNowhere(JsonElement reference) => reference.ValueKind switch
        {
            JsonValueKind.Array => reference.EnumerateArray().Any(IsToNowhere),
            JsonValueKind.Object => TextOf(reference, "reference") is not { } text
                || ((text.Contains('?', StringComparison.Ordinal) || FhirReference.Split(FhirReference.WithoutVersion(text)) is null)
                    && resolved.All(kept => !kept.Text.Equals((Phi)text))),
            _ => false,
        };
    }

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex("Patient/([A-Za-z0-9.-]{1,64})")]
    private static partial Regex References();
}
