using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>The shape of <c>config/sources/*.json</c>.</summary>
internal sealed record SourceDocument
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
    };

    [JsonPropertyName("$schema")] public string? Schema { get; init; }
    public required string Name { get; init; }
    public required bool Enabled { get; init; }
    public required string TimeZone { get; init; }
    public Uri? FhirBase { get; init; }
    public ImmutableArray<string> OtherBases { get; init; } = [];
    public Dictionary<string, string> UnitAliases { get; init; } = [];

    /// <summary>"system|code" to a LOINC code.</summary>
    public Dictionary<string, string> LocalCodes { get; init; } = [];
    public Dictionary<string, string> Units { get; init; } = [];
    public ImmutableArray<string> NotificationSecrets { get; init; } = [];

    public static SourceProfile Read(string json)
    {
        SourceDocument? document;
        try { document = JsonSerializer.Deserialize<SourceDocument>(json, Strict); }
        catch (JsonException e) { throw new InvalidConfiguration($"A source can't be read at {e.Path}: {e.Message}"); }
        return document?.Checked() ?? throw new InvalidConfiguration("A source file holds null; expected an object.");
    }

    private SourceProfile Checked()
    {
        if (!SourceName.IsName(Name)) throw new InvalidConfiguration($"The source name '{Name}' is not allowed; it has 1 to {SourceName.LettersMax} of a-z, 0-9 and '-'.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone))
            throw new InvalidConfiguration($"The source '{Name}' names the time zone '{TimeZone}', which is no IANA zone known here.");
        if (FhirBase is not null && (!FhirBase.IsAbsoluteUri || FhirBase.Scheme is not ("http" or "https")))
            throw new InvalidConfiguration($"The source '{Name}' has the base '{FhirBase}'; it must be an http or https address.");
        foreach (var (alias, unit) in UnitAliases)
            if (!Ucum.IsUnit(unit)) throw new InvalidConfiguration($"The source '{Name}' reads '{alias}' as '{unit}', which is no UCUM unit known here.");
        foreach (var secret in NotificationSecrets)
            if (!secret.StartsWith("env:", StringComparison.Ordinal) && !secret.StartsWith("file:", StringComparison.Ordinal))
                throw new InvalidConfiguration($"The source '{Name}' has a notification secret in the file; only references, env:NAME or file:PATH, are allowed.");
        return new SourceProfile
        {
            Name = new SourceName(Name), Enabled = Enabled, TimeZone = zone, FhirBase = FhirBase,
            OtherBases = [.. OtherBases.Select(b => b.TrimEnd('/'))],
            UnitAliases = UnitAliases.ToFrozenDictionary(StringComparer.Ordinal),
            LocalCodes = LocalCodes.ToFrozenDictionary(c => Local(c.Key), c => new Coding(CodeSystems.Loinc, c.Value)),
            Units = Units.ToFrozenDictionary(StringComparer.Ordinal),
            NotificationSecrets = NotificationSecrets,
        };
    }

    private Coding Local(string text)
    {
        var bar = text.LastIndexOf('|');
        return bar >= 0 && bar < text.Length - 1
            ? CodeSystems.Normal(text[..bar], text[(bar + 1)..])
            : throw new InvalidConfiguration($"The source '{Name}' maps the local code '{text}'; expected system|code.");
    }
}
