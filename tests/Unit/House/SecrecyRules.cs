using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Models;
using HealthMLOps.Privacy;
using Microsoft.Extensions.Logging;

namespace HealthMLOps.Tests.Unit.House;

/// <summary>What keeps identifiers, free text and values out of logs, metrics, traces and errors, where no compiler does.</summary>
public sealed partial class SecrecyRules
{
    private static readonly Assembly[] Ours = [typeof(Phi).Assembly, typeof(SiloHost).Assembly];

    /// <summary>Rooms that meet what came over the wire.</summary>
    private static readonly string[] Wired = ["Intake", "Patients", "Privacy", "Clinical"];

    /// <summary>Who may open an identified text, and for what.</summary>
    private static readonly Dictionary<string, string> Openers = new()
    {
        ["src/HealthMLOps.Core/Privacy/IdentityKeys.cs"] = "digests and seals it",
        ["src/HealthMLOps.Silo/Audit/AuditQuery.cs"] = "looks whether it is a pseudonym",
        ["src/HealthMLOps.Silo/Intake/EncounterReader.cs"] = "finds a place in the configured units",
        ["src/HealthMLOps.Silo/Intake/FhirAnswers.cs"] = "tells the sender the address of what they sent",
        ["src/HealthMLOps.Silo/Intake/FhirEndpoints.cs"] = "looks whether it has the form of an id",
        ["src/HealthMLOps.Silo/Intake/KeptPhi.cs"] = "keeps it in what is sealed at once",
        ["src/HealthMLOps.Silo/Intake/NotifyDoor.cs"] = "looks whether it has the form of an id",
        ["src/HealthMLOps.Silo/Intake/ReferenceScope.cs"] = "resolves kept references",
        ["src/HealthMLOps.Silo/Intake/RemnantReader.cs"] = "reads a resource",
        ["src/HealthMLOps.Silo/Intake/ResourceAddress.cs"] = "compares it with the resource's",
        ["src/HealthMLOps.Silo/Intake/ResourceReader.cs"] = "reads a resource",
        ["src/HealthMLOps.Silo/Patients/FeatureAnswer.cs"] = "an authorised answer",
        ["src/HealthMLOps.Silo/Patients/HistoryFact.cs"] = "an authorised answer",
        ["src/HealthMLOps.Silo/Patients/RiskAssessmentBuilder.cs"] = "an authorised answer",
        ["src/HealthMLOps.Silo/Privacy/IdentityEndpoint.cs"] = "an authorised answer",
        ["src/HealthMLOps.Silo/Privacy/IdentityVault.cs"] = "seals a name",
    };

    /// <summary>The texts that a log method may take: our own words, never a caller's.</summary>
    private static readonly Dictionary<string, string> LoggedTexts = new()
    {
        ["AuditFollower.FoundBroken(reason)"] = "a sentence of RecordBroken",
        ["CertificateFiles.Exchanged(file)"] = "a configured path",
        ["CertificateFiles.KeptFormer(reason)"] = "why a certificate's file can't be used",
        ["ClusterTls.Refused(peer)"] = "the address of a machine",
        ["ClusterTls.Refused(reason)"] = "why a handshake failed: no request has been read by then",
        ["FailureAnswers.Failed(endpoint)"] = "the route's template",
        ["KillSwitch.FailedToRecord(halt)"] = "an id that the silo made",
        ["KillSwitch.LostSight(halt)"] = "an id that the silo made",
        ["PlanKeeper.MissedFeatures(featureSet)"] = "a configured name",
        ["TrainingWork.Failed(run)"] = "an id that the silo made",
        ["TrainingWork.Trained(digest)"] = "a digest",
        ["TrainingWork.Trained(run)"] = "an id that the silo made",
    };

    /// <summary>Records whose texts and numbers are policy or our own words.</summary>
    private static readonly string[] Policy =
    [
        "Clinical.Coding", "Clinical.Concept", "Clinical.ConceptDocument", "Clinical.ConceptDocument+CodeLine", "Clinical.ConceptDocument+ConceptLine", "Clinical.ConceptDocument+ConversionLine", "Clinical.ConceptDocument+Limits", "Clinical.SeriesKey", "Clinical.UnitConversion",
        "Intake.ReadBundle", "Intake.ReadResource+Refused", "Intake.ReadResource+Unused", "Intake.SourceDocument", "Intake.TakenNotification",
        "Models.GoldenInput", "Models.IntendedUse", "Models.ModelContract", "Models.ModelInput", "Models.ModelOutput", "Models.RegisteredModel", "Models.RiskBand",
        "Patients.ReplayMismatch", "Patients.ReplayVerdict", "Patients.Withheld",
        "Rings.FormerPlan", "Rings.GateEvidence", "Rings.GateMeasurement", "Rings.ModelPlan", "Rings.Placement", "Rings.Proposal", "Rings.Rollout",
        "Audit.AuditHead", "Signatures.Signature", "Statistics.AurocEstimate", "Statistics.CalibrationLine", "Training.TrainingRequest",
    ];

    [Fact]
    public void An_identified_text_is_opened_only_where_it_is_read_sealed_or_answered()
    {
        var opening = Tree.Sources("src/HealthMLOps.Core", "src/HealthMLOps.Modeling", "src/HealthMLOps.Silo")
            .Where(f => Path.GetFileName(f) != "Phi.cs" && File.ReadLines(f).Any(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal) && l.Contains(".Reveal()", StringComparison.Ordinal)))
            .Select(Tree.Relative).Order(StringComparer.Ordinal);
        Assert.Equal(Openers.Keys.Order(StringComparer.Ordinal), opening);
    }

    [Fact]
    public void A_log_method_takes_counts_pseudonyms_names_of_ours_and_errors_alone()
    {
        var texts = new List<string>();
        var wrong = new List<string>();
        foreach (var method in Ours.SelectMany(a => a.GetTypes()).SelectMany(t => t.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(m => m.GetCustomAttribute<LoggerMessageAttribute>() is not null))
            foreach (var taken in method.GetParameters())
            {
                var name = $"{method.DeclaringType!.Name}.{method.Name}({taken.Name})";
                var type = Nullable.GetUnderlyingType(taken.ParameterType) ?? taken.ParameterType;
                if (type == typeof(string)) texts.Add(name);
                else if (!MayBeLogged(type)) wrong.Add($"{name} is {type.Name}");
            }
        Assert.Empty(wrong);
        Assert.Equal(LoggedTexts.Keys.Order(StringComparer.Ordinal), texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_is_logged_counted_or_traced_past_the_log_methods_and_the_listed_metrics()
    {
        var past = Sources("src/HealthMLOps.Core", "src/HealthMLOps.Modeling", "src/HealthMLOps.Silo").Where(s => PastTheMethods().IsMatch(s.Text)).Select(s => s.File);
        Assert.Equal([], past);
        var labelled = Sources("src/HealthMLOps.Silo").Where(s => s.Text.Contains(".WithLabels(", StringComparison.Ordinal)).Select(s => s.File);
        Assert.Equal(["src/HealthMLOps.Silo/Intake/IntakeMetrics.cs"], labelled); // Its labels: a configured source and an outcome of ours.
    }

    [Fact]
    public void No_record_that_meets_the_wire_writes_out_its_texts_or_values()
    {
        var telling = Ours.SelectMany(a => a.GetTypes()).Where(MeetsTheWire).Where(WritesItselfOut)
            .Select(t => (Type: t, Told: t.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.GetMethod is not null && IsTelling(p.PropertyType)).Select(p => p.Name).ToList()))
            .Where(t => t.Told.Count > 0 && !Policy.Contains(t.Type.FullName!["HealthMLOps.".Length..])).Select(t => $"{t.Type.FullName}: {string.Join(", ", t.Told)}").Order(StringComparer.Ordinal).ToList();
        Assert.True(telling.Count == 0, string.Join("\n", telling));
    }

    private static bool MayBeLogged(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(decimal) || typeof(Exception).IsAssignableFrom(type)
        || type == typeof(TimeSpan) || type == typeof(DateTimeOffset) || type == typeof(DateTime) || type == typeof(PatientKey) || type == typeof(ModelVersion) || type == typeof(SourceName);

    /// <summary>Of a wired room, in a grain call (Orleans writes calls out when they are late), or made of a request's body.</summary>
    private static bool MeetsTheWire(Type type) => type.Namespace is { } room
        && (Wired.Contains(room.Split('.')[^1]) || type.GetCustomAttributesData().Any(a => a.AttributeType.Name == "GenerateSerializerAttribute")
            || type.DeclaringType?.Name.EndsWith("Endpoints", StringComparison.Ordinal) == true);

    private static bool WritesItselfOut(Type type) => !type.IsAbstract
        && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null
        && type.GetMethod(nameof(ToString), Type.EmptyTypes)?.GetCustomAttribute<CompilerGeneratedAttribute>() is not null;

    private static bool IsTelling(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare == typeof(string) || bare == typeof(double) || bare == typeof(float) || bare == typeof(decimal)
            || bare.Namespace?.StartsWith("System.Text.Json", StringComparison.Ordinal) == true;
    }

    private static IEnumerable<(string File, string Text)> Sources(params string[] folders) => Tree.Sources(folders)
        .Select(f => (Tree.Relative(f), string.Join('\n', File.ReadLines(f).Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)))));

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(|\bLog\.(Verbose|Debug|Information|Warning|Error|Fatal)\(|\.BeginScope\(|LogContext\.|\.(SetTag|AddTag|AddBaggage|SetBaggage|AddException)\(|new ActivitySource\(|new Meter\(")]
    private static partial Regex PastTheMethods();
}
