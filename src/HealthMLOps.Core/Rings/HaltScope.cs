using HealthMLOps.Models;

namespace HealthMLOps.Rings;

/// <summary>What a halt stops: written <c>global</c>, <c>site:NAME</c>, <c>unit:NAME</c>, <c>model:NAME</c>, <c>version:NAME@N</c> or <c>channel:rest|fhir|cds</c>.</summary>
[GenerateSerializer, Immutable, Alias("halt-scope")]
public readonly record struct HaltScope([property: Id(0)] HaltKind Kind, [property: Id(1)] string Target)
{
    public static readonly HaltScope Everything = new(HaltKind.Global, "");

    private const int NameLettersMax = 60;
    private static readonly string[] Channels = ["rest", "fhir", "cds"];

    /// <exception cref="FormatException">The text is no scope.</exception>
    public static HaltScope Parse(string text)
    {
        if (text == "global") return Everything;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, target) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        var allowed = kind switch
        {
            "site" or "unit" => target.Length is > 0 and <= NameLettersMax && target.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'),
            "model" => ModelVersion.IsModelName(target),
            "version" => ModelVersion.Parse(target).Number > 0,
            "channel" => Channels.Contains(target),
            _ => false,
        };
        if (!allowed) throw new FormatException($"A halt's scope is global, site:NAME, unit:NAME, model:NAME, version:NAME@N or channel:rest|fhir|cds; got '{text}'.");
        return new HaltScope(Enum.Parse<HaltKind>(kind, ignoreCase: true), target);
    }

    /// <summary>Whether an answer falls under it. Where the unit is not known, every halted unit counts: when unsure, no score.</summary>
    public bool Covers(ModelVersion version, string? unit, string site, string channel) => Kind switch
    {
        HaltKind.Global => true,
        HaltKind.Site => Target == site,
        HaltKind.Unit => unit is null || Target == unit,
        HaltKind.Model => Target == version.Model,
        HaltKind.Version => Target == version.ToString(),
        HaltKind.Channel => Target == channel,
        _ => false,
    };

    public override string ToString() => Kind switch
    {
        HaltKind.Global => "global",
        _ => $"{Kind.ToString().ToLowerInvariant()}:{Target}",
    };
}

[GenerateSerializer, Alias("halt-kind")]
public enum HaltKind
{
    Global, Site, Unit, Model, Version, Channel,
    /// <summary>A drill: goes the whole way through every silo and stops no answer.</summary>
    Drill,
}
