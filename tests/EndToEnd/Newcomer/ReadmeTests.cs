using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Newcomer;

/// <summary>What the README tells a newcomer to type, typed.</summary>
public sealed partial class ReadmeTests(Sites sites)
{
    [Fact]
    public async Task The_five_minutes_of_curl_work_as_written()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        await using var silo = await site.Start();
        var script = Curl().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), TestContext.Current.CancellationToken)).Groups[1].Value
            .Replace("localhost:8080", $"127.0.0.1:{silo.Port}", StringComparison.Ordinal).Replace("data/", site.Data + "/", StringComparison.Ordinal);
        Assert.Contains("fhir -X PUT", script, StringComparison.Ordinal);

        var answers = (await Bash(script)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.Equal(["created", "created", "created", "repeated"], answers.Take(4).Select(Outcome));
        Assert.Equal("accepted", Outcome(answers[4]));
        Assert.Equal("unit", Outcome(answers[5]));
        Assert.Equal("unit", answers[6].GetProperty("items")[0].GetProperty("reason").GetString());
        var features = answers[7].GetProperty("features");
        Assert.Equal(39, features.GetProperty("body-temperature-last").GetDouble());
        Assert.Equal(118, features.GetProperty("heart-rate-last").GetDouble());
        Assert.Equal(76, features.GetProperty("age").GetDouble());
        Assert.Equal(4, answers[8].GetProperty("facts").GetArrayLength());
        Assert.Equal("no-model", answers[9].GetProperty("noScore").GetProperty("reason").GetString());
        Assert.Equal("searchset", answers[10].GetProperty("type").GetString());
    }

    private static string? Outcome(JsonElement answer) =>
        answer.GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString();

    private static async Task<string> Bash(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-s"]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        var said = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        return said;
    }

    [GeneratedRegex("<!-- curl: begin -->\n```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Curl();
}
