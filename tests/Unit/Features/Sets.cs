using HealthMLOps.Clinical;
using HealthMLOps.Features;

namespace HealthMLOps.Tests.Unit.Features;

/// <summary>Feature sets of one line, against the shipped catalogue.</summary>
internal static class Sets
{
    public static readonly ConceptCatalog Catalog = ConceptCatalog.Read(RepositoryFiles.Config("codes", "concepts.json"));

    /// <summary>Every aggregation and every kind, over short and long windows.</summary>
    public static readonly FeatureSet Probe = Of(string.Join(',', ((string[])["last", "first", "min", "max", "mean", "median", "std", "count", "range", "slope-per-day", "time-since", "delta-to-baseline", "exists"])
        .SelectMany(aggregation => ((string[])["PT5H", "ever", "encounter", "first:PT10H"]).Select(window =>
            $$"""{"name":"{{aggregation}}-{{window.Replace(':', '-').ToLowerInvariant()}}","concept":"heart-rate","window":"{{window}}","aggregation":"{{aggregation}}"}""")))
        + """
        ,{"name":"creatinine","concept":"creatinine","unit":"g/L","window":"PT12H","aggregation":"max","impute":{"rule":"carry-forward","maxAge":"P9D"}},
        {"name":"problems","kind":"problems","aggregation":"count"},
        {"name":"class","kind":"encounter-class","categories":["IMP","EMER"]},
        {"name":"since","kind":"hours-since-admission"},{"name":"stay","kind":"length-of-stay-days"},
        {"name":"prior","kind":"prior-admissions","window":"P9D"},{"name":"visits","kind":"encounters","classes":["EMER"],"window":"PT20H"}
        """);

    public static FeatureSet Of(string features) => FeatureSet.Read($$"""{"name":"tried","features":[{{features}}]}""", Catalog);

    public static double? Value(this FeatureSet set, Timeline timeline, DateTimeOffset asOf) => set.Compute(timeline, asOf, asOf).Values[0];
}
