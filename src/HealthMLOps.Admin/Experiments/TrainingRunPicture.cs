using System.Text.Json;
using HealthMLOps.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HealthMLOps.Experiments;

/// <summary>A finished run for people: what came out, and its metrics.</summary>
public static class TrainingRunPicture
{
    public static IRenderable Of(JsonElement run)
    {
        var outcome = JsonTable.WithHeadings("run", JsonWords.Of(run.Field("id")));
        foreach (var name in new[] { "state", "registered", "packageDigest" })
            outcome.AddWords(JsonWords.Heading(name), JsonWords.Of(run.Field(name)));
        if (run.Field("metrics") is not { ValueKind: JsonValueKind.Object } metrics) return outcome;

        var measured = JsonTable.WithHeadings("metric", "value");
        foreach (var metric in metrics.EnumerateObject()) measured.AddWords(PlainText.Of(metric.Name), JsonWords.Of(metric.Value));
        return new Rows(outcome, measured);
    }
}
