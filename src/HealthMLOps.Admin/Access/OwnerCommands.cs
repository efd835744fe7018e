using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary><c>healthml owner</c>: the credential of an embedded silo, and its replacement by named people.</summary>
public static class OwnerCommands
{
    public static IEnumerable<Verb> All(ConnectionOptions connection) =>
    [
        Rotate(connection),
        Set(connection, "disable", "Let only named people in (one of them must be able to manage people)"),
        Set(connection, "enable", "Let the owner's credential in again"),
    ];

    private static Verb Rotate(ConnectionOptions connection)
    {
        var save = IssuedSecret.SaveOption();
        var verb = new Verb(connection, "rotate", "Give the owner a new credential; the former one ends at once", "healthml owner rotate --save owner.credential");
        verb.Add(save);
        return verb.Does(async (asked, session, stop) =>
            IssuedSecret.Show(session, await session.Silo.Post(ApiPath.Of("owner", "rotate"), null, stop), "credential", "owner", asked.GetValue(save)));
    }

    private static Verb Set(ConnectionOptions connection, string verb, string description) =>
        new Verb(connection, verb, description, $"healthml owner {verb}").Does(async (_, session, stop) =>
            session.Screen.Show(await session.Silo.Post(ApiPath.Of("owner", verb), null, stop), answer => JsonTree.Of(answer, "owner")));
}
