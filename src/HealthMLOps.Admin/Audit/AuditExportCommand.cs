using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit export</c>: the record as a file that verifies without the server.</summary>
public static class AuditExportCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var file = new Option<string>("--out") { Description = "File to write", HelpName = "FILE", Required = true };
        var from = new Option<long?>("--from") { Description = "Begin at this size of an earlier checkpoint", HelpName = "SIZE" };
        var verb = new Verb(connection, "export", "Export the record to a file", "healthml audit export --out record.ndjson");
        verb.Add(file);
        verb.Add(from);
        return verb.Does(async (asked, session, stop) =>
        {
            var (path, unfinished) = (asked.GetRequiredValue(file), asked.GetRequiredValue(file) + ".unfinished");
            try
            {
                await session.Silo.Download(ApiPath.Of("audit", "export").Where(("from", asked.GetValue(from)?.ToString(CultureInfo.InvariantCulture))), async bytes =>
                {
                    await using var saved = File.Create(unfinished);
                    await bytes.CopyToAsync(saved, stop);
                }, stop);
                File.Move(unfinished, path, overwrite: true);
            }
            finally { File.Delete(unfinished); }
            session.Screen.Show(JsonSerializer.SerializeToElement(new { file = path, bytes = new FileInfo(path).Length }), answer => JsonTree.Of(answer, "exported"));
        });
    }
}
