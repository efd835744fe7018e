using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary><c>healthml rings plan</c> and <c>rings canary</c>: proposes to put a version into a ring.</summary>
public static class RingsPlanCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var ring = new Option<string>("--ring") { Description = "Where to", HelpName = "shadow|canary|production", Required = true };
        ring.AcceptOnlyFromAmong("shadow", "canary", "production");
        var verb = new Verb(connection, "plan", "Propose to put a version into a ring", "healthml rings plan sepsis@3 --ring production --units medical,surgical");
        verb.Add(ring);
        return Planning(verb, asked => asked.GetRequiredValue(ring), RingOptions.Units());
    }

    /// <summary>The common case in one word.</summary>
    public static Verb CreateCanary(ConnectionOptions connection)
    {
        var units = RingOptions.Units();
        units.Required = true;
        return Planning(new Verb(connection, "canary", "Propose to show a version in a few units", "healthml rings canary sepsis@3 --units medical"), _ => "canary", units);
    }

    private static Verb Planning(Verb verb, Func<ParseResult, string> ring, Option<string[]> units)
    {
        var version = RingOptions.Version();
        verb.Add(version);
        verb.Add(units);
        return verb.Does(async (asked, session, stop) =>
        {
            var (model, number) = RingOptions.Split(asked.GetRequiredValue(version));
            var plan = new JsonObject
            {
                ["version"] = number, ["ring"] = ring(asked), ["command"] = RingOptions.NewCommand(),
                ["units"] = new JsonArray([.. (asked.GetValue(units) ?? []).Select(u => (JsonNode)u)]),
            };
            session.Screen.Show(await session.Silo.Post(ApiPath.Of("rings", model, "plan"), plan, stop), RingPictures.Whole);
        });
    }
}
