using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>The fingerprint of a set's resolved definitions.</summary>
/// <remarks>Each definition is written out with every part named and every text quoted by length, so that no two definitions read the same.</remarks>
internal static class FeatureSetHash
{
    public static string Of(ImmutableArray<FeatureDefinition> features)
    {
        var text = new StringBuilder();
        var bounds = TimelineBounds.Default;
        Part(text, "engine", FeatureSet.EngineVersion);
        Part(text, "seen", bounds.EntriesPerSeriesMax);
        Part(text, "seen-events", bounds.EventsPerSeriesMax);
        foreach (var feature in features)
        {
            Part(text, "name", feature.Name);
            Part(text, "unit", feature.Unit ?? "");
            Part(text, "categories", feature.Categories);
            Write(text, feature.Source);
            Write(text, feature.Impute);
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static void Write(StringBuilder text, FeatureSource source)
    {
        Part(text, "source", source.GetType().Name);
        switch (source)
        {
            case FeatureSource.Measured measured:
                Write(text, measured.Selection);
                Part(text, "aggregation", measured.Aggregation.ToString());
                break;
            case FeatureSource.Events events:
                Part(text, "kind", events.Selection.Kind.ToString());
                Part(text, "when", events.Selection.When.ToString());
                Part(text, "window", events.Selection.Window.ToString());
                Part(text, "codes", events.Selection.Codes.Select(code => code.ToString()));
                Part(text, "event-categories", events.Selection.Categories);
                Part(text, "tally", events.Tally.ToString());
                break;
            case FeatureSource.EncountersStarted started:
                Part(text, "classes", started.Classes);
                Part(text, "window", started.Window.ToString());
                break;
            case FeatureSource.PriorAdmissions prior:
                Part(text, "classes", EncounterStay.InpatientClasses);
                Part(text, "window", prior.Window.ToString());
                break;
            case FeatureSource.EarlyWarning warning:
                foreach (var selection in warning.Rule.Selections()) Write(text, selection);
                Part(text, "scale", warning.Rule.Scale.ToString());
                Part(text, "partial", warning.Rule.Partial.Select(part => part.ToString()));
                Part(text, "alert", warning.Rule.AlertCodes.Select(code => code.ToString()));
                break;
            case FeatureSource.Combined combined:
                Part(text, "rule", combined.Rule.ToString());
                Write(text, combined.First);
                Write(text, combined.Second);
                break;
            case FeatureSource.Age or FeatureSource.Sex or FeatureSource.HoursSinceAdmission or FeatureSource.LengthOfStayDays
                or FeatureSource.EncounterClass or FeatureSource.EncounterUnit:
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void Write(StringBuilder text, MeasurementSelection selection)
    {
        Part(text, "concept", selection.Concept ?? "");
        Part(text, "codes", selection.Codes.Select(code => $"{code.System}|{code.Code}"));
        Part(text, "unit", selection.Unit ?? "");
        Part(text, "window", selection.Window.ToString());
        Part(text, "implausible", selection.Implausible.ToString());
    }

    private static void Write(StringBuilder text, Imputation? impute)
    {
        switch (impute)
        {
            case null:
                Part(text, "impute", "none");
                break;
            case Imputation.Constant constant:
                Part(text, "impute", constant.Value.ToString("R", CultureInfo.InvariantCulture));
                break;
            case Imputation.CarryForward carried:
                Part(text, "impute", "carry-forward");
                Write(text, carried.Selection);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static void Part(StringBuilder text, string name, IEnumerable<string> values)
    {
        var all = values.ToList();
        Part(text, name, all.Count);
        foreach (var value in all) Part(text, name, value);
    }

    private static void Part(StringBuilder text, string name, int number) => Part(text, name, number.ToString(CultureInfo.InvariantCulture));

    private static void Part(StringBuilder text, string name, string value) =>
        text.Append(name).Append('=').Append(value.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(value).Append('\n');
}
