using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>Whom a quarantined payload is about, as far as it says: Patient resources and references to them, by EHR id.</summary>
public static partial class PatientsNamed
{
    private const string Patient = "Patient";

    public static IReadOnlySet<Phi> In(ReadOnlyMemory<byte> payload, QuarantineContext context)
    {
        var named = new HashSet<Phi>();
        if (context is { Type: Patient, Id: { } addressed }) named.Add(addressed);
        named.UnionWith(context.References.Where(reference => reference.Type == Patient).Select(reference => reference.Id));
        var (document, _) = StrictJson.Parse(payload, QuarantineDesk.PayloadBytesMax);
        using (document)
        {
            if (document is not null) Walk(document.RootElement, named);
            // What is no JSON is looked through as text.
            else foreach (Match found in References().Matches(Encoding.UTF8.GetString(payload.Span))) named.Add(found.Groups[1].Value);
        }
        return named;
    }

    private static void Walk(JsonElement json, HashSet<Phi> named)
    {
        if (json.ValueKind == JsonValueKind.Array)
            foreach (var item in json.EnumerateArray()) Walk(item, named);
        if (json.ValueKind != JsonValueKind.Object) return;
        if (TextOf(json, "resourceType") == Patient && TextOf(json, "id") is { } id) named.Add(id);
        if (TextOf(json, "reference") is { } reference && FhirReference.Split(FhirReference.WithoutVersion(reference)) is (_, Patient, var target)) named.Add(target);
        foreach (var property in json.EnumerateObject()) Walk(property.Value, named);
    }

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex("Patient/([A-Za-z0-9.-]{1,64})")]
    private static partial Regex References();
}
