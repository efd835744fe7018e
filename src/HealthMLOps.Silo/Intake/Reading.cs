using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>One resource while it is being read: its root element, its clocks, and what its references mean.</summary>
internal sealed class Reading
{
    public required Node Root { get; init; }
    public required string Id { get; init; }
    public required SourceProfile Source { get; init; }
    public required IdentityKeys Keys { get; init; }
    public required CodingCache Codings { get; init; }
    public required Pseudonyms Pseudonyms { get; init; }
    public required ReadClock Clock { get; init; }
    public required DateTimeOffset Recorded { get; init; }
    public required ReferenceScope Scope { get; init; }
    public required DateTimeOffset? LastUpdated { get; init; }

    /// <summary>The status says that this version corrects an earlier one, so it was known only when it was written.</summary>
    public bool IsCorrection { get; set; }

    /// <summary>Where the resource gives no time of its own: when its server last wrote it, else when it arrived.</summary>
    public DateTimeOffset WrittenAt => LastUpdated ?? Recorded;

    public FhirTime? Time(Node parent, string name) => FhirTime.Read(parent, name, Source.TimeZone);

    /// <summary>When a clinician could have known it.</summary>
    /// <param name="said">What the resource itself says; for imported history only.</param>
    public DateTimeOffset? Known(DateTimeOffset? said) =>
        Clock == ReadClock.Live ? Recorded
        : IsCorrection ? LastUpdated
        : said ?? LastUpdated;

    /// <summary>The same, but never before it was true.</summary>
    public DateTimeOffset? KnownFrom(DateTimeOffset effective, DateTimeOffset? said) =>
        Clock == ReadClock.History && Known(said) is { } known && known < effective ? effective : Known(said);

    /// <summary>The target of a reference element; null where the element or its <c>reference</c> is absent.</summary>
    public ResolvedReference? Reference(Node parent, string name) =>
        parent.Child(name) is { } reference ? Target(reference) : null;

    public ResolvedReference? Target(Node reference)
    {
        if (reference.Text("reference") is not { } text) return null;
        if (text[0] == '#') return null;
        var (target, problem) = FhirReference.Resolve(text, Scope, Source);
        return target ?? throw reference.Wrong(RefusalCodes.Reference, "reference", problem ?? "it can't be resolved");
    }

    public ResourceKey? EncounterKey(string name = "encounter") =>
        Reference(Root, name) is { Type: "Encounter" } encounter ? Pseudonyms.Encounter(encounter.Id) : null;

    /// <summary>Every coding of a CodeableConcept, with the LOINC code of a configured local one after it.</summary>
    public ImmutableArray<Coding> Codes(Node? concept)
    {
        if (concept is not { } node) return [];
        var sent = node.List("coding");
        var codes = ImmutableArray.CreateBuilder<Coding>(sent.Count);
        foreach (var item in sent)
        {
            if (item.Text("code") is not { } code) continue;
            var coding = Codings.Normal(item.Text("system") ?? "", code);
            codes.Add(coding);
            if (Source.LocalCodes.TryGetValue(coding, out var loinc) && !codes.Contains(loinc)) codes.Add(loinc);
        }
        return codes.DrainToImmutable();
    }

    /// <summary>The code of a required status element.</summary>
    public string Status(string name, ReadOnlySpan<string> allowed)
    {
        var status = Root.RequiredText(name);
        foreach (var code in allowed)
            if (string.Equals(code, status, StringComparison.Ordinal)) return code;
        throw Root.Wrong(RefusalCodes.WrongValue, name, $"expected one of {string.Join(", ", allowed.ToArray())}");
    }

    public static void RefuseModifiers(Node node)
    {
        if (node.List("modifierExtension").Count > 0)
            throw node.Wrong(RefusalCodes.ModifierExtension, "modifierExtension", "it may change the meaning, and none is known here");
    }
}
