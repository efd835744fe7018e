using System.Security.Cryptography;
using HealthMLOps.Hosting;

namespace HealthMLOps.Tests.Unit.Admin;

public sealed class TrainAndModelsTests : IDisposable
{
    private static readonly string[] Order = ["train", "--set", "s", "--cohort", "c", "--label", "l", "--algorithm", "fasttree", "--register"];

    private readonly AnOperator _operator = new();

    public void Dispose() => _operator.Dispose();

    [Fact]
    public async Task A_run_is_followed_to_its_end()
    {
        var polls = 0;
        await using var silo = await StubSilo.Start(asked => asked.Method == "POST" ? new Reply(202, """{"id":"r1"}""")
            : ++polls < 3 ? Reply.Json("""{"id":"r1","state":"running","stage":"fitting","progress":0.5}""")
            : Reply.Json("""{"id":"r1","state":"succeeded","metrics":{"auroc":0.81},"packageDigest":"ab","registered":"deterioration@1"}"""));
        Assert.Equal(ExitCode.Done, await _operator.Types(silo.Address, Order));
        Assert.Equal("""{"featureSet":"s","cohort":"c","label":"l","algorithm":"fasttree","seed":1,"folds":5,"model":null,"register":true}""", silo.Asked[0].Text);
        Assert.Equal(3, polls);
        Assert.Contains("0.81", _operator.Out, StringComparison.Ordinal);
        Assert.Contains("deterioration@1", _operator.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_run_ends_with_1_and_its_error()
    {
        await using var silo = await StubSilo.Start(asked =>
            Reply.Json(asked.Method == "POST" ? """{"id":"r1"}""" : """{"id":"r1","state":"failed","error":"Too few labels: 3."}"""));
        Assert.Equal(ExitCode.Refused, await _operator.Types(silo.Address, Order));
        Assert.Contains("Too few labels: 3.", _operator.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_is_sent_then_registered_by_its_digest()
    {
        var file = _operator.Keeps("m.zip", "package");
        await using var silo = await StubSilo.Start(asked =>
            Reply.Json(asked.Method == "PUT" ? $$"""{"digest":"{{Digest(asked.Body)}}"}""" : """{"version":"m@1"}"""));
        Assert.Equal(ExitCode.Done, await _operator.Types(silo.Address, "models", "register", "--package", file));
        Assert.Equal($$"""{"packageDigest":"{{Digest("package"u8)}}"}""", silo.Asked[1].Text);
    }

    [Fact]
    public async Task A_package_that_arrived_changed_is_not_registered()
    {
        var file = _operator.Keeps("m.zip", "package");
        await using var silo = await StubSilo.Start(_ => Reply.Json($$"""{"digest":"{{Digest("other"u8)}}"}"""));
        Assert.Equal(ExitCode.Mismatch, await _operator.Types(silo.Address, "models", "register", "--package", file));
        Assert.Single(silo.Asked);
    }

    [Theory]
    [InlineData("package", ExitCode.Done)]
    [InlineData("tampered", ExitCode.Mismatch)]
    public async Task A_download_is_kept_only_when_its_digest_is_the_one_asked_for(string sent, int exitCode)
    {
        var file = Path.Combine(_operator.Folder, "got.zip");
        await using var silo = await StubSilo.Start(_ => new Reply(200, sent, "application/octet-stream"));
        Assert.Equal(exitCode, await _operator.Types(silo.Address, "models", "download", Digest("package"u8), "--out", file));
        Assert.Equal(exitCode == ExitCode.Done, File.Exists(file));
        Assert.False(File.Exists(file + ".unproven"));
    }

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
