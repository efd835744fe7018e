using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary><c>healthml rings demote</c>: takes a version from the bedside, back to shadow or out of service.</summary>
public static class RingsDemoteCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var version = RingOptions.Version();
        var to = new Option<string>("--to") { Description = "Where to", HelpName = "shadow|retired", Required = true };
        to.AcceptOnlyFromAmong("shadow", "retired");
        var reason = RingOptions.Reason();
        var yes = RingOptions.Yes();
        var verb = new Verb(connection, "demote", "Take a version back to shadow, or retire it", "healthml rings demote sepsis@2 --to retired --reason 'replaced by 3' --yes");
        verb.Add(version);
        foreach (var option in new Option[] { to, reason, yes }) verb.Add(option);
        return verb.Does(async (asked, session, stop) =>
        {
            var (model, number) = RingOptions.Split(asked.GetRequiredValue(version));
            session.Confirm($"Demote {model}@{number} to {asked.GetRequiredValue(to)}?", asked.GetValue(yes));
            session.Screen.Show(await session.Silo.Post(ApiPath.Of("rings", model, "demote"), new JsonObject
            {
                ["version"] = number, ["to"] = asked.GetRequiredValue(to), ["reason"] = asked.GetRequiredValue(reason), ["command"] = RingOptions.NewCommand(),
            }, stop), RingPictures.Whole);
        });
    }
}
