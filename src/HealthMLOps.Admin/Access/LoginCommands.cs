using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary><c>healthml login</c> and <c>healthml profiles list</c>: several servers, each with its credential's file.</summary>
public static class LoginCommands
{
    /// <summary>Asks the server who we are, and remembers it under a name.</summary>
    public static Verb Login(ConnectionOptions connection)
    {
        var name = new Option<string>("--as") { Description = "Name of the profile", HelpName = "NAME", DefaultValueFactory = _ => "default" };
        var verb = new Verb(connection, "login", "Check a credential and remember server and file as a profile",
            "healthml login --as ward --server https://silo.hospital.example --credential-file anna.credential");
        verb.Add(name);
        return verb.Does(async (asked, session, stop) =>
        {
            var me = await session.Silo.Get(ApiPath.Of("me"), stop);
            var profile = connection.Chosen(asked);
            Profiles.Read(session.Terminal).With(asked.GetRequiredValue(name), profile with
            {
                CredentialFile = Path.GetFullPath(profile.CredentialFile), Authority = profile.Authority is { } authority ? Path.GetFullPath(authority) : null,
            }).Write(session.Terminal);
            session.Screen.Show(me, person => JsonTree.Of(person, $"logged in to {profile.Server}"));
        });
    }

    public static Verb List(ConnectionOptions connection) =>
        new Verb(connection, "list", "List the profiles", "healthml profiles list").DoesOffline((_, screen, _) =>
        {
            var profiles = Profiles.Read(connection.Terminal);
            var rows = new JsonArray([.. profiles.Known.Select(p => new JsonObject
            {
                ["name"] = p.Key, ["server"] = p.Value.Server, ["credentialFile"] = p.Value.CredentialFile, ["authority"] = p.Value.Authority, ["current"] = p.Key == profiles.Current,
            })]);
            screen.Show(JsonSerializer.SerializeToElement(rows), answer => JsonTable.Of(answer, "name", "server", "credentialFile", "authority", "current"));
            return Task.CompletedTask;
        });
}
