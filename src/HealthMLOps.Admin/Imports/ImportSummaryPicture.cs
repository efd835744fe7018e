using System.Globalization;
using System.Text.Json;
using HealthMLOps.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HealthMLOps.Imports;

/// <summary>An import's counts for people: the whole import's from the server, this run's speed from here.</summary>
public static class ImportSummaryPicture
{
    public static IRenderable Of(JsonElement answer, long resourcesThisRun, TimeSpan took)
    {
        var summary = answer.Field("summary") ?? answer;
        var counts = JsonTable.WithHeadings("import", "");
        foreach (var name in new[] { "read", "used", "repeated" }) counts.AddWords(name, JsonWords.Of(summary.Field(name)));
        AddByKind(counts, "unused", summary.Field("unused"));
        AddByKind(counts, "quarantined", summary.Field("quarantined"));
        counts.AddWords("seconds, this run", string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0}"));
        var perSecond = resourcesThisRun / Math.Max(took.TotalSeconds, 0.001);
        counts.AddWords("resources a second, this run", string.Create(CultureInfo.InvariantCulture, $"{perSecond:n0}"));
        return counts;
    }

    private static void AddByKind(Table counts, string name, JsonElement? byKind)
    {
        if (byKind is not { ValueKind: JsonValueKind.Object } kinds)
        {
            counts.AddWords(name, JsonWords.Of(byKind));
            return;
        }
        if (!kinds.EnumerateObject().Any()) counts.AddWords(name, "0");
        foreach (var kind in kinds.EnumerateObject()) counts.AddWords($"{name}: {PlainText.Of(kind.Name)}", JsonWords.Of(kind.Value));
    }
}
