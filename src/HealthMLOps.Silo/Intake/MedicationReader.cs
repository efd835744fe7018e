using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>Reads MedicationRequest and MedicationAdministration.</summary>
internal static class MedicationReader
{
    private static readonly string[] OrderStatuses = ["active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown"];
    private static readonly string[] GivenStatuses = ["in-progress", "not-done", "on-hold", "completed", "entered-in-error", "stopped", "unknown"];

    public static Reported ReadOrder(Reading reading)
    {
        var root = reading.Root;
        var status = reading.Status("status", OrderStatuses);
        var order = new Reported(ClinicalEvents.Patient(reading, "subject"), status) { Encounter = reading.EncounterKey() };
        if (Standing(reading, order, status, "cancelled", "draft", "unknown") is { } settled) return settled;
        if (root.RequiredText("intent") is "proposal" or "plan" or "option") return order.Unused("intent-not-an-order");
        if (root.Truth("doNotPerform") == true) return order.Unused("do-not-perform");
        if (Codes(reading) is not { } codes) return order.Unused("medication-not-resolved");
        var authored = reading.Time(root, "authoredOn");
        var effective = authored?.Earliest ?? reading.WrittenAt;
        var start = ClinicalEvents.Started(ClinicalEventKind.MedicationOrder, codes, effective, reading.KnownFrom(effective, authored?.Latest))
            with { Categories = ClinicalEvents.Categories(reading) };
        return order with { Entries = status is "stopped" or "completed" ? [start, ClinicalEvents.EndedSomeTime(reading, start)] : [start] };
    }

    public static Reported ReadGiven(Reading reading)
    {
        var root = reading.Root;
        var status = reading.Status("status", GivenStatuses);
        var given = new Reported(ClinicalEvents.Patient(reading, "subject"), status) { Encounter = reading.EncounterKey("context") };
        if (Standing(reading, given, status, "not-done", "unknown") is { } settled) return settled;
        if (Codes(reading) is not { } codes) return given.Unused("medication-not-resolved");
        var period = root.Child("effectivePeriod");
        var began = reading.Time(root, "effectiveDateTime") ?? (period is { } p ? reading.Time(p, "start") : null);
        var ended = period is { } q ? reading.Time(q, "end") : null;
        if ((began ?? ended) is not { } first) return given.Unused("no-effective-time");
        var dose = root.Child("dosage")?.Child("dose");
        var start = new ClinicalEvent
        {
            Kind = ClinicalEventKind.MedicationGiven, Phase = period is null ? EventPhase.Point : EventPhase.Start, Codes = codes,
            Effective = first.Earliest, Available = reading.Known((ended ?? first).Latest),
            Dose = (double?)dose?.Number("value"), DoseUnit = dose?.Text("code") ?? dose?.Text("unit"),
        };
        if (ended is { } end) return given with { Entries = [start, ClinicalEvents.EndedAt(reading, start, end)] };
        var isOver = period is not null && (status is "completed" or "stopped");
        return given with { Entries = isOver ? [start, ClinicalEvents.EndedSomeTime(reading, start)] : [start] };
    }

    /// <summary>The report of a status that gives no entries; null for the others.</summary>
    private static Reported? Standing(Reading reading, Reported reported, string status, params ReadOnlySpan<string> unused)
    {
        if (status == "entered-in-error")
        {
            reading.IsCorrection = true;
            return reported.Retracted();
        }
        return unused.Contains(status) ? reported.Unused($"status-{status}") : null;
    }

    /// <summary>The codes of the concept, or of the medication that is contained or in the same bundle; null where it is elsewhere.</summary>
    private static ImmutableArray<Coding>? Codes(Reading reading)
    {
        var root = reading.Root;
        if (root.Child("medicationCodeableConcept") is { } concept) return reading.Codes(concept);
        if (root.Child("medicationReference") is not { } reference) return null;
        if (reference.Text("reference") is { } text && text[0] == '#')
        {
            foreach (var contained in root.List("contained"))
                if (contained.Text("id") == text[1..]) return reading.Codes(contained.Child("code"));
            throw reference.Wrong(RefusalCodes.Reference, "reference", "the resource contains nothing of that id");
        }
        if (reading.Target(reference) is not { } target || reading.Scope.Resource(target) is not { } medication) return null;
        return reading.Codes(Node.Root(medication, "Medication").Child("code"));
    }
}
