using System.Text.Json;
using HealthMLOps.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HealthMLOps.Patients;

/// <summary>A patient's risk for people: score, band and validity, and what moved it most; or the reason for no score.</summary>
public static class RiskPicture
{
    public const int ContributionsShown = 10;

    private static readonly string[] ScoreFields = ["model", "version", "ring", "score", "threshold", "band", "label", "asOf", "validUntil"];
    private static readonly string[] NameFields = ["feature", "name", "title", "unit"];
    private static readonly string[] WeightFields = ["contribution", "weight", "logOdds"];

    public static IRenderable Of(JsonElement answer) => answer.ValueKind == JsonValueKind.Array
        ? new Rows(answer.EnumerateArray().Select(One))
        : One(answer);

    private static IRenderable One(JsonElement risk)
    {
        if (risk.Field("noScore") is { ValueKind: JsonValueKind.Object } noScore) return NoScore(risk, noScore);
        var table = JsonTable.WithHeadings("risk", "");
        foreach (var field in ScoreFields) table.AddWords(JsonWords.Heading(field), JsonWords.Of(risk.Field(field)));
        return risk.Field("contributions") is { } contributions ? new Rows(table, Contributions(contributions)) : table;
    }

    private static Table NoScore(JsonElement risk, JsonElement noScore)
    {
        var table = JsonTable.WithHeadings("no score", "");
        if (risk.Field("model") is { } model) table.AddWords("model", JsonWords.Of(model));
        table.AddWords("reason", JsonWords.Of(noScore.Field("reason")));
        table.AddWords("detail", JsonWords.Of(noScore.Field("detail")));
        return table;
    }

    private static IRenderable Contributions(JsonElement contributions)
    {
        if (contributions.ValueKind == JsonValueKind.Object) return ByName(contributions);
        var largest = JsonTable.Rows(contributions).OrderByDescending(Weight).Take(ContributionsShown).ToArray();
        return JsonTable.Of(JsonSerializer.SerializeToElement(largest), [.. NameFields, "value", .. WeightFields, "age"]);
    }

    private static Table ByName(JsonElement contributions)
    {
        var table = JsonTable.WithHeadings("feature", "contribution");
        foreach (var feature in contributions.EnumerateObject().OrderByDescending(field => Size(field.Value)).Take(ContributionsShown))
            table.AddWords(PlainText.Of(feature.Name), JsonWords.Of(feature.Value));
        return table;
    }

    private static double Weight(JsonElement contribution) =>
        WeightFields.Select(name => contribution.Field(name)).OfType<JsonElement>().Select(Size).FirstOrDefault();

    private static double Size(JsonElement value) => value.ValueKind == JsonValueKind.Number ? Math.Abs(value.GetDouble()) : 0;
}
