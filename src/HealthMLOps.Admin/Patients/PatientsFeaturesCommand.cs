using System.CommandLine;
using System.Text.Json;
using HealthMLOps.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HealthMLOps.Patients;

/// <summary><c>healthml patients features</c>: a patient's feature vector, now or as it was.</summary>
public static class PatientsFeaturesCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "The EHR's Patient id" };
        var set = new Option<string>("--set") { Description = "Feature set", HelpName = "NAME", Required = true };
        var asOf = new Option<string?>("--as-of") { Description = "Cut effective time here (default: now)", HelpName = "TIME" };
        var knownAt = new Option<string?>("--known-at") { Description = "Use only what was known then (default: now)", HelpName = "TIME" };
        var source = new Option<string?>("--source") { Description = "EHR that the id belongs to", HelpName = "NAME" };
        var verb = new Verb(connection, "features", "Show a patient's features",
            "healthml patients features 1042 --set deterioration-24h --as-of 2026-03-01T08:00:00Z");
        verb.Add(id);
        foreach (var option in new Option[] { set, asOf, knownAt, source }) verb.Add(option);
        return verb.Does(async (asked, session, stop) =>
        {
            var path = ApiPath.Of("patients", asked.GetRequiredValue(id), "features").Where(
                ("set", asked.GetRequiredValue(set)), ("asOf", asked.GetValue(asOf)),
                ("knownAt", asked.GetValue(knownAt)), ("source", asked.GetValue(source)));
            session.Screen.Show(await session.Silo.Get(path, stop), Picture);
        });
    }

    private static IRenderable Picture(JsonElement answer)
    {
        var cut = JsonTable.WithHeadings("set", JsonWords.Of(answer.Field("set")));
        foreach (var field in new[] { "setHash", "asOf", "knownAt" }) cut.AddWords(JsonWords.Heading(field), JsonWords.Of(answer.Field(field)));
        var values = JsonTable.WithHeadings("feature", "value");
        if (answer.Field("features") is { ValueKind: JsonValueKind.Object } features)
            foreach (var feature in features.EnumerateObject()) values.AddWords(PlainText.Of(feature.Name), JsonWords.Of(feature.Value));
        return new Rows(cut, values);
    }
}
