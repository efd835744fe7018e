using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary><c>healthml clients</c>: programs that ask for tokens with a key of their own.</summary>
public static class ClientsCommands
{
    public static IEnumerable<Verb> All(ConnectionOptions connection) => [List(connection), Add(connection), Disable(connection)];

    private static Verb List(ConnectionOptions connection) =>
        new Verb(connection, "list", "List the registered programs", "healthml clients list")
            .Does(async (_, session, stop) => session.Screen.Show(await session.Silo.Get(ApiPath.Of("clients"), stop),
                answer => JsonTable.Of(answer, "id", "name", "roles", "scopes", "source", "keys", "disabled")));

    private static Verb Add(ConnectionOptions connection)
    {
        var id = new Argument<string>("CLIENT") { Description = "Its client id" };
        var name = new Option<string>("--name") { Description = "What it is called", HelpName = "NAME", Required = true };
        var role = new Option<string[]>("--role") { Description = "clinical-app or sender; may be repeated", HelpName = "ROLE", Required = true };
        var scope = new Option<string[]>("--scope") { Description = "A SMART scope that it may ask for; may be repeated", HelpName = "SCOPE", Required = true };
        var source = new Option<string?>("--source") { Description = "The only source that it acts for", HelpName = "SOURCE" };
        var jwks = new Option<string?>("--jwks") { Description = "File with its public keys (JWKS)", HelpName = "FILE" };
        var url = new Option<string?>("--jwks-url") { Description = "Where its public keys are; must be in the egress register", HelpName = "URL" };
        var verb = new Verb(connection, "add", "Register a program (SMART Backend Services)",
            "healthml clients add ward-app --name 'Ward app' --role clinical-app --scope system/RiskAssessment.rs --jwks ward-app.jwks.json");
        verb.Add(id);
        foreach (var option in new Option[] { name, role, scope, source, jwks, url }) verb.Add(option);
        verb.Validators.Add(given =>
        {
            if (given.GetValue(jwks) is null == given.GetValue(url) is null) given.AddError("Give either --jwks or --jwks-url.");
        });
        return verb.Does(async (asked, session, stop) =>
        {
            var body = new JsonObject
            {
                ["id"] = asked.GetRequiredValue(id), ["name"] = asked.GetRequiredValue(name), ["roles"] = UsersCommands.Words(asked.GetValue(role)),
                ["scopes"] = UsersCommands.Words(asked.GetValue(scope)), ["source"] = asked.GetValue(source), ["jwksUrl"] = asked.GetValue(url),
                ["jwks"] = asked.GetValue(jwks) is { } file ? Keys(await File.ReadAllTextAsync(file, stop), file) : null,
            };
            session.Screen.Show(await session.Silo.Post(ApiPath.Of("clients"), body, stop), answer => JsonTree.Of(answer, asked.GetRequiredValue(id)));
        });
    }

    private static Verb Disable(ConnectionOptions connection)
    {
        var id = new Argument<string>("CLIENT") { Description = "Its client id" };
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var verb = new Verb(connection, "disable", "Shut a program out for good; tokens that it holds end too", "healthml clients disable ward-app --yes");
        verb.Add(id);
        verb.Add(yes);
        return verb.Does(async (asked, session, stop) =>
        {
            session.Confirm($"Shut {asked.GetRequiredValue(id)} out for good?", asked.GetValue(yes));
            session.Screen.Show(await session.Silo.Post(ApiPath.Of("clients", asked.GetRequiredValue(id), "disable"), null, stop), answer => JsonTree.Of(answer, "disabled"));
        });
    }

    private static JsonNode? Keys(string text, string file)
    {
        try { return JsonNode.Parse(text); }
        catch (JsonException) { throw new CommandFailed(ExitCode.Usage, $"'{file}' is not JSON."); }
    }
}
