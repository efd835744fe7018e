using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>Reads ServiceRequest: an order for a test, a procedure or a consultation.</summary>
internal static class ServiceRequestReader
{
    private static readonly string[] Statuses = ["draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"];

    public static Reported Read(Reading reading)
    {
        var root = reading.Root;
        var status = reading.Status("status", Statuses);
        var order = new Reported(ClinicalEvents.Patient(reading, "subject"), status) { Encounter = reading.EncounterKey() };
        if (status == "entered-in-error")
        {
            reading.IsCorrection = true;
            return order.Retracted();
        }
        if (status is "draft" or "revoked" or "unknown") return order.Unused($"status-{status}");
        if (root.RequiredText("intent") is "proposal" or "plan" or "option") return order.Unused("intent-not-an-order");
        if (root.Truth("doNotPerform") == true) return order.Unused("do-not-perform");
        var authored = reading.Time(root, "authoredOn");
        var effective = (authored ?? reading.Time(root, "occurrenceDateTime"))?.Earliest ?? reading.WrittenAt;
        return order with
        {
            Entries = [new ClinicalEvent
            {
                Kind = ClinicalEventKind.ServiceOrder, Phase = EventPhase.Point, Codes = reading.Codes(root.Child("code")),
                Effective = effective, Available = reading.KnownFrom(effective, authored?.Latest), Categories = ClinicalEvents.Categories(reading),
            }],
        };
    }
}
