using System.Text.Json.Nodes;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Patients;

/// <summary>The JSON of one fact in <c>…/history</c>.</summary>
public static class HistoryFact
{
    public static JsonObject Of(Fact fact, EhrId? id)
    {
        var json = new JsonObject
        {
            ["resource"] = id is null ? null : $"{id.Type}/{id.Id.Reveal()}",
            ["version"] = fact.VersionId,
            ["effective"] = Effective(fact),
            ["available"] = fact.Available == DateTimeOffset.MinValue ? "always" : fact.Available,
            ["recorded"] = fact.Recorded,
            ["status"] = fact.Status,
            ["standing"] = Kebab.Of(fact.Standing.ToString()),
        };
        if (fact.UnusedBecause is not null && fact.Standing != FactStanding.Moved) json["unusedBecause"] = fact.UnusedBecause;
        json["entries"] = new JsonArray([.. fact.Entries.Select(Entry)]);
        return json;
    }

    /// <summary>The first entry's effective time; null for demographics, retractions and versions without entries.</summary>
    public static DateTimeOffset? Effective(Fact fact) =>
        fact.Entries.FirstOrDefault(e => e is not Demographics)?.Effective;

    private static JsonObject Entry(Entry entry)
    {
        var json = entry switch
        {
            Measurement m => OfMeasurement(m),
            ClinicalEvent e => new JsonObject { ["kind"] = Kebab.Of(e.Kind.ToString()), ["phase"] = Kebab.Of(e.Phase.ToString()), ["codes"] = Codes(e.Codes) },
            EncounterEvent e => new JsonObject
            {
                ["kind"] = "encounter", ["step"] = Kebab.Of(e.Step.ToString()), ["class"] = e.Class, ["unit"] = e.Unit, ["disposition"] = e.Disposition,
            },
            Demographics d => new JsonObject { ["kind"] = "demographics", ["sex"] = d.Sex, ["birthYear"] = d.Birth?.Year },
            Death => new JsonObject { ["kind"] = "death" },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        if (entry is not Demographics) json["effective"] = entry.Effective;
        return json;
    }

    private static JsonObject OfMeasurement(Measurement m)
    {
        var json = new JsonObject { ["kind"] = "measurement", ["concept"] = m.Concept, ["codes"] = Codes(m.Codes), ["value"] = m.Value, ["unit"] = m.Unit };
        if (!m.CodedValue.IsDefaultOrEmpty) json["codedValue"] = Codes(m.CodedValue);
        if (m.AbsentReason is not null) json["absentReason"] = m.AbsentReason;
        if (m.Flags != MeasurementFlags.None) json["flags"] = FeatureAnswer.Flags(m.Flags);
        return json;
    }

    private static JsonArray Codes(IEnumerable<Coding> codes) => new([.. codes.Select(c => (JsonNode)$"{c.System}|{c.Code}")]);
}
