using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary><c>healthml break-glass</c>: emergency access to one patient or one unit, and its review.</summary>
public static class BreakGlassCommands
{
    public static IEnumerable<Verb> All(ConnectionOptions connection) => [Open(connection), List(connection), Show(connection), Review(connection)];

    private static Verb Open(ConnectionOptions connection)
    {
        var reason = new Option<string>("--reason") { Description = "emergency-care, cover-of-absence, patient-safety-investigation or system-failure", HelpName = "CODE", Required = true };
        var why = new Option<string>("--explanation") { Description = "Why, in your words (10 letters at least); kept encrypted", HelpName = "TEXT", Required = true };
        var patient = new Option<string?>("--patient") { Description = "The EHR's patient id", HelpName = "ID" };
        var source = new Option<string?>("--source") { Description = "The patient's EHR", HelpName = "SOURCE" };
        var unit = new Option<string?>("--unit") { Description = "One unit's patients", HelpName = "UNIT" };
        var minutes = new Option<int?>("--minutes") { Description = "1 to 60 (default 30)", HelpName = "N" };
        var again = new Option<string?>("--credential-again") { Description = "File with your credential, given a second time; without it you are asked", HelpName = "FILE" };
        var verb = new Verb(connection, "open", "Break glass: on the record at once, reviewed within 2 work days",
            "healthml break-glass open --reason emergency-care --explanation 'Called to a collapsed patient' --patient anna --credential-again my.credential");
        foreach (var option in new Option[] { reason, why, patient, source, unit, minutes, again }) verb.Add(option);
        verb.Validators.Add(given =>
        {
            if (given.GetValue(patient) is null == given.GetValue(unit) is null) given.AddError("Give either --patient or --unit.");
        });
        return verb.Does(async (asked, session, stop) =>
        {
            var answer = await session.Silo.Post(ApiPath.Of("break-glass"), new JsonObject
            {
                ["reason"] = asked.GetRequiredValue(reason), ["explanation"] = asked.GetRequiredValue(why), ["patient"] = asked.GetValue(patient),
                ["source"] = asked.GetValue(source), ["unit"] = asked.GetValue(unit), ["minutes"] = asked.GetValue(minutes),
                ["credential"] = (asked.GetValue(again) is { } file ? Credential.Read(file) : Typed(session)).Repeated(),
            }, stop);
            session.Screen.Show(answer, use => JsonTree.Of(use, "open"));
        });
    }

    private static Verb List(ConnectionOptions connection) =>
        new Verb(connection, "list", "List all uses and their reviews", "healthml break-glass list")
            .Does(async (_, session, stop) => session.Screen.Show(await session.Silo.Get(ApiPath.Of("break-glass"), stop),
                answer => JsonTable.Of(answer, "id", "person", "reason", "patient", "unit", "opened", "closes", "reviewDue", "overdue", "verdict")));

    private static Verb Show(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "The use, such as glass-1" };
        var verb = new Verb(connection, "show", "Show one use with its explanation", "healthml break-glass show glass-1");
        verb.Add(id);
        return verb.Does(async (asked, session, stop) => session.Screen.Show(
            await session.Silo.Get(ApiPath.Of("break-glass", asked.GetRequiredValue(id)), stop), answer => JsonTree.Of(answer, asked.GetRequiredValue(id))));
    }

    private static Verb Review(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "The use, such as glass-1" };
        var verdict = new Option<string>("--verdict") { Description = "justified or not-justified", HelpName = "WORD", Required = true };
        verdict.AcceptOnlyFromAmong("justified", "not-justified");
        var verb = new Verb(connection, "review", "Review a use; one that is still open ends", "healthml break-glass review glass-1 --verdict justified");
        verb.Add(id);
        verb.Add(verdict);
        return verb.Does(async (asked, session, stop) => session.Screen.Show(
            await session.Silo.Post(ApiPath.Of("break-glass", asked.GetRequiredValue(id), "review"), new JsonObject { ["verdict"] = asked.GetRequiredValue(verdict) }, stop),
            answer => JsonTree.Of(answer, asked.GetRequiredValue(id))));
    }

    private static Credential Typed(Session session)
    {
        if (!session.Terminal.IsInteractive) throw new CommandFailed(ExitCode.Usage, "Breaking glass needs your credential a second time: name its file with --credential-again.");
        session.Terminal.Error.Write("Your credential, to break glass: ");
        return Credential.Of(session.Terminal.In.ReadLine() ?? "", "What was typed");
    }
}
