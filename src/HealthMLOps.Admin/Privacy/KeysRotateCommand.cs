using System.CommandLine;
using HealthMLOps.Hosting;

namespace HealthMLOps.Privacy;

/// <summary><c>healthml keys rotate</c>: begins a new key; patients' keys are wrapped anew behind it, and everything stays readable.</summary>
public static class KeysRotateCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var yes = new Option<bool>("--yes") { Description = "Don't ask" };
        var verb = new Verb(connection, "rotate", "Begin a new key and wrap the patients' keys under it", "healthml keys rotate --yes");
        verb.Add(yes);
        return verb.Does(async (asked, session, stop) =>
        {
            session.Confirm("Begin a new key of the ring?", asked.GetValue(yes));
            session.Screen.Show(await session.Silo.Post(ApiPath.Of("keys", "rotate"), body: null, stop), answer => JsonTree.Of(answer, "key"));
        });
    }
}
