using System.Text;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Secrecy;

/// <summary>A session full of marked identifiers and text; then every place is searched where none may be.</summary>
public sealed class CanaryTests(Sites sites)
{
    private static readonly string[] Canaries = [Planted.Mark, Planted.Value];

    public static TheoryData<StorageProvider> Both => Sites.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task No_identifier_text_or_value_leaves_through_logs_metrics_errors_the_record_or_file_names(StorageProvider provider)
    {
        using var site = await sites.Fresh(provider);
        await using var silo = await site.Start();
        var owner = new Caller(silo, site.Owner);
        var planted = new Planted(silo, owner);

        await planted.SendWell();
        await planted.SendWrong();
        await planted.AskWrong();
        await planted.ActWithWords();
        var metrics = (await owner.Get("/metrics")).Text;
        var export = (await owner.Get("/api/v1/audit/export")).Text;
        var events = (await owner.Get("/fhir/AuditEvent?_count=1000")).Text;
        var status = (await owner.Get("/api/v1/status")).Text;
        var authorised = await owner.Read($"/api/v1/patients/{Planted.Patient}/history");
        Assert.Equal(0, await silo.Stop());

        Assert.Contains(Planted.Mark, authorised.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(Planted.Value, authorised.ToJsonString(), StringComparison.Ordinal);
        Assert.True(planted.Errors.Count > 250, $"{planted.Errors.Count} answers");
        Assert.All(planted.Errors, error => Holds(error, "an error's answer", error));
        Holds(metrics, "/metrics", At(metrics));
        Assert.Contains("\"risk.read\"", export, StringComparison.Ordinal);
        Holds(export, "the record's export", At(export));
        Holds(events, "/fhir/AuditEvent", At(events));
        Holds(status, "/api/v1/status", At(status));
        Assert.NotEmpty(silo.Log);
        Holds(silo.Log, "the log", At(silo.Log));
        await Files(site);
    }

    private static async Task Files(Site site)
    {
        var files = Directory.EnumerateFiles(site.Data, "*", SearchOption.AllDirectories).ToList();
        Assert.Contains(files, file => file.EndsWith("identity", StringComparison.Ordinal));
        foreach (var file in files)
        {
            Holds(file, "a file's name", file);
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            foreach (var canary in Canaries) Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(canary)) < 0, $"{Path.GetFileName(file)} holds '{canary}' in plain: {Around(bytes, canary)}");
        }
    }

    private static void Holds(string text, string place, string where)
    {
        foreach (var canary in Canaries) Assert.False(text.Contains(canary, StringComparison.OrdinalIgnoreCase), $"{place} tells '{canary}': {where}");
    }

    /// <summary>The first find with what stands around it, for the one who looks for the hole.</summary>
    private static string At(string text) => Canaries.Select(c => text.IndexOf(c, StringComparison.OrdinalIgnoreCase)).Where(i => i >= 0)
        .Select(i => text[Math.Max(0, i - 600)..Math.Min(text.Length, i + 300)]).FirstOrDefault("");

    private static string Around(byte[] bytes, string canary)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var finds = new List<string>();
        for (var at = text.IndexOf(canary, StringComparison.Ordinal); at >= 0 && finds.Count < 20; at = text.IndexOf(canary, at + 1, StringComparison.Ordinal))
            finds.Add(new string([.. text[Math.Max(0, at - 100)..Math.Min(text.Length, at + 60)].Where(c => c is >= ' ' and <= '~')]));
        return string.Join("\n", finds.Distinct());
    }
}
