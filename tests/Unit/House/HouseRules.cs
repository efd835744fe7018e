using System.Text.RegularExpressions;

namespace HealthMLOps.Tests.Unit.House;

/// <summary>What holds over the whole house and no compiler checks.</summary>
public sealed partial class HouseRules
{
    private const int LinesMax = 400;

    private static readonly string[] DataRooms = ["Intake", "Patients"];

    /// <summary>Control grains: a data room that calls one would wait for the control plane.</summary>
    private static readonly string[] ControlGrains = ["IRegistryGrain", "ITrainingGrain", "IRolloutGrain", "IRingGrain", "IDriftMonitorGrain", "IAuditGrain"];

    /// <summary>Rooms of Core and the rooms that each may use.</summary>
    private static readonly Dictionary<string, string[]> CoreArrows = new()
    {
        ["Access"] = ["Clinical", "Features"],
        ["Audit"] = ["Clinical"],
        ["Clinical"] = [],
        ["Signatures"] = [],
        ["Statistics"] = [],
        ["Models"] = ["Clinical"],
        ["Features"] = ["Clinical"],
        ["Patients"] = ["Clinical", "Models"],
        ["Privacy"] = ["Clinical"],
        ["Rings"] = ["Access", "Clinical", "Models", "Signatures"],
        ["Training"] = ["Clinical", "Features"],
    };

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var tooLong = Tree.Sources("src", "tests").Select(f => (File: Tree.Relative(f), Lines: File.ReadLines(f).Count())).Where(f => f.Lines > LinesMax);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Rooms_of_Core_use_only_the_rooms_below_them()
    {
        var core = Path.Combine(Tree.Root, "src", "HealthMLOps.Core");
        var wrong = new List<string>();
        foreach (var file in Tree.Sources("src/HealthMLOps.Core"))
        {
            var room = Path.GetRelativePath(core, file).Split('/')[0];
            if (room.EndsWith(".cs", StringComparison.Ordinal)) continue;
            var allowed = CoreArrows.TryGetValue(room, out var rooms) ? rooms : throw new InvalidOperationException($"Core has a new room '{room}': say what it may use.");
            wrong.AddRange(UsedRooms(file).Where(r => r != room && !allowed.Contains(r)).Select(r => $"{Tree.Relative(file)} uses {r}"));
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void Data_rooms_never_call_a_control_grain()
    {
        var wrong = Tree.Sources(DataRooms.Select(r => $"src/HealthMLOps.Silo/{r}").ToArray())
            .Where(f => ControlGrains.Any(g => File.ReadAllText(f).Contains(g, StringComparison.Ordinal))).Select(Tree.Relative);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Identified_types_stay_in_Intake_and_Privacy()
    {
        var wrong = Tree.Sources("src/HealthMLOps.Core", "src/HealthMLOps.Modeling", "src/HealthMLOps.Silo")
            .Where(f => !f.Contains("/Intake/", StringComparison.Ordinal) && !f.Contains("/Privacy/", StringComparison.Ordinal))
            .Where(f => Identified().IsMatch(WithoutComments(f))).Select(Tree.Relative);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Method_names_carry_no_Async_suffix()
    {
        var wrong = Tree.Sources("src").SelectMany(f => File.ReadLines(f).Where(l => OwnAsync().IsMatch(l) && !l.Contains("override", StringComparison.Ordinal) && !l.Contains("DisposeAsync", StringComparison.Ordinal)
            && !l.Contains("ExecuteAsync", StringComparison.Ordinal) && !l.Contains("InvokeAsync", StringComparison.Ordinal)
            && !FrameworkNames().IsMatch(l)).Select(l => $"{Tree.Relative(f)}: {l.Trim()}"));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Simulator_and_Core_reference_what_they_may()
    {
        Assert.DoesNotContain("ProjectReference", File.ReadAllText(Path.Combine(Tree.Root, "src/HealthMLOps.Simulator/HealthMLOps.Simulator.csproj")), StringComparison.Ordinal);
        var core = File.ReadAllText(Path.Combine(Tree.Root, "src/HealthMLOps.Core/HealthMLOps.Core.csproj"));
        Assert.DoesNotContain("ProjectReference", core, StringComparison.Ordinal);
        var packages = PackageNames().Matches(core).Select(m => m.Groups[1].Value).Order();
        Assert.Equal(["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.Orleans.CodeGenerator", "Microsoft.Orleans.Serialization"], packages.Where(p => p != "Microsoft.Orleans.Analyzers"));
    }

    private static IEnumerable<string> UsedRooms(string file) => Using().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value);

    private static string WithoutComments(string file) =>
        string.Join('\n', File.ReadLines(file).Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"^using HealthMLOps\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"\bIdentified[A-Z]\w*")]
    private static partial Regex Identified();

    [GeneratedRegex(@"^\s+(public|internal|private|protected)[^=(]*\bTask[^=(]*\s\w+Async\(")]
    private static partial Regex OwnAsync();

    [GeneratedRegex(@"\s(Read|Write|Clear|Handle|On)\w*Async\(|OpenDbConnectionAsync|\s(Start|Stop)Async\(")]
    private static partial Regex FrameworkNames();

    [GeneratedRegex("PackageReference Include=\"([^\"]+)\"")]
    private static partial Regex PackageNames();
}
