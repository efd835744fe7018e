using System.Collections.Frozen;
using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>What is known of one EHR that sends to us: its zone, its spellings, its places. Holds no secret.</summary>
public sealed record SourceProfile
{
    public required SourceName Name { get; init; }
    public required bool Enabled { get; init; }

    /// <summary>The zone of dates that come without a time.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>Where the source's FHIR server is read; null where it can't be.</summary>
    public Uri? FhirBase { get; init; }

    /// <summary>Other bases by which the same server names its own resources. With no base at all, every absolute reference is the source's own.</summary>
    public ImmutableArray<string> OtherBases { get; init; } = [];

    /// <summary>Unit spellings of this source, such as "mmHg" for <c>mm[Hg]</c>.</summary>
    public FrozenDictionary<string, string> UnitAliases { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Local codes and the LOINC code that each means.</summary>
    public FrozenDictionary<Coding, Coding> LocalCodes { get; init; } = FrozenDictionary<Coding, Coding>.Empty;

    /// <summary>Unit (ward) names by <c>Location/id</c>.</summary>
    public FrozenDictionary<string, string> Units { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Names of the secrets that its notifications may carry, such as <c>env:HEALTHML_GENERAL_HOSPITAL_SECRET</c>.</summary>
    public ImmutableArray<string> NotificationSecrets { get; init; } = [];

    /// <summary>Reads <c>config/sources/{name}.json</c>.</summary>
    /// <exception cref="InvalidConfiguration">The text breaks a rule; the message says which.</exception>
    public static SourceProfile Read(string json) => SourceDocument.Read(json);

    internal bool IsOwnBase(string address) =>
        (FhirBase is null && OtherBases.IsEmpty)
        || (FhirBase is not null && string.Equals(address, FhirBase.ToString().TrimEnd('/'), StringComparison.OrdinalIgnoreCase))
        || OtherBases.Contains(address, StringComparer.OrdinalIgnoreCase);
}
