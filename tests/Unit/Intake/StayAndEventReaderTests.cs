using HealthMLOps.Clinical;
using HealthMLOps.Intake;
using static HealthMLOps.Tests.Unit.Intake.AClinic;

namespace HealthMLOps.Tests.Unit.Intake;

public sealed class StayAndEventReaderTests
{
    private const string Stay = """
        {"resourceType":"Encounter","id":"e1","status":"finished","class":{"code":"IMP"},"subject":{"reference":"Patient/p1"},
         "period":{"start":"2026-11-01T08:00:00Z","end":"2026-11-05T15:00:00Z"},
         "classHistory":[{"class":{"code":"EMER"},"period":{"start":"2026-11-01T08:00:00Z","end":"2026-11-01T14:00:00Z"}}],
         "location":[{"location":{"reference":"Location/ward-9"},"period":{"start":"2026-11-03T09:00:00Z"}},
                     {"location":{"reference":"Location/icu-1"},"period":{"start":"2026-11-01T08:00:00Z"}},
                     {"location":{"reference":"Location/rehab"},"status":"planned","period":{"start":"2026-11-09T09:00:00Z"}}],
         "hospitalization":{"dischargeDisposition":{"coding":[{"code":"home"}]}}}
        """;

    private const string Problem = """
        {"resourceType":"Condition","id":"c1","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I50.9"}]},
         "subject":{"reference":"Patient/p1"},"clinicalStatus":{"coding":[{"code":"active"}]},"onsetDateTime":"2026-01-10T08:00:00Z","recordedDate":"2026-01-12T08:00:00Z"}
        """;

    private static List<EncounterEvent> Steps(string json, ReadClock clock) => [.. Fact(json, clock).Entries.Cast<EncounterEvent>()];

    [Fact]
    public void A_stay_is_told_step_by_step_and_each_step_was_known_in_its_time()
    {
        var steps = Steps(Stay, ReadClock.History);
        Assert.Equal([EncounterStep.Admitted, EncounterStep.ClassChanged, EncounterStep.Moved, EncounterStep.Discharged], steps.Select(s => s.Step));
        Assert.Equal([At("2026-11-01T08:00Z"), At("2026-11-01T14:00Z"), At("2026-11-03T09:00Z"), At("2026-11-05T15:00Z")], steps.Select(s => s.Effective));
        Assert.All(steps, s => Assert.Equal(s.Effective, s.Available));
        Assert.Equal(("EMER", "icu"), (steps[0].Class, steps[0].Unit));
        Assert.Equal("IMP", steps[1].Class);
        Assert.StartsWith("loc-", steps[2].Unit, StringComparison.Ordinal);
        Assert.Equal([null, null, null, "home"], steps.Select(s => s.Disposition));
    }

    [Fact]
    public void A_live_stay_is_known_when_it_arrives() => Assert.All(Steps(Stay, ReadClock.Live), s => Assert.Equal(Noon, s.Available));

    [Fact]
    public void An_open_stay_has_no_discharge_even_with_a_planned_end() =>
        Assert.DoesNotContain(Steps(Changed(Stay, ("status", "\"in-progress\"")), ReadClock.Live), s => s.Step == EncounterStep.Discharged);

    [Theory]
    [InlineData("planned")]
    [InlineData("cancelled")]
    public void A_stay_that_did_not_happen_counts_for_nothing(string status) =>
        Assert.Equal($"status-{status}", Fact(Changed(Stay, ("status", $"\"{status}\""))).UnusedBecause);

    [Fact]
    public void A_date_of_discharge_includes_its_day()
    {
        var steps = Steps(Changed(Stay, ("period", """{"start":"2026-11-01","end":"2026-11-05"}"""), ("classHistory", ""), ("location", "")), ReadClock.History);
        Assert.Equal([At("2026-10-31T23:00Z"), At("2026-11-05T23:00Z")], steps.Select(s => s.Effective));
        Assert.Equal([At("2026-11-01T23:00Z"), At("2026-11-05T23:00Z")], steps.Select(s => s.Available));
    }

    [Fact]
    public void A_problem_begins_at_onset_was_known_when_recorded_and_ends_at_abatement()
    {
        var entries = Fact(Changed(Problem, ("abatementDateTime", "\"2026-03-01T08:00:00Z\"")), ReadClock.History).Entries.Cast<ClinicalEvent>().ToList();
        Assert.Equal([EventPhase.Start, EventPhase.End], entries.Select(e => e.Phase));
        Assert.Equal((At("2026-01-10T08:00Z"), At("2026-01-12T08:00Z")), (entries[0].Effective, entries[0].Available!.Value));
        Assert.Equal((At("2026-03-01T08:00Z"), At("2026-03-01T08:00Z")), (entries[1].Effective, entries[1].Available!.Value));
        Assert.Equal(new Coding(CodeSystems.Icd10Cm, "I509"), Assert.Single(entries[0].Codes));
    }

    [Fact]
    public void A_resolved_problem_without_a_date_ends_when_heard_of_or_written_or_at_its_start()
    {
        var resolved = Changed(Problem, ("clinicalStatus", """{"coding":[{"code":"resolved"}]}"""));
        Assert.Equal(Noon, Fact(resolved).Entries[^1].Effective);
        Assert.Equal(At("2026-02-02T00:00Z"), Fact(Changed(resolved, ("meta", """{"lastUpdated":"2026-02-02T00:00:00Z"}""")), ReadClock.History).Entries[^1].Effective);
        Assert.Equal(At("2026-01-10T08:00Z"), Fact(resolved, ReadClock.History).Entries[^1].Effective);
    }

    [Fact]
    public void A_refuted_problem_is_unused_and_one_in_error_is_retracted()
    {
        Assert.Equal("verification-refuted", Fact(Changed(Problem, ("verificationStatus", """{"coding":[{"code":"refuted"}]}"""))).UnusedBecause);
        Assert.Equal(FactStanding.Retracted, Fact(Changed(Problem, ("verificationStatus", """{"coding":[{"code":"entered-in-error"}]}"""))).Standing);
    }

    [Fact]
    public void A_contained_medication_gives_its_codes_to_the_order()
    {
        var order = Fact("""
            {"resourceType":"MedicationRequest","id":"m1","status":"active","intent":"order","subject":{"reference":"Patient/p1"},"authoredOn":"2026-11-01T08:00:00Z",
             "contained":[{"resourceType":"Medication","id":"med","code":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"310429"}]}}],
             "medicationReference":{"reference":"#med"}}
            """, ReadClock.History);
        var start = Assert.IsType<ClinicalEvent>(Assert.Single(order.Entries));
        Assert.Equal((ClinicalEventKind.MedicationOrder, EventPhase.Start, At("2026-11-01T08:00Z")), (start.Kind, start.Phase, start.Available!.Value));
        Assert.Equal(new Coding(CodeSystems.RxNorm, "310429"), Assert.Single(start.Codes));
    }

    [Fact]
    public void An_order_not_to_give_a_drug_is_no_order() => Assert.Equal("do-not-perform", Fact("""
        {"resourceType":"MedicationRequest","id":"m1","status":"active","intent":"order","doNotPerform":true,"subject":{"reference":"Patient/p1"},
         "medicationCodeableConcept":{"coding":[{"code":"x"}]}}
        """).UnusedBecause);

    [Fact]
    public void A_drug_given_over_time_begins_and_ends_with_its_dose()
    {
        var entries = Fact("""
            {"resourceType":"MedicationAdministration","id":"a1","status":"completed","subject":{"reference":"Patient/p1"},
             "medicationCodeableConcept":{"coding":[{"code":"x"}]},"effectivePeriod":{"start":"2026-11-01T08:00:00Z","end":"2026-11-01T10:00:00Z"},
             "dosage":{"dose":{"value":500,"code":"mg"}}}
            """, ReadClock.History).Entries.Cast<ClinicalEvent>().ToList();
        Assert.Equal([EventPhase.Start, EventPhase.End], entries.Select(e => e.Phase));
        Assert.Equal((500.0, "mg", At("2026-11-01T10:00Z")), (entries[0].Dose, entries[0].DoseUnit, entries[0].Available!.Value));
    }

    [Fact]
    public void A_patients_demographics_were_always_known_and_a_death_from_its_date()
    {
        const string patient = """
            {"resourceType":"Patient","id":"p1","active":false,"gender":"female","birthDate":"1950-02","deceasedDateTime":"2026-11-03T04:00:00Z",
             "extension":[{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","extension":[{"url":"ombCategory","valueCoding":{"code":"2054-5"}},{"url":"ombCategory","valueCoding":{"code":"2106-3"}}]}],
             "link":[{"other":{"reference":"Patient/p2"},"type":"replaced-by"}]}
            """;
        var used = Assert.IsType<ReadResource.Used>(Read(patient, ReadClock.History)).Fact;
        var demographics = Assert.IsType<Demographics>(used.Fact.Entries[0]);
        Assert.Equal((new PartialDate(1950, 2, 0), "female", DateTimeOffset.MinValue), (demographics.Birth!.Value, demographics.Sex, demographics.Available!.Value));
        Assert.Equal(["2054-5", "2106-3"], demographics.Race);
        Assert.Equal(At("2026-11-03T04:00Z"), Assert.IsType<Death>(used.Fact.Entries[1]).Available);
        Assert.Equal(("replaced-by", Keys.Patient(Source.Name, "p2")), (Assert.Single(used.Links).Kind, used.Links[0].Other));
        Assert.False(used.PatientActive);
    }

    [Fact]
    public void A_death_without_a_date_is_not_trainable_unless_its_writing_is_dated()
    {
        const string patient = """{"resourceType":"Patient","id":"p1","deceasedBoolean":true}""";
        Assert.Null(Fact(patient, ReadClock.History).Entries[1].Available);
        Assert.Equal(Noon, Fact(patient).Entries[1].Available);
        Assert.Single(Fact(Changed(patient, ("deceasedBoolean", "false"))).Entries);
    }

    [Fact]
    public void Coverage_procedures_and_orders_become_events()
    {
        var coverage = Fact("""{"resourceType":"Coverage","id":"k","status":"active","beneficiary":{"reference":"Patient/p1"},"period":{"start":"2026-01-01T00:00:00Z"},"type":{"coding":[{"system":"https://nahdo.org/sopt","code":"1"}]}}""", ReadClock.History);
        var procedure = Fact("""{"resourceType":"Procedure","id":"q","status":"completed","subject":{"reference":"Patient/p1"},"performedPeriod":{"start":"2026-01-01T00:00:00Z","end":"2026-01-01T02:00:00Z"}}""", ReadClock.History);
        var order = Fact("""{"resourceType":"ServiceRequest","id":"s","status":"active","intent":"order","subject":{"reference":"Patient/p1"},"authoredOn":"2026-01-01T00:00:00Z","code":{"coding":[{"code":"600-7","system":"http://loinc.org"}]}}""", ReadClock.History);
        Assert.Equal((ClinicalEventKind.Coverage, EventPhase.Start), (((ClinicalEvent)coverage.Entries[0]).Kind, ((ClinicalEvent)coverage.Entries[0]).Phase));
        Assert.Equal([At("2026-01-01T02:00Z"), At("2026-01-01T02:00Z")], procedure.Entries.Select(e => e.Available!.Value));
        Assert.Equal((ClinicalEventKind.ServiceOrder, EventPhase.Point), (((ClinicalEvent)order.Entries[0]).Kind, ((ClinicalEvent)order.Entries[0]).Phase));
    }
}
