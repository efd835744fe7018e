using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit approve</c>: the second person hides what the first proposed. Digests and places stay, so the record still verifies.</summary>
public static class AuditApproveCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "The proposal's number" };
        var yes = new Option<bool>("--yes") { Description = "Don't ask" };
        var verb = new Verb(connection, "approve", "Approve a removal that another person proposed", "healthml audit approve 2 --yes");
        verb.Add(id);
        verb.Add(yes);
        return verb.Does(async (asked, session, stop) =>
        {
            session.Confirm($"Hide what removal {asked.GetRequiredValue(id)} names? Nobody will see these entries again; their digests stay.", asked.GetValue(yes));
            session.Screen.Show(
                await session.Silo.Post(ApiPath.Of("audit", "removals", asked.GetRequiredValue(id), "approve"), new JsonObject(), stop),
                removal => JsonTree.Of(removal, "hidden"));
        });
    }
}
