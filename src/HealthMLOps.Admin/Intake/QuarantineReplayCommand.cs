using System.CommandLine;
using System.Text.Json;
using HealthMLOps.Hosting;

namespace HealthMLOps.Intake;

/// <summary><c>healthml quarantine replay</c>: tries quarantined input again after what was wrong has been put right.</summary>
public static class QuarantineReplayCommand
{
    /// <summary>Replaying everything may take the server this long.</summary>
    public static readonly TimeSpan AnswerTimeMax = TimeSpan.FromHours(1);

    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string?>("ID") { Description = "Id of one quarantined input", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Replay every open input that matches" };
        var reason = new Option<string?>("--reason") { Description = "With --all: only for this reason", HelpName = "REASON" };
        var source = new Option<string?>("--source") { Description = "With --all: only from this EHR", HelpName = "NAME" };
        var yes = new Option<bool>("--yes") { Description = "Don't ask" };
        var verb = new Verb(connection, "replay", "Try quarantined input again", "healthml quarantine replay --all --reason unknown-unit --yes");
        verb.Add(id);
        foreach (var option in new Option[] { all, reason, source, yes }) verb.Add(option);
        verb.Validators.Add(given =>
        {
            if (given.GetValue(id) is null != given.GetValue(all)) given.AddError("Give either an ID or --all.");
            if (!given.GetValue(all) && (given.GetValue(reason) ?? given.GetValue(source)) is not null) given.AddError("--reason and --source go with --all.");
        });
        return verb.Does(async (asked, session, stop) => session.Screen.Show(
            asked.GetValue(id) is { } one
                ? await session.Silo.Post(ApiPath.Of("quarantine", one, "replay"), body: null, stop)
                : await ReplayAll(session, asked.GetValue(reason), asked.GetValue(source), asked.GetValue(yes), stop),
            answer => JsonTree.Of(answer, "replayed")));
    }

    private static Task<JsonElement> ReplayAll(Session session, string? reason, string? source, bool saidYes, CancellationToken stop)
    {
        session.Confirm("Replay every open input in quarantine that matches?", saidYes);
        var path = ApiPath.Of("quarantine", "replay").Where(("reason", reason), ("source", source));
        return session.Silo.Post(path, body: null, AnswerTimeMax, stop);
    }
}
