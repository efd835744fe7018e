using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary><c>healthml rings rollback</c>: back to the plan before the last advance, in one step.</summary>
public static class RingsRollbackCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var model = RingOptions.Model();
        var reason = RingOptions.Reason();
        var yes = RingOptions.Yes();
        var verb = new Verb(connection, "rollback", "Go back to the plan before the last advance", "healthml rings rollback sepsis --reason 'alerts doubled' --yes");
        verb.Add(model);
        verb.Add(reason);
        verb.Add(yes);
        return verb.Does(async (asked, session, stop) =>
        {
            var name = asked.GetRequiredValue(model);
            session.Confirm($"Roll {name} back to its former plan?", asked.GetValue(yes));
            session.Screen.Show(await session.Silo.Post(ApiPath.Of("rings", name, "rollback"),
                new JsonObject { ["reason"] = asked.GetRequiredValue(reason), ["command"] = RingOptions.NewCommand() }, stop), RingPictures.Whole);
        });
    }
}
