using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary><c>healthml rings advance</c>: carries out a model's approved plan.</summary>
public static class RingsAdvanceCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var model = RingOptions.Model();
        var yes = RingOptions.Yes();
        var verb = new Verb(connection, "advance", "Carry out a model's approved plan", "healthml rings advance sepsis --yes");
        verb.Add(model);
        verb.Add(yes);
        return verb.Does(async (asked, session, stop) =>
        {
            var name = asked.GetRequiredValue(model);
            session.Confirm($"Carry out the open plan of {name}?", asked.GetValue(yes));
            session.Screen.Show(await session.Silo.Post(ApiPath.Of("rings", name, "advance"), new JsonObject { ["command"] = RingOptions.NewCommand() }, stop), RingPictures.Whole);
        });
    }
}
