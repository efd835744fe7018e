using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>Reads Observation: one measurement for its own value, and one for each component.</summary>
/// <remarks>A pulse oximetry under two LOINC codes is one measurement with both; a blood pressure panel is its components.</remarks>
internal sealed class ObservationReader(ConceptCatalog concepts)
{
    private const string Ucum = "http://unitsofmeasure.org";
    private const string UcumOid = "urn:oid:2.16.840.1.113883.6.8";

    private static readonly string[] Statuses = ["registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"];
    private static readonly string[] OtherValues = ["valueBoolean", "valueRange", "valueRatio", "valueSampledData", "valueTime", "valueDateTime", "valuePeriod"];

    public Reported Read(Reading reading)
    {
        var root = reading.Root;
        var status = reading.Status("status", Statuses);
        var observation = new Reported(Subject(reading), status) { Encounter = reading.EncounterKey() };
        if (observation.Subject is not { Type: "Patient" }) return observation;
        reading.IsCorrection = status is "amended" or "corrected" or "entered-in-error";
        if (status == "entered-in-error") return observation.Retracted();
        if (status is "registered" or "cancelled" or "unknown") return observation.Unused($"status-{status}");
        if (Effective(reading) is not { } effective) return observation.Unused("no-effective-time");
        var available = reading.KnownFrom(effective, reading.Time(root, "issued")?.Latest);
        var entries = ImmutableArray.CreateBuilder<Entry>(1);
        var preliminary = status == "preliminary" ? MeasurementFlags.Preliminary : MeasurementFlags.None;
        var code = root.Child("code") ?? throw root.Wrong(RefusalCodes.Required, "code", "it is required and was not sent");
        if (Measured(reading, root, code, effective, available, preliminary) is { } own) entries.Add(own);
        foreach (var component in root.List("component"))
        {
            Reading.RefuseModifiers(component);
            var part = component.Child("code") ?? throw component.Wrong(RefusalCodes.Required, "code", "it is required and was not sent");
            if (Measured(reading, component, part, effective, available, preliminary) is { } measured) entries.Add(measured);
        }
        return entries.Count == 0 ? observation.Unused("no-value") : observation with { Entries = entries.DrainToImmutable() };
    }

    private static ResolvedReference? Subject(Reading reading)
    {
        if (reading.Reference(reading.Root, "subject") is { } subject) return subject;
        throw reading.Root.Wrong(RefusalCodes.Required, "subject", "a reference to a patient is required");
    }

    private static DateTimeOffset? Effective(Reading reading)
    {
        var root = reading.Root;
        if ((reading.Time(root, "effectiveDateTime") ?? reading.Time(root, "effectiveInstant")) is { } at) return at.Earliest;
        if (root.Child("effectivePeriod") is { } period)
            return reading.Time(period, "end")?.Latest ?? reading.Time(period, "start")?.Earliest;
        return reading.Time(root, "issued")?.Earliest;
    }

    /// <summary>The value of the resource or of one component; null where neither a value nor a reason for its absence was sent.</summary>
    private Measurement? Measured(Reading reading, Node parent, Node code, DateTimeOffset effective, DateTimeOffset? available, MeasurementFlags flags)
    {
        var codes = reading.Codes(code);
        _ = concepts.TryMatch(codes, out var concept, out var matched);
        var measurement = new Measurement { Effective = effective, Available = available, Codes = codes, Flags = flags, Concept = concept?.Name };
        if (parent.Child("valueQuantity") is { } quantity && quantity.Number("value") is { } value)
            return Quantified(measurement, concept, matched, quantity, value, UnitOf(reading, quantity));
        if (parent.Number("valueInteger") is { } count)
            return Quantified(measurement, concept, matched, parent, count, (null, false));
        if (parent.Child("valueCodeableConcept") is { } coded)
            return reading.Codes(coded) is { IsEmpty: false } codedValue ? measurement with { CodedValue = codedValue } : measurement with { AbsentReason = "as-text" };
        if (parent.Text("valueString") is not null) return measurement with { AbsentReason = "as-text" };
        if (parent.Child("dataAbsentReason") is { } absent)
            return measurement with { AbsentReason = reading.Codes(absent) is [var reason, ..] ? reason.Code : "unknown" };
        if (OtherValues.Any(name => parent.Json.TryGetProperty(name, out _))) return measurement with { AbsentReason = "unsupported" };
        return parent.Json.TryGetProperty("valueQuantity"u8, out _) ? measurement with { AbsentReason = "unknown" } : null;
    }

    private static Measurement Quantified(
        Measurement measurement, Concept? concept, Coding? matched, Node element, decimal value, (string? Code, bool IsSpelled) unit)
    {
        var flags = measurement.Flags | Comparator(element);
        if (concept is null || matched is null) return measurement with { Value = (double)value, Unit = unit.Code, Flags = flags };
        // A unit that is only spelled out is unknown until the source's configuration says what it means.
        if (unit is { Code: null, IsSpelled: true })
            throw element.Wrong(RefusalCodes.Unit, "code", $"{concept.Name} needs a UCUM code, or an alias of this source for the unit as spelled; expected {concept.Unit}");
        return concept.Convert(value, unit.Code, matched) switch
        {
            Conversion.Converted c => measurement with { Value = c.Value, Unit = c.Unit, Flags = c.Plausible ? flags : flags | MeasurementFlags.Implausible },
            Conversion.Refused r => throw new Unreadable(RefusalCodes.Unit, element.Path.ToString(), r.Reason),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static MeasurementFlags Comparator(Node quantity) => quantity.Text("comparator") switch
    {
        null => MeasurementFlags.None,
        "<" => MeasurementFlags.LessThan,
        "<=" => MeasurementFlags.LessOrEqual,
        ">=" => MeasurementFlags.GreaterOrEqual,
        ">" => MeasurementFlags.GreaterThan,
        _ => throw quantity.Wrong(RefusalCodes.WrongValue, "comparator", "expected one of <, <=, >=, >"),
    };

    /// <summary>The UCUM code, by the source's aliases where it has one for what was sent; and whether any unit was sent.</summary>
    private static (string? Code, bool IsSpelled) UnitOf(Reading reading, Node quantity)
    {
        var aliases = reading.Source.UnitAliases;
        var code = quantity.Text("code");
        if (code is not null && aliases.TryGetValue(code, out var alias)) return (alias, true);
        if (code is not null && quantity.Text("system") is null or Ucum or UcumOid) return (code, true);
        var spelled = quantity.Text("unit");
        if (spelled is not null && aliases.TryGetValue(spelled, out alias)) return (alias, true);
        return (null, code is not null || spelled is not null);
    }
}
