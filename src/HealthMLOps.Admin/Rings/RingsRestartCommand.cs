using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary><c>healthml rings restart</c>: the first of two persons asks with the closed checklist, the second lifts the halt.</summary>
public static class RingsRestartCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("HALT") { Description = "Id of a standing halt (see: rings halts)" };
        var confirm = new Option<string[]>("--confirm")
        {
            Description = "The checklist's items, all of them, separated by commas (the first person only)", HelpName = "ITEM,…",
            CustomParser = given => [.. given.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
        };
        var yes = RingOptions.Yes();
        var verb = new Verb(connection, "restart", "Lift a halt (two persons, closed checklist)",
            "healthml rings restart halt-0199c0ffee --confirm cause-known,cause-removed,unscored-patients-listed,wards-told --yes");
        verb.Add(id);
        verb.Add(confirm);
        verb.Add(yes);
        return verb.Does(async (asked, session, stop) =>
        {
            session.Confirm($"Restart what {asked.GetRequiredValue(id)} halted?", asked.GetValue(yes));
            var items = new JsonArray([.. (asked.GetValue(confirm) ?? []).Select(item => (JsonNode)item)]);
            session.Screen.Show(await session.Silo.Post(ApiPath.Of("rings", "halts", asked.GetRequiredValue(id), "restart"), new JsonObject { ["confirmed"] = items }, stop),
                answer => JsonTree.Of(answer, "restart"));
        });
    }
}
