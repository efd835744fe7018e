using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>Reads Encounter in parts that became known one after the other: admission, changes of class and place, discharge.</summary>
internal static class EncounterReader
{
    private static readonly string[] Statuses = ["planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "entered-in-error", "unknown"];

    /// <summary>What held from one time on; a missing time means from the beginning.</summary>
    private readonly record struct Since(string What, FhirTime? From)
    {
        public override string ToString() => "[since]";
    }

    public static Reported Read(Reading reading)
    {
        var root = reading.Root;
        var status = reading.Status("status", Statuses);
        var encounter = new Reported(ClinicalEvents.Patient(reading, "subject"), status);
        if (status == "entered-in-error")
        {
            reading.IsCorrection = true;
            return encounter.Retracted();
        }
        if (status is "planned" or "cancelled" or "unknown") return encounter.Unused($"status-{status}");
        var entries = ImmutableArray.CreateBuilder<Entry>();
        var admitted = Admitted(reading);
        var from = admitted?.Earliest ?? reading.WrittenAt;
        var (firstClass, laterClasses) = Split(Classes(reading), from);
        if (firstClass is null && laterClasses is [var earliest, ..]) firstClass = earliest.What;   // A history that begins after the admission.
        var (firstUnit, laterUnits) = Split(Places(reading), from);
        entries.Add(new EncounterEvent
        {
            Step = EncounterStep.Admitted, Effective = from, Available = reading.Known(admitted?.Latest), Class = firstClass, Unit = firstUnit,
        });
        foreach (var (what, at) in laterClasses)
            entries.Add(new EncounterEvent { Step = EncounterStep.ClassChanged, Effective = at.Earliest, Available = reading.Known(at.Latest), Class = what });
        foreach (var (what, at) in laterUnits)
            entries.Add(new EncounterEvent { Step = EncounterStep.Moved, Effective = at.Earliest, Available = reading.Known(at.Latest), Unit = what });
        if (Discharged(reading, status, from) is { } discharged) entries.Add(discharged);
        return encounter with { Entries = [.. entries.OrderBy(e => e.Effective).ThenBy(e => ((EncounterEvent)e).Step)] };
    }

    private static FhirTime? Admitted(Reading reading)
    {
        if (reading.Root.Child("period") is { } period && reading.Time(period, "start") is { } start) return start;
        return StatusTime(reading, "arrived") ?? StatusTime(reading, "triaged") ?? StatusTime(reading, "in-progress");
    }

    private static EncounterEvent? Discharged(Reading reading, string status, DateTimeOffset from)
    {
        // An end on an open encounter is a plan.
        if (status != "finished") return null;
        var end = reading.Root.Child("period") is { } period ? reading.Time(period, "end") : null;
        end ??= StatusTime(reading, "finished");
        var disposition = reading.Codes(reading.Root.Child("hospitalization")?.Child("dischargeDisposition"));
        var written = reading.Clock == ReadClock.Live ? reading.Recorded : reading.LastUpdated ?? from;
        var effective = end?.Latest ?? written;
        return new EncounterEvent
        {
            Step = EncounterStep.Discharged, Effective = effective < from ? from : effective,
            Available = reading.Known(end?.Latest), Disposition = disposition is [var code, ..] ? code.Code : null,
        };
    }

    private static FhirTime? StatusTime(Reading reading, string status)
    {
        foreach (var past in reading.Root.List("statusHistory"))
            if (past.Text("status") == status && past.Child("period") is { } period && reading.Time(period, "start") is { } start) return start;
        return null;
    }

    /// <summary>Classes in order of their start, the present one last.</summary>
    private static List<Since> Classes(Reading reading)
    {
        var root = reading.Root;
        var present = root.Child("class")?.Text("code") ?? throw root.Wrong(RefusalCodes.Required, "class.code", "it is required and was not sent");
        var classes = new List<Since>();
        FhirTime? lastEnd = null;
        foreach (var past in root.List("classHistory").OrderBy(p => PeriodOf(reading, p, "start")?.Earliest ?? DateTimeOffset.MinValue))
        {
            if (past.Child("class")?.Text("code") is not { } code) continue;
            classes.Add(new Since(code, PeriodOf(reading, past, "start")));
            lastEnd = PeriodOf(reading, past, "end");
        }
        if (classes.Count == 0) classes.Add(new Since(present, null));
        else if (classes[^1].What != present)
            classes.Add(new Since(present, lastEnd ?? new FhirTime(reading.WrittenAt, reading.WrittenAt)));
        return classes;
    }

    /// <summary>Units in order of their start; places that were only planned or reserved are left out.</summary>
    private static List<Since> Places(Reading reading)
    {
        var places = new List<Since>();
        foreach (var stay in reading.Root.List("location"))
        {
            if (stay.Text("status") is "planned" or "reserved") continue;
            if (reading.Reference(stay, "location") is not { Type: "Location" } place) continue;
            var unit = reading.Source.Units.TryGetValue($"Location/{place.Id.Reveal()}", out var name) ? name
                : reading.Keys.Surrogate("loc", reading.Source.Name, place.Type, place.Id);
            places.Add(new Since(unit, PeriodOf(reading, stay, "start")));
        }
        return [.. places.OrderBy(p => p.From?.Earliest ?? DateTimeOffset.MinValue)];
    }

    /// <summary>What held at admission, and each later change.</summary>
    private static (string? First, List<(string What, FhirTime At)> Later) Split(List<Since> stays, DateTimeOffset admitted)
    {
        string? first = null;
        var later = new List<(string, FhirTime)>();
        foreach (var (what, from) in stays)
        {
            if (from is { } at && at.Earliest > admitted) later.Add((what, at));
            else first = what;
        }
        return (first, later);
    }

    private static FhirTime? PeriodOf(Reading reading, Node parent, string name) =>
        parent.Child("period") is { } period ? reading.Time(period, name) : null;
}
