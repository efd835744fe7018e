using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary><c>healthml users</c>: people, what they may do, and their credentials.</summary>
public static class UsersCommands
{
    public static IEnumerable<Verb> All(ConnectionOptions connection) => [List(connection), Add(connection), Roles(connection), Disable(connection)];

    private static Verb List(ConnectionOptions connection) =>
        new Verb(connection, "list", "List the people", "healthml users list --output json")
            .Does(async (_, session, stop) => session.Screen.Show(await session.Silo.Get(ApiPath.Of("users"), stop),
                answer => JsonTable.Of(answer, "id", "name", "roles", "units", "credentials", "disabled")));

    private static Verb Add(ConnectionOptions connection)
    {
        var (id, roles, units, days, save) = (Person(), RolesOption(), UnitsOption(), DaysOption(), IssuedSecret.SaveOption());
        var name = new Option<string>("--name") { Description = "Printed name, as it stands on signatures", HelpName = "NAME", Required = true };
        var verb = new Verb(connection, "add", "Take a person in and give them a credential", "healthml users add p-anna --name 'Anna Berg' --role operator --save anna.credential");
        verb.Add(id);
        foreach (var option in new Option[] { name, roles, units, days, save }) verb.Add(option);
        return verb.Does(async (asked, session, stop) =>
        {
            var answer = await session.Silo.Post(ApiPath.Of("users"), new JsonObject
            {
                ["id"] = asked.GetRequiredValue(id), ["name"] = asked.GetRequiredValue(name), ["roles"] = Words(asked.GetValue(roles)),
                ["units"] = Words(asked.GetValue(units)), ["expiresInDays"] = asked.GetValue(days),
            }, stop);
            IssuedSecret.Show(session, answer, "credential", asked.GetRequiredValue(id), asked.GetValue(save));
        });
    }

    private static Verb Roles(ConnectionOptions connection)
    {
        var (id, roles, units) = (Person(), RolesOption(), UnitsOption());
        var verb = new Verb(connection, "roles", "Set all roles and units of a person", "healthml users roles p-anna --role operator --role auditor");
        verb.Add(id);
        verb.Add(roles);
        verb.Add(units);
        return verb.Does(async (asked, session, stop) =>
        {
            var body = new JsonObject { ["roles"] = Words(asked.GetValue(roles)), ["units"] = Words(asked.GetValue(units)) };
            session.Screen.Show(await session.Silo.Put(ApiPath.Of("users", asked.GetRequiredValue(id), "roles"), () => System.Net.Http.Json.JsonContent.Create(body), stop),
                answer => JsonTree.Of(answer, asked.GetRequiredValue(id)));
        });
    }

    private static Verb Disable(ConnectionOptions connection)
    {
        var id = Person();
        var yes = new Option<bool>("--yes") { Description = "Do not ask" };
        var verb = new Verb(connection, "disable", "Shut a person out for good", "healthml users disable p-anna --yes");
        verb.Add(id);
        verb.Add(yes);
        return verb.Does(async (asked, session, stop) =>
        {
            session.Confirm($"Shut {asked.GetRequiredValue(id)} out for good?", asked.GetValue(yes));
            session.Screen.Show(await session.Silo.Post(ApiPath.Of("users", asked.GetRequiredValue(id), "disable"), null, stop), answer => JsonTree.Of(answer, "disabled"));
        });
    }

    /// <summary><c>healthml users credential rotate</c>: one's own credential, or as an administrator another's.</summary>
    public static Verb RotateCredential(ConnectionOptions connection)
    {
        var id = new Argument<string?>("PERSON") { Description = "Whose; without it your own", Arity = ArgumentArity.ZeroOrOne };
        var keep = new Option<int?>("--keep-former-hours") { Description = "Hours for which the former credential goes on (default 0)", HelpName = "N" };
        var (days, save) = (DaysOption(), IssuedSecret.SaveOption());
        var verb = new Verb(connection, "rotate", "Give a new credential; the former one ends", "healthml users credential rotate --save new.credential");
        verb.Add(id);
        foreach (var option in new Option[] { keep, days, save }) verb.Add(option);
        return verb.Does(async (asked, session, stop) =>
        {
            var path = asked.GetValue(id) is { } other ? ApiPath.Of("users", other, "credential") : ApiPath.Of("me", "credential");
            var answer = await session.Silo.Post(path, new JsonObject { ["keepFormerHours"] = asked.GetValue(keep), ["expiresInDays"] = asked.GetValue(days) }, stop);
            IssuedSecret.Show(session, answer, "credential", "new credential", asked.GetValue(save));
        });
    }

    internal static JsonArray? Words(string[]? words) => words is not { Length: > 0 } ? null : new JsonArray([.. words.Select(word => (JsonNode)word)]);

    private static Argument<string> Person() => new("PERSON") { Description = "The person's id, such as p-anna" };

    private static Option<string[]> RolesOption() => new("--role")
    {
        Description = "operator, data-scientist, ml-engineer, clinician-reviewer, bedside-clinician, compliance, auditor or it-security; may be repeated", HelpName = "ROLE", Required = true,
    };

    private static Option<string[]> UnitsOption() => new("--unit") { Description = "Only patients of this unit; may be repeated", HelpName = "UNIT" };

    private static Option<int?> DaysOption() => new("--expires-in-days") { Description = "Life of the credential (default 365)", HelpName = "N" };
}
