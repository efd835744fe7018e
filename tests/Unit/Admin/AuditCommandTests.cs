using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HealthMLOps.Audit;
using HealthMLOps.Hosting;
using HealthMLOps.Tests.Unit.Audit;

namespace HealthMLOps.Tests.Unit.Admin;

public sealed class AuditCommandTests : IDisposable
{
    private const string NoServer = "http://127.0.0.1:1";

    private readonly AnOperator _operator = new();
    private readonly ARecord _record = ARecord.Of(events: 40, between: 10);

    public void Dispose()
    {
        _operator.Dispose();
        _record.Dispose();
    }

    [Fact]
    public async Task Verifying_needs_no_server_and_no_credential()
    {
        File.Delete(_operator.CredentialFile);
        var (file, key) = (_operator.Keeps("record.ndjson", Whole(_record.Lines())), _operator.Keeps("record.pub", _record.Key.ToString()));
        var witness = _operator.Keeps("witness", string.Concat(_record.Checkpoints.Select(c => c.Note)));
        Assert.Equal(ExitCode.Done, await _operator.Types(NoServer, "audit", "verify", file, "--key", key, "--witness", witness, "--output", "json"));
        var verdict = JsonNode.Parse(_operator.Out)!;
        Assert.Equal((true, 40, 8), (verdict["sound"]!.GetValue<bool>(), verdict["entries"]!.GetValue<int>(), verdict["checkpoints"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_record_that_is_not_sound_ends_with_5_and_names_the_first_bad_entry()
    {
        var lines = _record.Lines();
        lines.RemoveAt(lines.FindIndex(l => l.StartsWith("{\"leaf\":17,", StringComparison.Ordinal)));
        var (file, key) = (_operator.Keeps("record.ndjson", Whole(lines)), _operator.Keeps("record.pub", _record.Key.ToString()));
        Assert.Equal(ExitCode.Mismatch, await _operator.Types(NoServer, "audit", "verify", file, "--key", key, "--output", "json"));
        Assert.Equal(17, JsonNode.Parse(_operator.Out)!["fault"]!["entry"]!.GetValue<int>());
        Assert.Contains("Entry 17 is missing", _operator.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_checkpoint_shows_that_a_file_is_cut()
    {
        using var longer = _record;
        var (file, key) = (_operator.Keeps("record.ndjson", Whole(longer.Lines())), _operator.Keeps("record.pub", longer.Key.ToString()));
        longer.Add(1, ARecord.Noon.AddDays(1));
        var later = _operator.Keeps("later", longer.Sign().Note);
        Assert.Equal(ExitCode.Mismatch, await _operator.Types(NoServer, "audit", "verify", file, "--key", key, "--to", later));
        Assert.Contains("41 entries", _operator.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_holds_something_else_is_wrong_use() =>
        Assert.Equal(ExitCode.Usage, await _operator.Types(NoServer, "audit", "verify", _operator.Keeps("r", ""), "--key", _operator.Keeps("record.pub", "hello")));

    [Theory]
    [InlineData(false, ExitCode.Done)]
    [InlineData(true, ExitCode.Mismatch)]
    public async Task A_proof_is_checked_here_and_not_believed(bool forged, int exitCode)
    {
        var key = _operator.Keeps("record.pub", _record.Key.ToString());
        var at = _record.Events.FindIndex(e => e.Place == new AuditPlace(1, 7));
        var leaves = _record.Events.Select(e => e.Digest()).ToArray();
        var canonical = Encoding.UTF8.GetString(_record.Events[at].ToBytes());
        var answer = new JsonObject
        {
            ["leaf"] = at,
            ["canonical"] = forged ? canonical.Replace("risk.read", "risk.view", StringComparison.Ordinal) : canonical,
            ["proof"] = new JsonObject
            {
                ["checkpoint"] = _record.Checkpoints[^1].Note,
                ["path"] = new JsonArray([.. SlowTree.Path(at, leaves).Select(h => (JsonNode)Convert.ToHexStringLower(h))]),
            },
        };
        await using var silo = await StubSilo.Start(_ => Reply.Json(answer.ToJsonString()));
        Assert.Equal(exitCode, await _operator.Types(silo.Address, "audit", "proof", "1-7", "--key", key));
        Assert.Equal("/api/v1/audit/entries/1-7", silo.Asked.Single().Path);
    }

    [Fact]
    public async Task A_search_hands_its_filters_on()
    {
        await using var silo = await StubSilo.Start(_ => Reply.Json("""{"items":[],"next":null}"""));
        Assert.Equal(ExitCode.Done, await _operator.Types(silo.Address, "audit", "search", "--action", "ring.*", "--patient", "a b", "--count", "5"));
        Assert.Equal("?action=ring.%2A&patient=a%20b&count=5", silo.Asked.Single().Query);
    }

    [Fact]
    public async Task Keys_and_checkpoints_are_kept_in_files_as_an_auditor_needs_them()
    {
        await using var silo = await StubSilo.Start(asked => Reply.Json(asked.Path.EndsWith("keys", StringComparison.Ordinal)
            ? new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["id"] = _record.Key.IdText, ["line"] = _record.Key.ToString() }) }.ToJsonString()
            : new JsonObject { ["size"] = 40, ["note"] = _record.Checkpoints[^1].Note }.ToJsonString()));
        var (keys, note) = (Path.Combine(_operator.Folder, "k"), Path.Combine(_operator.Folder, "c"));
        await _operator.Types(silo.Address, "audit", "keys", "--out", keys);
        await _operator.Types(silo.Address, "audit", "checkpoints", "--now", "--out", note);
        Assert.Equal(_record.Key.ToString(), Assert.Single(AuditKey.ReadAll(await File.ReadAllTextAsync(keys, TestContext.Current.CancellationToken))).ToString());
        Assert.Equal("40", Assert.Single(SignedCheckpoint.ReadAll(await File.ReadAllTextAsync(note, TestContext.Current.CancellationToken))).Checkpoint.Size.ToString(CultureInfo.InvariantCulture));
    }

    private static string Whole(IEnumerable<string> lines) => string.Concat(lines.Select(l => l + "\n"));
}
