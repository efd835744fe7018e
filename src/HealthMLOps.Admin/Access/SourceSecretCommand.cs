using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary><c>healthml sources secret rotate</c>: a new secret for a sender, while the former goes on for a while.</summary>
public static class SourceSecretCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var source = new Argument<string>("SOURCE") { Description = "The sender's source" };
        var keep = new Option<int?>("--keep-former-hours") { Description = "Hours for which the former secret goes on (default 24)", HelpName = "N" };
        var save = IssuedSecret.SaveOption();
        var verb = new Verb(connection, "rotate", "Give a sender a new secret", "healthml sources secret rotate general-hospital --keep-former-hours 48 --save sender.secret");
        verb.Add(source);
        verb.Add(keep);
        verb.Add(save);
        return verb.Does(async (asked, session, stop) => IssuedSecret.Show(session,
            await session.Silo.Post(ApiPath.Of("sources", asked.GetRequiredValue(source), "secret"), new JsonObject { ["keepFormerHours"] = asked.GetValue(keep) }, stop),
            "secret", asked.GetRequiredValue(source), asked.GetValue(save)));
    }
}
