using HealthMLOps.Audit;

namespace HealthMLOps.Tests.Unit.Audit;

public sealed class CheckpointTests : IDisposable
{
    private readonly ARecord _record = ARecord.Of(events: 7, between: 3);

    public void Dispose() => _record.Dispose();

    [Fact]
    public void A_note_has_the_layout_of_C2SP_and_reads_back()
    {
        var signed = _record.Checkpoints[^1];
        var lines = signed.Note.Split('\n');
        Assert.Equal([ARecord.Origin, "7", Convert.ToBase64String(_record.Tree.Root), "time 2026-03-14T13:00:07.0000000Z", ""], lines[..5]);
        Assert.StartsWith($"— {ARecord.Origin} ", lines[5], StringComparison.Ordinal);
        Assert.Equal(_record.Key.Id, Convert.FromBase64String(lines[5].Split(' ')[2])[..4]);
        Assert.True(SignedCheckpoint.Parse(signed.Note)!.IsSignedBy([_record.Key]));
    }

    [Fact]
    public void A_changed_size_root_or_time_is_not_signed()
    {
        var note = _record.Checkpoints[^1].Note;
        Assert.False(SignedCheckpoint.Parse(note.Replace("\n7\n", "\n8\n", StringComparison.Ordinal))!.IsSignedBy([_record.Key]));
        Assert.False(SignedCheckpoint.Parse(note.Replace("T13:00:07", "T13:00:08", StringComparison.Ordinal))!.IsSignedBy([_record.Key]));
        Assert.Null(SignedCheckpoint.Parse(note.Replace("\n7\n", "\n07\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void Notes_one_after_another_read_back_and_a_damaged_one_is_said_so()
    {
        var text = string.Concat(_record.Checkpoints.Select(c => c.Note));
        Assert.Equal(_record.Checkpoints.Select(c => c.Note), SignedCheckpoint.ReadAll(text).Select(c => c.Note));
        Assert.Throws<FormatException>(() => SignedCheckpoint.ReadAll(text[..^5]));
        Assert.Throws<FormatException>(() => SignedCheckpoint.ReadAll(text.Replace("\n3\n", "\nx\n", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_public_key_reads_back_and_an_older_one_beside_it_still_verifies()
    {
        using var other = new ARecord();
        var keys = AuditKey.ReadAll($"# keys of the record\n{_record.Key}\n\n{other.Key}\n");
        Assert.Equal([_record.Key.ToString(), other.Key.ToString()], keys.Select(k => k.ToString()));
        Assert.True(_record.Checkpoints[0].IsSignedBy(keys));
        Assert.False(_record.Checkpoints[0].IsSignedBy([other.Key]));
        Assert.Throws<FormatException>(() => AuditKey.Parse(_record.Key.ToString().Replace("+", "+0", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_event_is_canonical_JSON_without_its_payload()
    {
        var e = _record.Events[0];
        var text = System.Text.Encoding.UTF8.GetString((e with { Entry = e.Entry with { Payload = "{\"name\":\"Jane\"}", Patient = null } }).ToBytes());
        Assert.Equal(
            "{\"account\":\"account\",\"action\":\"risk.read\",\"at\":\"2026-03-14T12:00:00.0000000Z\",\"commit\":\"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d\","
            + "\"correlation\":\"req-0\",\"outcome\":\"ok\",\"person\":\"p-0\",\"prev\":\"0000000000000000000000000000000000000000000000000000000000000000\","
            + "\"purpose\":\"TREAT\",\"role\":\"bedside-clinician\",\"sequence\":1,\"v\":1,\"writer\":1}", text);
    }
}
