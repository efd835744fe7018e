using System.CommandLine;
using System.Text.Json;
using HealthMLOps.Hosting;

namespace HealthMLOps.Models;

/// <summary><c>healthml models download</c>: fetches a package and proves offline that it is the one asked for.</summary>
public static class ModelsDownloadCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var digest = new Argument<string>("DIGEST") { Description = "SHA-256 of the package" };
        var file = new Option<string>("--out") { Description = "File to write", HelpName = "FILE", Required = true };
        var verb = new Verb(connection, "download", "Download a model package and verify its digest",
            "healthml models download 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --out deterioration.zip");
        verb.Add(digest);
        verb.Add(file);
        return verb.Does((asked, session, stop) =>
            Download(session, PackageDigest.Parse(asked.GetRequiredValue(digest)), asked.GetRequiredValue(file), stop));
    }

    private static async Task Download(Session session, PackageDigest wanted, string file, CancellationToken stop)
    {
        var unproven = file + ".unproven";
        try
        {
            await session.Silo.Download(ApiPath.Of("packages", wanted.Hex), bytes => Save(bytes, unproven, stop), stop);
            var got = await PackageDigest.OfFile(unproven, stop);
            if (got != wanted) throw new CommandFailed(ExitCode.Mismatch, $"The server sent {got.Hex} for {wanted.Hex}. Nothing was kept.");
            File.Move(unproven, file, overwrite: true);
        }
        finally
        {
            File.Delete(unproven);
        }
        var proof = JsonSerializer.SerializeToElement(new { digest = wanted.Hex, file, bytes = new FileInfo(file).Length, verified = true });
        session.Screen.Show(proof, answer => JsonTree.Of(answer, "package"));
    }

    private static async Task Save(Stream bytes, string file, CancellationToken stop)
    {
        await using var saved = File.Create(file);
        await bytes.CopyToAsync(saved, stop);
    }
}
