using HealthMLOps.Clinical;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using static HealthMLOps.Tests.Unit.Clinical.AFact;

namespace HealthMLOps.Tests.Unit.Clinical;

public sealed class TimelineTests
{
    [Fact]
    public void A_newer_version_replaces_an_older_one_has_no_effect_and_a_repeat_is_one()
    {
        var change = Timeline.Empty.Admit([HeartRate(1, 80, 0, version: 2), HeartRate(1, 70, 0, version: 1), HeartRate(1, 80, 0, version: 2), HeartRate(1, 90, 0, version: 3)]);
        Assert.Equal([Admission.Created, Admission.Older, Admission.Repeated, Admission.Updated], change.Admissions);
        Assert.Equal(90, change.After.LastMeasurement("heart-rate", Hour(1), Hour(1))?.Value);
    }

    [Fact]
    public void Entered_in_error_withdraws_the_value_and_a_later_active_version_revives_it()
    {
        var withdrawn = Timeline.Empty.Admit([HeartRate(1, 80, 0), HeartRate(1, 80, 0, version: 2).WithStanding(FactStanding.Retracted)]).After;
        Assert.Null(withdrawn.LastMeasurement("heart-rate", Hour(1), Hour(1)));
        Assert.Equal(75, withdrawn.Admit([HeartRate(1, 75, 0, version: 3)]).After.LastMeasurement("heart-rate", Hour(1), Hour(1))?.Value);
    }

    [Fact]
    public void The_same_content_again_after_another_is_a_repeat_where_there_are_no_versions()
    {
        var (a, b) = (Value("heart-rate", 1, 0), Value("heart-rate", 2, 0));
        var change = Timeline.Empty.Admit([Unversioned(1, 11, Hour(1), a), Unversioned(1, 22, Hour(2), b), Unversioned(1, 11, Hour(3), a)]);
        Assert.Equal([Admission.Created, Admission.Updated, Admission.Repeated], change.Admissions);
        Assert.Equal(2, change.After.LastMeasurement("heart-rate", Hour(4), Hour(4))?.Value);
    }

    [Fact]
    public void A_correction_in_a_series_that_dropped_must_be_replayed_unless_it_takes_the_same_place()
    {
        var full = Timeline.Of(Enumerable.Range(1, 600).Select(n => HeartRate(n, n, n)));
        Assert.Equal(TimelineBounds.Default.EntriesPerSeriesMax, full.EntryCount);
        Assert.False(full.Admit([HeartRate(600, 1, 600, version: 2)]).MustReplay);
        Assert.True(full.Admit([HeartRate(600, 1, 600, version: 2).WithStanding(FactStanding.Deleted)]).MustReplay);
        Assert.False(full.Admit([HeartRate(601, 1, 601)]).MustReplay);
        var lateAndOld = Of(7, 1, Hour(601), Value("heart-rate", 1, 601));
        Assert.True(full.Admit([lateAndOld]).MustReplay);
        Assert.False(full.Admit([lateAndOld], new HashSet<ResourceKey> { lateAndOld.Resource }).MustReplay);
    }

    [Fact]
    public void A_bounded_timeline_does_not_answer_for_a_time_before_what_it_dropped()
    {
        var full = Timeline.Of(Enumerable.Range(1, 600).Select(n => HeartRate(n, n, n)));
        Assert.True(full.CanAnswer(Hour(600), Hour(600)));
        Assert.False(full.CanAnswer(Hour(599), Hour(600)));
        Assert.False(full.CanAnswer(Hour(600), Hour(599)));
    }

    [Fact]
    public void A_discharge_that_was_known_later_is_invisible_before()
    {
        var stay = Of(1, 1, Hour(0), Step(EncounterStep.Admitted, 0, "IMP", "icu"), Step(EncounterStep.Discharged, 48));
        var timeline = Timeline.Of([stay]);
        Assert.NotNull(timeline.OpenEncounter(Hour(50), Hour(47)));
        Assert.Null(timeline.OpenEncounter(Hour(50), Hour(50)));
        Assert.Equal("icu", Timeline.Of([stay], Hour(47)).OpenEncounter(Hour(47), Hour(47))?.Unit);
    }

    [Fact]
    public void A_former_version_is_known_again_at_the_time_when_it_stood()
    {
        Fact[] log = [HeartRate(1, 80, 0), Of(1, 2, Hour(5), Value("heart-rate", 90, 0)).ChangedAt(5)];
        Assert.False(Timeline.Of(log).CanAnswer(Hour(4), Hour(4)));
        Assert.Equal(80, Timeline.Of(log, Hour(4)).LastMeasurement("heart-rate", Hour(4), Hour(4))?.Value);
    }

    [Fact]
    public void A_version_without_an_available_time_is_never_used_but_withdraws_its_elder()
    {
        Fact[] log = [HeartRate(1, 80, 0), Of(1, 2, null, Value("heart-rate", 90, 0)).ChangedAt(1)];
        Assert.Null(Timeline.Of(log).LastMeasurement("heart-rate", Hour(9), Hour(9)));
        Assert.Null(Timeline.Of(log, Hour(9)).LastMeasurement("heart-rate", Hour(9), Hour(9)));
    }

    [Fact]
    public void What_is_true_in_the_future_does_not_count()
    {
        var timeline = Timeline.Of([HeartRate(1, 80, 0), Of(2, 1, Hour(0), Value("heart-rate", 99, 10) with { Available = Hour(0) })]);
        Assert.Equal(80, timeline.LastMeasurement("heart-rate", Hour(1), Hour(1))?.Value);
    }

    [Fact]
    public void Who_the_patient_is_and_that_they_died_is_known_by_its_own_clock()
    {
        var timeline = Timeline.Of([Of(1, 1, DateTimeOffset.MinValue, Born(1950), new Death { Effective = Hour(20), Available = Hour(20) })]);
        Assert.Equal(1950, timeline.DemographicsAt(Hour(-9999))?.Birth?.Year);
        Assert.Null(timeline.DiedAt(Hour(19), Hour(19)));
        Assert.Equal(Hour(20), timeline.DiedAt(Hour(21), Hour(21)));
    }

    [Fact]
    public void A_week_of_intensive_care_survives_orleans_serialisation_within_its_size()
    {
        string[] concepts = [.. Enumerable.Range(0, 37).Select(n => $"concept-{n}")];
        var week = Timeline.Of(Enumerable.Range(1, 4000).Select(n => HeartRate(n, n % 90, 0) with
        {
            Entries = [Value(concepts[n % 37], n % 90 / 10.0, n / 25)],
            Version = new ResourceVersion(Hour(n / 25).UtcTicks, 1, (ulong)n * 0xD6E8FEB86659FD93),
        }));
        using var services = new ServiceCollection().AddSerializer(serializer => serializer.AddAssembly(typeof(Timeline).Assembly)).BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var bytes = serializer.SerializeToArray(week);
        Assert.Equal(week, serializer.Deserialize<Timeline>(bytes));
        // Keys and content hashes alone are 24 bytes a resource: 96 000.
        Assert.InRange(bytes.Length, 96_000, 190_000);
    }
}
