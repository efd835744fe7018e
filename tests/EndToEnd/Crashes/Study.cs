using System.Globalization;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Crashes;

/// <summary>One seed in the suite; as many as <c>HEALTHML_SEEDS</c> says (such as 1-20) when a study is run by hand, each with a row in the file <c>HEALTHML_STUDY</c>.</summary>
public static class Study
{
    private static readonly Lock Gate = new();

    public static TheoryData<StorageProvider, int> Rounds
    {
        get
        {
            var rounds = new TheoryData<StorageProvider, int>();
            foreach (var seed in Seeds)
                foreach (var provider in Sites.Both) rounds.Add(provider.Data, seed);
            return rounds;
        }
    }

    public static IEnumerable<int> Seeds
    {
        get
        {
            var asked = (Environment.GetEnvironmentVariable("HEALTHML_SEEDS") ?? "1").Split('-').Select(s => int.Parse(s, CultureInfo.InvariantCulture)).ToArray();
            return Enumerable.Range(asked[0], asked[^1] - asked[0] + 1);
        }
    }

    /// <summary>Adds a row: study, database, seed, kills, patients, versions, lost, twice, note.</summary>
    public static void Note(string study, Site site, int seed, int kills, Comparison comparison, string note = "")
    {
        if (Environment.GetEnvironmentVariable("HEALTHML_STUDY") is not { Length: > 0 } file) return;
        var row = string.Create(CultureInfo.InvariantCulture,
            $"| {study} | {site.Provider} | {seed} | {kills} | {comparison.Patients} | {comparison.Versions} | {comparison.Lost} | {comparison.Twice} | {note} |\n");
        lock (Gate) File.AppendAllText(file, row);
    }
}
