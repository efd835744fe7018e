using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Models;

/// <summary><c>healthml models register</c>: makes a package the next version of its model.</summary>
public static class ModelsRegisterCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var package = new Option<string?>("--package") { Description = "Package file to send first", HelpName = "FILE" };
        var digest = new Option<string?>("--digest") { Description = "SHA-256 of a package that the server holds", HelpName = "SHA256" };
        var verb = new Verb(connection, "register", "Register a package as a model version", "healthml models register --package deterioration.zip");
        verb.Add(package);
        verb.Add(digest);
        verb.Validators.Add(given =>
        {
            if (given.GetValue(package) is null == given.GetValue(digest) is null) given.AddError("Give either --package or --digest.");
        });
        return verb.Does(async (asked, session, stop) =>
        {
            var registered = asked.GetValue(package) is { } file ? await Send(session, file, stop) : PackageDigest.Parse(asked.GetValue(digest) ?? "");
            var answer = await session.Silo.Post(ApiPath.Of("models"), new JsonObject { ["packageDigest"] = registered.Hex }, stop);
            session.Screen.Show(answer, version => JsonTree.Of(version, JsonWords.Of(version.Field("version"))));
        });
    }

    private static async Task<PackageDigest> Send(Session session, string file, CancellationToken stop)
    {
        var ours = await PackageDigest.OfFile(file, stop);
        JsonElement answer = await session.Silo.Put(ApiPath.Of("packages"), () => Content(file), stop);
        var theirs = PackageDigest.Parse(answer.Words("digest") ?? "");
        return theirs == ours
            ? ours
            : throw new CommandFailed(ExitCode.Mismatch, $"The server stored {theirs.Hex}, but '{file}' is {ours.Hex}. Nothing was registered.");
    }

    private static StreamContent Content(string file)
    {
        var content = new StreamContent(File.OpenRead(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return content;
    }
}
