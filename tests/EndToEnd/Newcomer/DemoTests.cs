using System.Net;
using HealthMLOps.Tests.EndToEnd.Processes;
using HealthMLOps.Tests.Shared;

namespace HealthMLOps.Tests.EndToEnd.Newcomer;

/// <summary>The first command that a newcomer types.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_trains_streams_scores_and_reuses_its_data()
    {
        var folder = Directory.CreateTempSubdirectory("healthml-demo-").FullName;
        try
        {
            var first = await Demo(folder);
            Assert.Contains("trained deterioration@1", first, StringComparison.Ordinal);
            Assert.Contains("first scored patient", first, StringComparison.Ordinal);
            Assert.Matches(@"Scored now: [1-9]\d* patients", first);

            var second = await Demo(folder);
            Assert.Contains("history and model are there from an earlier run", second, StringComparison.Ordinal);
            Assert.Contains("first scored patient", second, StringComparison.Ordinal);

            await using var serve = ChildProcess.Start(Silo, ["serve", "--data", folder, "--urls", "http://127.0.0.1:" + Ports.Free()]);
            Assert.Equal(2, await serve.Ended());
            Assert.Contains("is a demo's", serve.Complained, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Long enough for a machine that does other work beside; the demo itself promises two minutes to the first score.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private static string Silo => Repository.Program("HealthMLOps.Silo", "HealthMLOps.Silo");

    private static async Task<string> Demo(string folder)
    {
        await using var demo = ChildProcess.Start(Silo, ["demo", "--once", "--data", folder, "--urls", "http://" + IPAddress.Loopback + ":" + Ports.Free()]);
        var code = await demo.Ended(Patience);
        Assert.True(code == 0, $"The demo ended with {code}: {demo.Complained}");
        return demo.Said;
    }
}
