using System.Collections.Immutable;
using System.Text.Json;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>Reads a feature set and resolves its concepts and codes against the catalogue.</summary>
internal sealed class FeatureSetReader(ConceptCatalog catalog)
{
    private const int NameLettersMax = 80;
    private static readonly string[] SetProperties = ["$schema", "name", "description", "features"];
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Equal selections become one object, so that a computation reads each once.</summary>
    private readonly Dictionary<MeasurementSelection, MeasurementSelection> _selections = [];

    public static FeatureSet Read(string json, ConceptCatalog catalog)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return new FeatureSetReader(catalog).Read(document.RootElement);
        }
        catch (JsonException wrong)
        {
            throw new InvalidConfiguration($"A feature set is not JSON at line {wrong.LineNumber + 1}: {wrong.Message}");
        }
    }

    private FeatureSet Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new InvalidConfiguration($"A feature set is {root.ValueKind}; allowed is an object.");
        foreach (var property in root.EnumerateObject())
            if (!SetProperties.Contains(property.Name))
                throw new InvalidConfiguration($"A feature set has '{property.Name}'; allowed are {string.Join(", ", SetProperties)}.");
        var name = Text(root, "name") ?? throw new InvalidConfiguration("A feature set has no 'name'.");
        if (!IsName(name)) throw new InvalidConfiguration($"The feature set '{name}' is misnamed; a name has 1 to {NameLettersMax} of a-z, 0-9 and '-'.");
        if (!root.TryGetProperty("features", out var lines) || lines.ValueKind != JsonValueKind.Array || lines.GetArrayLength() is 0 or > FeatureSet.FeaturesMax)
            throw new InvalidConfiguration($"The feature set '{name}' has no list of 1 to {FeatureSet.FeaturesMax} 'features'.");

        var features = lines.EnumerateArray().Select((line, place) => Feature(new FeatureLine(name, place, line))).ToImmutableArray();
        if (features.GroupBy(feature => feature.Name).FirstOrDefault(same => same.Skip(1).Any()) is { } twice)
            throw new InvalidConfiguration($"The feature set '{name}' has '{twice.Key}' {twice.Count()} times; a name is allowed once.");
        return new FeatureSet(name, Text(root, "description"), features);
    }

    private static string? Text(JsonElement root, string property) =>
        root.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsName(string text) =>
        text.Length is > 0 and <= NameLettersMax && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private FeatureDefinition Feature(FeatureLine line)
    {
        if (!IsName(line.Name)) throw line.Refused($"is misnamed; a name has 1 to {NameLettersMax} of a-z, 0-9 and '-'");
        return line.Kind switch
        {
            "measurement" => Measured(line),
            "age" => Plain(line, new FeatureSource.Age(), "a"),
            "sex" => Category(line, new FeatureSource.Sex()),
            "problems" => Events(line, SeriesKind.Condition, EventTime.ActiveAtAsOf),
            "medications" => Events(line, SeriesKind.MedicationOrder, EventTime.ActiveAtAsOf),
            "medications-given" => Events(line, SeriesKind.MedicationGiven, EventTime.BegunInWindow),
            "procedures" => Events(line, SeriesKind.Procedure, EventTime.BegunInWindow),
            "encounters" => Encounters(line),
            "prior-admissions" => Prior(line),
            "hours-since-admission" => Plain(line, new FeatureSource.HoursSinceAdmission(), "h"),
            "length-of-stay-days" => Plain(line, new FeatureSource.LengthOfStayDays(), "d"),
            "encounter-class" => Category(line, new FeatureSource.EncounterClass()),
            "encounter-unit" => Category(line, new FeatureSource.EncounterUnit()),
            "news2" => EarlyWarning(line),
            "shock-index" => Combined(line, CombinedRule.ShockIndex, "heart-rate", "systolic-bp", null),
            "pulse-pressure" => Combined(line, CombinedRule.PulsePressure, "systolic-bp", "diastolic-bp", "mm[Hg]"),
            "pf-ratio" => Combined(line, CombinedRule.PfRatio, "po2", "fio2", "mm[Hg]"),
            _ => throw line.Refused($"has the kind '{line.Kind}'; allowed are measurement, age, sex, problems, medications, medications-given, procedures, encounters, "
                + "prior-admissions, hours-since-admission, length-of-stay-days, encounter-class, encounter-unit, news2, shock-index, pulse-pressure, pf-ratio"),
        };
    }

    private FeatureDefinition Measured(FeatureLine line)
    {
        line.AllowOnly(["concept", "codes", "unit", "window", "aggregation", "implausible", "impute"]);
        var aggregation = line.Word<Aggregation>("aggregation", null);
        var selection = Selection(line, aggregation);
        return new FeatureDefinition
        {
            Name = line.Name,
            Source = new FeatureSource.Measured(selection, aggregation),
            Unit = UnitOf(aggregation, selection.Unit),
            Impute = Impute(line, aggregation, selection),
        };
    }

    private MeasurementSelection Selection(FeatureLine line, Aggregation aggregation)
    {
        var (window, implausible, unit) = (line.Window(), line.Word<ImplausibleValues>("implausible", ImplausibleValues.Exclude), line.OptionalText("unit"));
        if (line.Has("concept") == line.Has("codes")) throw line.Refused("has both or neither of 'concept' and 'codes'; exactly one is allowed");
        if (unit is not null && !Ucum.IsUnit(unit)) throw line.Refused($"has the unit '{unit}'; allowed are UCUM codes");
        if (line.OptionalText("concept") is { } name)
        {
            var concept = catalog.Named(name) ?? throw line.Refused($"has the concept '{name}'; allowed are the names in the concept catalogue");
            if (unit is not null && (concept.Unit is null || !Ucum.TryConvert(1, concept.Unit, unit, out _)))
                throw line.Refused($"has the unit '{unit}'; '{name}' is in {concept.Unit ?? "no unit"}, which does not convert to it");
            return Needed(line, aggregation, Shared(new(name, concept.Codes, unit ?? concept.Unit, window, implausible)));
        }
        var patterns = line.Patterns("codes");
        if (patterns.IsEmpty || patterns.Any(one => one.Match == CodeMatch.Prefix)) throw line.Refused("has no list of whole codes as 'codes'; measurements are named by whole codes");
        return Needed(line, aggregation, Shared(new(null, [.. patterns.Select(one => new Coding(one.System, one.Code))], unit, window, implausible)));
    }

    private static MeasurementSelection Needed(FeatureLine line, Aggregation aggregation, MeasurementSelection selection) =>
        selection.Unit is not null || aggregation is Aggregation.Count or Aggregation.Exists or Aggregation.TimeSince
            ? selection
            : throw line.Refused("has no 'unit'; without one only count, exists and time-since are allowed");

    private MeasurementSelection Shared(MeasurementSelection selection) =>
        _selections.TryGetValue(selection, out var same) ? same : _selections[selection] = selection;

    private static string? UnitOf(Aggregation aggregation, string? unit) => aggregation switch
    {
        Aggregation.Count or Aggregation.Exists => "1",
        Aggregation.TimeSince => "h",
        Aggregation.SlopePerDay => $"({unit})/d",
        _ => unit,
    };

    private Imputation? Impute(FeatureLine line, Aggregation aggregation, MeasurementSelection selection)
    {
        if (line.Object("impute") is not { } impute) return null;
        var rule = Text(impute, "rule");
        foreach (var property in impute.EnumerateObject())
            if (property.Name != "rule" && (rule, property.Name) is not (("constant", "value") or ("carry-forward", "maxAge")))
                throw line.Refused($"has '{property.Name}' in 'impute'; allowed are rule, and value for constant or maxAge for carry-forward");
        switch (rule)
        {
            case "none":
                return null;
            case "constant":
                return impute.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
                    ? new Imputation.Constant(number)
                    : throw line.Refused("imputes a constant without a number as 'value'");
            case "carry-forward":
                if (aggregation is not (Aggregation.Last or Aggregation.First or Aggregation.Min or Aggregation.Max or Aggregation.Mean or Aggregation.Median))
                    throw line.Refused($"carries forward a {aggregation}; allowed are last, first, min, max, mean and median");
                var age = line.Duration(Text(impute, "maxAge") ?? throw line.Refused("carries forward without 'maxAge'"));
                return new Imputation.CarryForward(Shared(selection with { Window = FeatureWindow.Trailing(age) }));
            default:
                throw line.Refused($"imputes by '{rule}'; allowed are none, constant and carry-forward");
        }
    }

    private static FeatureDefinition Plain(FeatureLine line, FeatureSource source, string unit)
    {
        line.AllowOnly([]);
        return new FeatureDefinition { Name = line.Name, Source = source, Unit = unit };
    }

    private static FeatureDefinition Category(FeatureLine line, FeatureSource source)
    {
        line.AllowOnly(["categories"]);
        var categories = line.Texts("categories");
        if (categories.Length == 0 || categories.Distinct().Count() != categories.Length) throw line.Refused("has no list of distinct 'categories'; it needs one");
        return new FeatureDefinition { Name = line.Name, Source = source, Categories = categories };
    }

    private static FeatureDefinition Events(FeatureLine line, SeriesKind kind, EventTime when)
    {
        line.AllowOnly(when == EventTime.ActiveAtAsOf ? ["codes", "categories", "aggregation"] : ["codes", "categories", "aggregation", "window"]);
        var window = when == EventTime.ActiveAtAsOf ? FeatureWindow.Ever : line.Window();
        var selection = new EventSelection(kind, when, window, line.Patterns("codes"), line.Texts("categories"));
        return new FeatureDefinition { Name = line.Name, Source = new FeatureSource.Events(selection, line.Word<EventTally>("aggregation", null)), Unit = "1" };
    }

    private static FeatureDefinition Encounters(FeatureLine line)
    {
        line.AllowOnly(["classes", "window"]);
        var classes = line.Texts("classes");
        if (classes.IsEmpty) throw line.Refused("has no list of 'classes'; allowed are ActCode classes such as IMP, EMER and AMB");
        return new FeatureDefinition { Name = line.Name, Source = new FeatureSource.EncountersStarted(classes, line.Window()), Unit = "1" };
    }

    private static FeatureDefinition Prior(FeatureLine line)
    {
        line.AllowOnly(["window"]);
        return new FeatureDefinition { Name = line.Name, Source = new FeatureSource.PriorAdmissions(line.Window()), Unit = "1" };
    }

    private FeatureDefinition Combined(FeatureLine line, CombinedRule rule, string first, string second, string? unit)
    {
        line.AllowOnly(["window"]);
        return new FeatureDefinition { Name = line.Name, Source = new FeatureSource.Combined(rule, OfRule(line, first), OfRule(line, second)), Unit = unit ?? "1" };
    }

    private FeatureDefinition EarlyWarning(FeatureLine line)
    {
        line.AllowOnly(["window", "partial", "scale", "alert"]);
        var alert = line.Patterns("alert");
        var rule = new News2Rule
        {
            RespiratoryRate = OfRule(line, "respiratory-rate"),
            Saturation = OfRule(line, "spo2"),
            OxygenFlow = OfRule(line, "oxygen-flow"),
            InspiredOxygen = OfRule(line, "fio2"),
            SystolicPressure = OfRule(line, "systolic-bp"),
            Pulse = OfRule(line, "heart-rate"),
            Consciousness = OfRule(line, "consciousness"),
            GlasgowComa = OfRule(line, "glasgow-coma"),
            Temperature = OfRule(line, "body-temperature"),
            Scale = line.Word<SaturationScale>("scale", SaturationScale.One),
            Partial = line.WordList<News2Part>("partial"),
            AlertCodes = alert.IsEmpty ? News2Rule.AlertByDefault : alert,
        };
        return new FeatureDefinition { Name = line.Name, Source = new FeatureSource.EarlyWarning(rule), Unit = "{score}" };
    }

    private MeasurementSelection OfRule(FeatureLine line, string name)
    {
        var concept = catalog.Named(name) ?? throw line.Refused($"needs the concept '{name}'; the concept catalogue has none");
        return Shared(new(name, concept.Codes, concept.Unit, line.Window(), ImplausibleValues.Exclude));
    }
}
