using HealthMLOps.Clinical;
using HealthMLOps.Features;
using HealthMLOps.Patients;
using HealthMLOps.Statistics;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;
using HealthMLOps.Training;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace HealthMLOps.Tests.Cluster.Training;

/// <summary>What was written down at or after discharge must not be seen at 48 hours; and if it were, these tests would see it.</summary>
public sealed class LeakTests(Stores stores)
{
    private const int Patients = 90;
    private const double Missing = -1;

    private static readonly ServiceProvider Orleans = new ServiceCollection().AddSerializer().AddSingleton<TurnCodec>().BuildServiceProvider();

    private static readonly FeatureSet Set = FeatureSet.Read("""
        {"name":"tempting","features":[
          {"name":"heart-rate","concept":"heart-rate","window":"first:PT48H","aggregation":"last"},
          {"name":"lactate","concept":"lactate","window":"first:PT48H","aggregation":"last"},
          {"name":"creatinine","concept":"creatinine","window":"first:PT48H","aggregation":"last"},
          {"name":"shock","kind":"problems","codes":["icd-10-cm|R57*"],"aggregation":"count"}]}
        """, AStayWithALeak.Catalog);

    private static readonly string[] Planted = ["lactate", "creatinine", "shock"];

    private static readonly CohortDefinition AtTwoDays = new()
    {
        Name = "two-days", IndexTimes = new IndexTimes { Kind = IndexTimesKind.AfterAdmission, Offset = TimeSpan.FromHours(48) },
    };

    private static readonly LabelDefinition Death = new() { Name = "death", Kind = LabelKind.DeathInStay };

    [Theory, MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_training_set_from_the_log_holds_nothing_that_was_known_only_at_discharge(StorageProvider provider)
    {
        var rows = (await SetOf(provider, fact => fact)).Rows;

        Assert.Equal((Patients, Patients / 3), (rows.Length, rows.Count(row => row.Outcome)));
        foreach (var row in rows)
        {
            Assert.Equal(AStayWithALeak.Hour(48), row.AsOf);
            Assert.NotNull(Value(row, "heart-rate"));
            Assert.Null(Value(row, "lactate"));         // True at 40 h, issued at discharge.
            Assert.Equal(1, Value(row, "creatinine"));  // As it was before the correction.
            Assert.True(Value(row, "shock") is null or 0);
        }
        Assert.All(Planted, name => Assert.Equal(0.5, Area(rows, name)));
    }

    [Fact]
    public async Task The_control_that_takes_what_was_true_for_what_was_known_sees_every_leak()
    {
        var rows = (await SetOf(StorageProvider.Sqlite, AStayWithALeak.IgnoringAvailability)).Rows;

        Assert.Equal(Patients, rows.Length);
        Assert.All(Planted, name => Assert.Equal(1.0, Area(rows, name)));
    }

    [Fact]
    public void Neither_the_discharge_nor_the_death_is_in_a_timeline_as_known_before()
    {
        var facts = AStayWithALeak.Facts(1, died: true);
        var (before, after) = (Timeline.Of(facts, AStayWithALeak.Hour(48)), Timeline.Of(facts, AStayWithALeak.Hour(121)));

        Assert.Null(before.Find(new SeriesKey(SeriesKind.Death, "")));
        Assert.DoesNotContain(Steps(before), step => step.Step == EncounterStep.Discharged || step.Disposition is not null);
        Assert.NotNull(before.OpenEncounter(AStayWithALeak.Hour(48), AStayWithALeak.Hour(48)));
        Assert.NotNull(after.Find(new SeriesKey(SeriesKind.Death, "")));
        Assert.Contains(Steps(after), step => step.Disposition == "exp");
    }

    private async Task<PointInTimeSet> SetOf(StorageProvider provider, Func<Fact, Fact> told)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        var turns = Orleans.GetRequiredService<TurnCodec>();
        for (var number = 1; number <= Patients; number++)
        {
            var facts = AStayWithALeak.Facts(number, died: number % 3 == 0).Select(told);
            var turn = new PatientTurn { Recorded = A.Noon, Facts = [.. facts] };
            A.Committed(await log.Append(new PatientAppend(AStayWithALeak.Patient(number), 1, A.Noon, turns.Encode(turn), [], [])));
        }
        return await new TrainingSetBuilder(log, turns).Build(Set, AtTwoDays, Death, null, TestContext.Current.CancellationToken);
    }

    private static IEnumerable<EncounterEvent> Steps(Timeline timeline) =>
        timeline.Find(new SeriesKey(SeriesKind.Encounter, ""))?.Entries.Select(entry => (EncounterEvent)entry.ToEntry()) ?? [];

    private static double? Value(PointInTimeRow row, string feature) => row.Values[Set.Features.Index().First(f => f.Item.Name == feature).Index];

    /// <summary>How well one feature alone tells the outcome, whatever its direction; 0.5 = not at all.</summary>
    private static double Area(IReadOnlyCollection<PointInTimeRow> rows, string feature)
    {
        var area = Auroc.Of(rows.Select(row => Value(row, feature) ?? Missing).ToArray(), rows.Select(row => row.Outcome).ToArray())!.Area;
        return Math.Max(area, 1 - area);
    }
}
