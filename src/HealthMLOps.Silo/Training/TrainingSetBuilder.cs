using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Features;
using HealthMLOps.Storage;

namespace HealthMLOps.Training;

/// <summary>Builds a point-in-time training set from the log: each row holds only what was available at its moment.</summary>
/// <remarks>Reads patient by patient; at no time more than one patient's facts and the finished rows are in memory.</remarks>
public sealed class TrainingSetBuilder(IEventLog log, TurnCodec turns)
{
    /// <summary>Rows of one training set; more are refused.</summary>
    public const int RowsMax = 5_000_000;

    public async Task<PointInTimeSet> Build(
        FeatureSet features, CohortDefinition cohort, LabelDefinition label, IProgress<long>? patientsRead, CancellationToken cancellation)
    {
        var rows = new List<PointInTimeRow>();
        var facts = new List<Fact>();
        PatientKey? patient = null;
        var read = 0L;
        await foreach (var stored in log.ReadAll(cancellation))
        {
            if (patient is { } former && former != stored.Patient)
            {
                Add(rows, former, facts, features, cohort, label);
                facts.Clear();
                patientsRead?.Report(++read);
            }
            patient = stored.Patient;
            facts.AddRange(turns.Decode(stored.Payload).Facts);
        }
        if (patient is { } last) Add(rows, last, facts, features, cohort, label);
        return new PointInTimeSet(features, [.. rows]);
    }

    private static void Add(
        List<PointInTimeRow> rows, PatientKey patient, List<Fact> facts, FeatureSet features, CohortDefinition cohort, LabelDefinition label)
    {
        foreach (var example in Example.Of(facts, cohort, label))
        {
            if (rows.Count == RowsMax) throw new InvalidConfiguration($"Cohort '{cohort.Name}' gives more than {RowsMax} rows; choose fewer moments.");
            var known = Timeline.Of(facts, example.AsOf);
            rows.Add(new PointInTimeRow(patient, example.AsOf, example.Outcome, features.Compute(known, example.AsOf, example.AsOf).Values));
        }
    }
}

/// <summary>A training set before it becomes a matrix: rows by patient and time.</summary>
public sealed record PointInTimeSet(FeatureSet Features, ImmutableArray<PointInTimeRow> Rows);

/// <param name="Patient">Whose.</param>
/// <param name="AsOf">The moment.</param>
/// <param name="Outcome">Whether the outcome came.</param>
/// <param name="Values">Feature values in the set's order; null = missing.</param>
public sealed record PointInTimeRow(PatientKey Patient, DateTimeOffset AsOf, bool Outcome, ImmutableArray<double?> Values);
