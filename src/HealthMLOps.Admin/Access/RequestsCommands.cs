using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary><c>healthml requests</c>: what waits for a second person in managing people, programs and keys.</summary>
public static class RequestsCommands
{
    public static IEnumerable<Verb> All(ConnectionOptions connection) => [List(connection), Show(connection), Confirm(connection), Withdraw(connection)];

    private static Verb List(ConnectionOptions connection) =>
        new Verb(connection, "list", "List what was asked, newest first", "healthml requests list --output json")
            .Does(async (_, session, stop) => session.Screen.Show(await session.Silo.Get(ApiPath.Of("requests"), stop),
                answer => JsonTable.Of(answer, "request", "state", "act", "subject", "askedBy", "askedAt", "expires", "confirmedBy", "withdrawnBy")));

    private static Verb Show(ConnectionOptions connection)
    {
        var id = Id();
        var verb = new Verb(connection, "show", "Show one request with the exact text that is confirmed", "healthml requests show ask-7");
        verb.Add(id);
        return verb.Does(async (asked, session, stop) => session.Screen.Show(
            await session.Silo.Get(ApiPath.Of("requests", asked.GetRequiredValue(id)), stop), answer => JsonTree.Of(answer, asked.GetRequiredValue(id))));
    }

    private static Verb Confirm(ConnectionOptions connection)
    {
        var id = Id();
        var digest = new Option<string?>("--digest") { Description = "The request that you have seen; without it the request is shown now", HelpName = "SHA256" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var verb = new Verb(connection, "confirm", "Be the second person: another one than who asked, in another role", "healthml requests confirm ask-7");
        var save = IssuedSecret.SaveOption();
        verb.Add(id);
        verb.Add(digest);
        verb.Add(yes);
        verb.Add(save);
        return verb.Does(async (asked, session, stop) =>
        {
            var name = asked.GetRequiredValue(id);
            var seen = asked.GetValue(digest) ?? await Seen(session, name, asked.GetValue(yes), stop);
            IssuedSecret.Show(session, await session.Silo.Post(ApiPath.Of("requests", name, "confirm"), new JsonObject { ["digest"] = seen }, stop), IssuedSecret.SecondHalf, name, asked.GetValue(save));
        });
    }

    private static Verb Withdraw(ConnectionOptions connection)
    {
        var id = Id();
        var verb = new Verb(connection, "withdraw", "Take a request back, or say no to it", "healthml requests withdraw ask-7");
        verb.Add(id);
        return verb.Does(async (asked, session, stop) => session.Screen.Show(
            await session.Silo.Post(ApiPath.Of("requests", asked.GetRequiredValue(id), "withdraw"), null, stop), answer => JsonTree.Of(answer, asked.GetRequiredValue(id))));
    }

    private static async Task<string> Seen(Session session, string id, bool saidYes, CancellationToken stop)
    {
        var shown = await session.Silo.Get(ApiPath.Of("requests", id), stop);
        session.Screen.Note($"{shown.Words("askedBy")} asks: {shown.Words("act")} {shown.Words("subject")} ({shown.Words("text")})");
        session.Confirm("Confirm this?", saidYes);
        return shown.Words("digest") ?? throw new CommandFailed(ExitCode.Refused, $"The server shows no digest of {id}.");
    }

    private static Argument<string> Id() => new("ID") { Description = "The request, such as ask-7" };
}
