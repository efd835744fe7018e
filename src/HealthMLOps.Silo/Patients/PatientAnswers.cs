using HealthMLOps.Clinical;
using HealthMLOps.Features;

namespace HealthMLOps.Patients;

/// <summary>Shapes what Core computed into what the grain answers.</summary>
public static class PatientAnswers
{
    public static PatientFeatures Features(FeatureSet set, Timeline timeline, DateTimeOffset asOf, DateTimeOffset knownAt) => new()
    {
        Set = set.Name,
        SetHash = set.Hash,
        AsOf = asOf,
        KnownAt = knownAt,
        Values = set.Compute(timeline, asOf, knownAt).Values,
        Inputs = [.. set.Explain(timeline, asOf, knownAt).SelectMany(Inputs)],
    };

    private static IEnumerable<UsedInput> Inputs(FeatureInput input) =>
        input.Used.Select(u => Input(input.Feature, u, null)).Concat(input.LeftOut.Select(l => Input(input.Feature, l.Entry, Kebab.Of(l.Why.ToString()))));

    private static UsedInput Input(string feature, InputEntry entry, string? leftOut) => new()
    {
        Feature = feature,
        Resource = entry.Resource,
        Effective = entry.Effective,
        Value = entry.Value,
        Unit = entry.Unit,
        Flags = entry.Flags,
        LeftOut = leftOut,
    };
}
