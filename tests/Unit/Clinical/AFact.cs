using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Tests.Unit.Clinical;

/// <summary>Facts in few words: hours and minutes count from one Monday noon; a fact is known when it is true unless said otherwise.</summary>
internal static class AFact
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset Hour(double hours) => Noon + TimeSpan.FromHours(hours);

    public static ResourceKey Key(int number) => new((ulong)number * 0x9E3779B97F4A7C15, (ulong)number);

    /// <summary>Version n of a resource with these entries, known at a time.</summary>
    public static Fact Of(int resource, int version, DateTimeOffset? available, params Entry[] entries) => new()
    {
        Resource = Key(resource),
        ResourceType = "Observation",
        Source = new SourceName("general-hospital"),
        Version = new ResourceVersion(0, version, (ulong)version),
        VersionId = version.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Standing = FactStanding.Active,
        Recorded = available ?? Noon,
        Available = available,
        Entries = [.. entries],
    };

    public static Fact WithStanding(this Fact fact, FactStanding standing) => fact with { Standing = standing, Entries = [] };

    /// <summary>The same as an EHR without versions sends it: known by its content and its arrival.</summary>
    public static Fact Unversioned(int resource, ulong content, DateTimeOffset arrived, params Entry[] entries) =>
        Of(resource, 0, arrived, entries) with { VersionId = null, Version = new ResourceVersion(arrived.UtcTicks, 0, content) };

    public static Measurement Value(string concept, double value, double hour, MeasurementFlags flags = MeasurementFlags.None) => new()
    {
        Effective = Hour(hour),
        Available = Hour(hour),
        Codes = [new Coding(CodeSystems.Loinc, $"code-of-{concept}")],
        Concept = concept,
        Value = value,
        Unit = Units.GetValueOrDefault(concept, "1"),
        Flags = flags,
    };

    public static Fact HeartRate(int resource, double value, double hour, int version = 1) =>
        Of(resource, version, Hour(hour), Value("heart-rate", value, hour)).ChangedAt(hour);

    /// <summary>The same with a time of change, as most EHRs send one.</summary>
    public static Fact ChangedAt(this Fact fact, double hour) => fact with { Version = fact.Version with { LastUpdatedTicks = Hour(hour).UtcTicks + fact.Version.Number } };

    public static EncounterEvent Step(EncounterStep step, double hour, string? actClass = null, string? unit = null) =>
        new() { Effective = Hour(hour), Available = Hour(hour), Step = step, Class = actClass, Unit = unit };

    public static ClinicalEvent Event(ClinicalEventKind kind, EventPhase phase, double hour, string code) => new()
    {
        Effective = Hour(hour),
        Available = Hour(hour),
        Kind = kind,
        Phase = phase,
        Codes = [CodePatternParts(code)],
    };

    public static Demographics Born(int year, int month = 0, int day = 0, string sex = "female") =>
        new() { Effective = Noon, Available = DateTimeOffset.MinValue, Birth = new PartialDate(year, month, day), Sex = sex };

    private static readonly ImmutableDictionary<string, string> Units = ImmutableDictionary.CreateRange(new Dictionary<string, string>
    {
        ["heart-rate"] = "/min", ["respiratory-rate"] = "/min", ["body-temperature"] = "Cel", ["systolic-bp"] = "mm[Hg]", ["diastolic-bp"] = "mm[Hg]",
        ["spo2"] = "%", ["oxygen-flow"] = "L/min", ["fio2"] = "%", ["glasgow-coma"] = "{score}", ["creatinine"] = "mg/dL", ["po2"] = "mm[Hg]",
    });

    private static Coding CodePatternParts(string text)
    {
        var parts = text.Split('|');
        return new Coding(parts[0], parts[1]);
    }
}
