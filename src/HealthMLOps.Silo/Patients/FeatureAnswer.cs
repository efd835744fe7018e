using System.Text.Json.Nodes;
using HealthMLOps.Clinical;
using HealthMLOps.Features;
using HealthMLOps.Privacy;

namespace HealthMLOps.Patients;

/// <summary>The JSON of <c>…/features</c>.</summary>
public static class FeatureAnswer
{
    public static JsonObject Of(PatientFeatures answer, FeatureSet set, IReadOnlyDictionary<ResourceKey, EhrId> ids)
    {
        var values = new JsonObject();
        for (var i = 0; i < set.Features.Length; i++)
            values[set.Features[i].Name] = Value(set.Features[i], answer.Values[i]);
        return new JsonObject
        {
            ["set"] = answer.Set,
            ["setHash"] = answer.SetHash,
            ["asOf"] = answer.AsOf,
            ["knownAt"] = answer.KnownAt,
            ["features"] = values,
            ["inputs"] = new JsonArray([.. answer.Inputs.Select(i => Input(i, ids))]),
        };
    }

    /// <summary>A number, a category's name, or null.</summary>
    public static JsonNode? Value(FeatureDefinition feature, double? value) =>
        value is null ? null
        : feature.Categories.IsDefaultOrEmpty ? JsonValue.Create(value.Value)
        : JsonValue.Create(feature.Categories[(int)value.Value]);

    private static JsonObject Input(UsedInput input, IReadOnlyDictionary<ResourceKey, EhrId> ids)
    {
        var json = new JsonObject
        {
            ["feature"] = input.Feature,
            ["resource"] = ids.TryGetValue(input.Resource, out var id) ? $"{id.Type}/{id.Id.Reveal()}" : null,
            ["effective"] = input.Effective,
            ["value"] = input.Value,
            ["unit"] = input.Unit,
        };
        if (input.Flags != MeasurementFlags.None) json["flags"] = Flags(input.Flags);
        if (input.LeftOut is not null) json["leftOut"] = input.LeftOut;
        return json;
    }

    internal static JsonArray Flags(MeasurementFlags flags) =>
        new([.. Enum.GetValues<MeasurementFlags>().Where(f => f != 0 && flags.HasFlag(f)).Select(f => (JsonNode)Kebab.Of(f.ToString()))]);
}
