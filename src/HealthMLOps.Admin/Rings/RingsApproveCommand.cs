using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary><c>healthml rings approve</c>: signs a model's open plan, after it has been shown.</summary>
public static class RingsApproveCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var model = RingOptions.Model();
        var role = new Option<string?>("--role") { Description = "The role to sign in, where you have several", HelpName = "ROLE" };
        var digest = new Option<string?>("--digest") { Description = "The plan that you have seen; without it the plan is shown now", HelpName = "SHA256" };
        var again = new Option<string?>("--credential-again") { Description = "File with your credential, given a second time; without it you are asked", HelpName = "FILE" };
        var yes = RingOptions.Yes();
        var verb = new Verb(connection, "approve", "Sign a model's open plan (needs your credential a second time)",
            "healthml rings approve sepsis --role clinician-reviewer --credential-again ./my-credential");
        verb.Add(model);
        foreach (var option in new Option[] { role, digest, again, yes }) verb.Add(option);
        return verb.Does(async (asked, session, stop) =>
        {
            var name = asked.GetRequiredValue(model);
            var seen = asked.GetValue(digest) ?? await Seen(session, name, asked.GetValue(yes), stop);
            var answer = await session.Silo.Post(ApiPath.Of("rings", name, "approve"), new JsonObject
            {
                ["digest"] = seen, ["role"] = asked.GetValue(role), ["credential"] = session.CredentialAgain(asked.GetValue(again)).Repeated(), ["command"] = RingOptions.NewCommand(),
            }, stop);
            session.Screen.Show(answer, RingPictures.Whole);
        });
    }

    private static async Task<string> Seen(Session session, string model, bool saidYes, CancellationToken stop)
    {
        var shown = await session.Silo.Get(ApiPath.Of("rings", model), stop);
        if (shown.Field("plan") is not { ValueKind: JsonValueKind.Object } plan) throw new CommandFailed(ExitCode.Refused, $"{model} has no open plan.");
        session.Screen.Note($"You sign: {plan.Words("signs")}");
        session.Confirm("Sign this plan?", saidYes);
        return plan.Words("digest") ?? "";
    }
}
