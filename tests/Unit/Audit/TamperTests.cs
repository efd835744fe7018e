using System.Globalization;
using System.Text;
using CsCheck;
using HealthMLOps.Audit;

namespace HealthMLOps.Tests.Unit.Audit;

/// <summary>Whatever is done to an exported record, verification finds it and names the first bad entry.</summary>
public sealed class TamperTests : IDisposable
{
    private readonly ARecord _record = ARecord.Of(events: 40, between: 10);

    public void Dispose() => _record.Dispose();

    [Fact]
    public async Task An_untouched_record_is_sound()
    {
        var verdict = await _record.Verify(_record.Lines(), [.. _record.Checkpoints]);
        Assert.Null(verdict.Fault);
        Assert.Equal((40, 0, 8, 0), (verdict.Entries, verdict.Hidden, verdict.Checkpoints, verdict.ClockRegressions));
        Assert.Equal(_record.Tree.Root, verdict.Last!.Root);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(39)]
    public async Task A_deleted_entry_is_named(int entry)
    {
        var lines = _record.Lines();
        lines.RemoveAt(At(lines, entry));
        Assert.Equal(entry, (await Fault(lines)).Entry);
    }

    [Fact]
    public async Task A_deleted_entry_whose_followers_are_renumbered_is_named()
    {
        var lines = _record.Lines();
        lines.RemoveAt(At(lines, 17));
        for (var leaf = 18; leaf < 40; leaf++)
        {
            var at = At(lines, leaf);
            lines[at] = lines[at].Replace($"{{\"leaf\":{leaf},", $"{{\"leaf\":{leaf - 1},", StringComparison.Ordinal);
        }
        lines[0] = lines[0].Replace("\"to\":40", "\"to\":39", StringComparison.Ordinal);
        var fault = await Fault(lines);
        Assert.Equal("order", fault.Check);
        Assert.InRange(fault.Entry!.Value, 17, 20); // The next of the same writer.
    }

    [Fact]
    public async Task An_inserted_entry_is_named()
    {
        var lines = _record.Lines();
        using var other = ARecord.Of(events: 12, between: 100);
        lines.Insert(At(lines, 12), Encoding.UTF8.GetString(ExportLine.Of(12, other.Events[5].Digest(), other.Events[5].ToBytes())));
        Assert.Equal(12, (await Fault(lines)).Entry);
    }

    [Fact]
    public async Task Two_entries_in_each_others_place_are_named()
    {
        var lines = _record.Lines();
        var (a, b) = (At(lines, 22), At(lines, 25));
        (lines[a], lines[b]) = (lines[b], lines[a]);
        Assert.Equal(22, (await Fault(lines)).Entry);
    }

    [Fact]
    public async Task A_repeated_entry_is_named()
    {
        var lines = _record.Lines();
        lines.Insert(At(lines, 31), lines[At(lines, 30)]);
        Assert.Equal(31, (await Fault(lines)).Entry);
    }

    [Fact]
    public async Task A_changed_entry_with_its_digest_made_anew_is_found_by_its_writers_chain()
    {
        var lines = _record.Lines();
        var forged = _record.Events[15] with { Entry = _record.Events[15].Entry with { Person = "p-somebody" } };
        lines[At(lines, 15)] = Encoding.UTF8.GetString(ExportLine.Of(15, forged.Digest(), forged.ToBytes()));
        var fault = await Fault(lines);
        Assert.Equal("chain", fault.Check);
        Assert.Contains("entry 15", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_rewritten_from_one_entry_on_does_not_have_the_root_that_was_signed()
    {
        using var rewritten = ARecord.Of(events: 15, between: 10);
        rewritten.Add(1, ARecord.Noon.AddYears(1));
        var lines = _record.Lines();
        lines[At(lines, 15)] = Encoding.UTF8.GetString(ExportLine.Of(15, rewritten.Events[15].Digest(), rewritten.Events[15].ToBytes()));
        var fault = await Fault([.. lines.Take(At(lines, 16)), lines[At(lines, 19) + 1]]);
        Assert.Equal(("order", 16L), (fault.Check, fault.Entry));
        // All entries up to the checkpoint are there and chained, but one is another.
        lines[0] = lines[0].Replace("\"to\":40", "\"to\":16", StringComparison.Ordinal);
        fault = await Fault([.. lines.Take(At(lines, 16)), Encoding.UTF8.GetString(ExportLine.Of(_record.Fork(16)))]);
        Assert.Equal(("root", 10L), (fault.Check, fault.Entry));
    }

    [Fact]
    public async Task A_file_that_ends_early_is_found_at_every_line_and_inside_lines()
    {
        var lines = _record.Lines();
        for (var kept = 0; kept < lines.Count; kept++) Assert.NotNull((await _record.Verify(lines.Take(kept))).Fault);
        var file = Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")));
        for (var bytes = file.Length - 1; bytes > file.Length - 400; bytes--) Assert.NotNull((await _record.Verify(file[..bytes])).Fault);
    }

    [Fact]
    public async Task A_sound_but_shorter_record_is_found_by_a_checkpoint_kept_elsewhere()
    {
        using var shorter = ARecord.Of(events: 20, between: 10);
        var lines = _record.Lines();
        var cut = lines.Take(At(lines, 20)).ToList();
        cut[0] = cut[0].Replace("\"to\":40", "\"to\":20", StringComparison.Ordinal);
        Assert.Null((await _record.Verify(cut)).Fault);
        var fault = (await _record.Verify(cut, _record.Checkpoints[^1])).Fault!;
        Assert.Equal(("cut", 20L), (fault.Check, fault.Entry));
    }

    [Fact]
    public async Task Two_checkpoints_of_one_size_are_a_fork_whether_inside_or_outside()
    {
        var lines = _record.Lines();
        var fault = (await _record.Verify(lines, _record.Fork(20))).Fault!;
        Assert.Equal(("fork", 10L), (fault.Check, fault.Entry));
        lines.Insert(At(lines, 20), Encoding.UTF8.GetString(ExportLine.Of(_record.Fork(20))));
        Assert.Equal("fork", (await Fault(lines)).Check);
    }

    [Fact]
    public async Task A_checkpoint_by_a_foreign_key_is_refused()
    {
        using var foreign = ARecord.Of(events: 40, between: 10);
        Assert.Equal("signature", (await foreign.Verify(_record.Lines())).Fault!.Check);
        Assert.Equal("signature", (await _record.Verify(_record.Lines(), foreign.Checkpoints[0])).Fault!.Check);
    }

    [Fact]
    public async Task Any_flipped_bit_is_found_at_its_entry()
    {
        var lines = _record.Lines();
        var file = Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")));
        var entries = EntriesByByte(lines);
        await Gen.Int[0, (file.Length * 8) - 1].SampleAsync(async bit =>
        {
            var flipped = file.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var fault = (await _record.Verify(flipped)).Fault;
            Assert.NotNull(fault);
            if (entries[bit / 8] is { } entry) Assert.Equal(entry, fault.Entry);
        }, iter: 4_000);
    }

    [Fact]
    public async Task A_clock_that_goes_back_is_reported_and_is_no_fault()
    {
        using var record = new ARecord();
        for (var i = 0; i < 6; i++) record.Add(1, ARecord.Noon.AddSeconds(i == 3 ? -9 : i));
        record.Sign();
        var verdict = await record.Verify(record.Lines());
        Assert.Null(verdict.Fault);
        Assert.Equal((1, 3L), (verdict.ClockRegressions, verdict.FirstRegression));
    }

    [Fact]
    public async Task Hidden_entries_keep_the_record_sound_but_only_in_their_own_place()
    {
        var lines = _record.Lines();
        for (var leaf = 4; leaf < 9; leaf++)
            lines[At(lines, leaf)] = Encoding.UTF8.GetString(ExportLine.Hidden(leaf, _record.Events[leaf].Digest(), _record.Events[leaf].Place));
        var verdict = await _record.Verify(lines);
        Assert.Null(verdict.Fault);
        Assert.Equal(5, verdict.Hidden);
        lines[At(lines, 6)] = Encoding.UTF8.GetString(ExportLine.Hidden(6, _record.Events[6].Digest(), new AuditPlace(1, 99)));
        Assert.Equal(6, (await Fault(lines)).Entry);
    }

    [Fact]
    public async Task A_part_of_a_record_verifies_from_the_checkpoint_that_it_begins_at()
    {
        using var former = ARecord.Of(events: 20, between: 10);
        var before = new MerkleFrontier();
        foreach (var e in _record.Events.Take(20)) before.Append(e.Digest());
        var lines = _record.Lines();
        var head = Encoding.UTF8.GetString(new ExportHeader(ARecord.Origin, 20, 40, before.Peaks).ToLine());
        var first = Encoding.UTF8.GetString(ExportLine.Of(_record.Checkpoints[1]));
        List<string> part = [head, first, .. lines.Skip(At(lines, 20))];
        var verdict = await _record.Verify(part);
        Assert.Null(verdict.Fault);
        Assert.Equal((20, 20), (verdict.From, verdict.Entries));
        Assert.Equal("cut", (await Fault([head, .. lines.Skip(At(lines, 20))])).Check);
    }

    private async Task<AuditFault> Fault(IEnumerable<string> lines) =>
        (await _record.Verify(lines)).Fault ?? throw new InvalidOperationException("The tampering was not found.");

    private static int At(List<string> lines, int leaf) =>
        lines.FindIndex(l => l.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{{\"leaf\":{leaf},"), StringComparison.Ordinal));

    /// <summary>For each byte of the file, the entry whose line it is in; the line's end belongs to it.</summary>
    private static List<long?> EntriesByByte(List<string> lines)
    {
        var entries = new List<long?>();
        long next = 0;
        foreach (var line in lines)
        {
            long? entry = line.StartsWith("{\"leaf\":", StringComparison.Ordinal) ? next++ : null;
            entries.AddRange(Enumerable.Repeat(entry, Encoding.UTF8.GetByteCount(line) + 1));
        }
        return entries;
    }
}
