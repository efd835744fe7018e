using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HealthMLOps.Clinical;

/// <summary>The shape of <c>config/codes/concepts.json</c>, and the check that each concept makes sense.</summary>
internal sealed record ConceptDocument
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
    };

    [JsonPropertyName("$schema")] public string? Schema { get; init; }
    public required ImmutableArray<ConceptLine> Concepts { get; init; }

    public static IEnumerable<Concept> Read(string json)
    {
        ConceptDocument? document;
        try { document = JsonSerializer.Deserialize<ConceptDocument>(json, Strict); }
        catch (JsonException e) { throw new InvalidConfiguration($"concepts.json can't be read at {e.Path}: {e.Message}"); }
        if (document is null || document.Concepts.IsDefaultOrEmpty) throw new InvalidConfiguration("concepts.json holds no concepts; it needs at least one.");
        return document.Concepts.Select(Checked);
    }

    private static Concept Checked(ConceptLine line)
    {
        if (line.Codes.IsDefaultOrEmpty) throw new InvalidConfiguration($"The concept '{line.Name}' has no codes; it needs at least one.");
        foreach (var unit in line.Conversions.Select(c => c.From).Concat(line.Codes.Select(c => c.OnlyIn)).Append(line.Unit).OfType<string>())
            if (!Ucum.IsUnit(unit)) throw new InvalidConfiguration($"The concept '{line.Name}' names the unit '{unit}', which is no UCUM unit known here.");
        if (line.Conversions.Any(c => c.Multiply == 0 || c.Divide == 0))
            throw new InvalidConfiguration($"The concept '{line.Name}' has a conversion by 0; factors are not 0.");
        if (line.Plausible is { } limits && limits.Low >= limits.High)
            throw new InvalidConfiguration($"The concept '{line.Name}' is plausible from {limits.Low} to {limits.High}; the low limit must be below the high one.");
        return new Concept
        {
            Name = line.Name,
            Unit = line.Unit,
            PlausibleLow = line.Plausible?.Low,
            PlausibleHigh = line.Plausible?.High,
            Codes = [.. line.Codes.Select(c => new Coding(c.System, c.Code))],
            OnlyIn = line.Codes.Where(c => c.OnlyIn is not null).ToImmutableDictionary(c => new Coding(c.System, c.Code), c => c.OnlyIn ?? ""),
            Conversions = [.. line.Conversions.Select(c => new UnitConversion(c.From, c.Multiply, c.Divide, c.Add))],
        };
    }

    internal sealed record ConceptLine
    {
        public required string Name { get; init; }
        public string? Title { get; init; }
        public string? Unit { get; init; }
        public Limits? Plausible { get; init; }
        public required ImmutableArray<CodeLine> Codes { get; init; }
        public ImmutableArray<ConversionLine> Conversions { get; init; } = [];
    }

    internal sealed record Limits
    {
        public required decimal Low { get; init; }
        public required decimal High { get; init; }
    }

    internal sealed record CodeLine
    {
        public string System { get; init; } = CodeSystems.Loinc;
        public required string Code { get; init; }
        public string? OnlyIn { get; init; }
    }

    internal sealed record ConversionLine
    {
        public required string From { get; init; }
        public decimal Multiply { get; init; } = 1;
        public decimal Divide { get; init; } = 1;
        public decimal Add { get; init; }
        public string? Why { get; init; }
    }
}
