using System.Globalization;
using System.Text;
using System.Text.Json;

namespace HealthMLOps.Audit;

/// <summary>Verifies an exported record line by line, without the server: digests, order, each writer's chain, and the tree against every signed checkpoint.</summary>
/// <remarks>
/// Memory does not grow with the record. What is trusted is the public keys alone. A whole record that somebody with the
/// signing key has rewritten shows only against checkpoints kept elsewhere (a witness): give those as <c>outside</c>.
/// </remarks>
/// <param name="keys">Public keys that are trusted.</param>
/// <param name="outside">Checkpoints that were kept elsewhere.</param>
public sealed class ExportVerifier(IReadOnlyList<AuditKey> keys, IEnumerable<SignedCheckpoint> outside)
{
    private readonly Queue<SignedCheckpoint> _outside = new(outside.OrderBy(c => c.Checkpoint.Size));
    private readonly Dictionary<long, (long Sequence, string Digest, string? At, long Leaf)> _writers = [];

    private MerkleFrontier _tree = new();
    private ExportHeader? _header;
    private AuditFault? _fault;
    private Checkpoint? _last;
    private long _line, _hidden, _checkpoints, _regressions, _before;
    private long? _firstRegression;

    /// <summary>Takes the next line, without its end.</summary>
    /// <returns>Whether all is well so far; after a fault nothing more is looked at.</returns>
    public bool Take(ReadOnlySpan<byte> line)
    {
        if (_fault is not null) return false;
        _line++;
        if (_header is null) Begin(line);
        else if (line.StartsWith(ExportLine.LeafMark)) TakeEntry(line);
        else if (line.StartsWith(ExportLine.CheckpointMark)) TakeCheckpoint(line);
        else Fail("format", _tree.Size, $"Line {_line} is neither an entry nor a checkpoint; entry {_tree.Size} was expected.");
        return _fault is null;
    }

    /// <summary>The file has ended inside a line.</summary>
    public void CutShort(ReadOnlySpan<byte> line)
    {
        if (Take(line)) Fail("cut", _tree.Size, $"The file ends inside line {_line}.");
    }

    /// <summary>The verdict after the last line.</summary>
    public AuditVerdict Finish()
    {
        if (_fault is null && _header is null) Fail("format", null, "The file is empty.");
        if (_fault is null) MeetOutside();
        if (_fault is null && _tree.Size != _header!.To)
            Fail("cut", _tree.Size, $"The file ends before entry {_tree.Size}; its head promises entries up to {_header.To - 1}.");
        if (_fault is null && _last?.Size != _tree.Size)
            Fail("cut", _last?.Size ?? _header!.From, $"No signed checkpoint covers the end of the file: it has {_tree.Size} entries, the last checkpoint {_last?.Size ?? 0}.");
        if (_fault is null && _outside.TryPeek(out var beyond))
            Fail("cut", _tree.Size, $"A checkpoint kept elsewhere knows {beyond.Checkpoint.Size} entries; the file ends after {_tree.Size}.");
        return new AuditVerdict(_fault, _header?.Origin, _header?.From ?? 0, _tree.Size - (_header?.From ?? 0), _hidden, _checkpoints, _regressions, _firstRegression, _last);
    }

    private void Begin(ReadOnlySpan<byte> line)
    {
        if (ExportHeader.Parse(line) is not { } header) { Fail("format", null, "Line 1 is not the head of an exported record."); return; }
        try { _tree = new MerkleFrontier(header.From, header.Peaks); }
        catch (ArgumentException wrong) { Fail("format", null, wrong.Message); return; }
        _header = header;
        if (_outside.FirstOrDefault(c => c.Checkpoint.Origin != header.Origin || !c.IsSignedBy(keys)) is { } foreign)
            Fail("signature", null, $"The checkpoint of size {foreign.Checkpoint.Size} from outside is not signed by a trusted key for '{header.Origin}'.");
        while (_fault is null && _outside.TryPeek(out var old) && old.Checkpoint.Size < header.From) _outside.Dequeue(); // The file can't say anything of it.
    }

    private void TakeEntry(ReadOnlySpan<byte> line)
    {
        MeetOutside(); // After the file's own checkpoints of this size, so that a second story is known for what it is.
        if (_fault is not null) return;
        var leaf = _tree.Size;
        if (leaf == _header!.From && leaf > 0 && _last is null) { Fail("cut", leaf, $"The file begins at entry {leaf} without the signed checkpoint of that size."); return; }
        var mark = line.IndexOf(",\"hash\":\""u8);
        const int hexDigits = 2 * MerkleHash.Bytes;
        var rest = mark < 0 ? -1 : mark + 9 + hexDigits + 2;
        if (mark < 0 || line.Length < rest) { Malformed(leaf); return; }
        if (!line[ExportLine.LeafMark.Length..mark].SequenceEqual(Encoding.UTF8.GetBytes(leaf.ToString(CultureInfo.InvariantCulture))))
        {
            Fail("order", leaf, $"Entry {leaf} is missing or out of order: line {_line} says it is entry {Encoding.UTF8.GetString(line[ExportLine.LeafMark.Length..Math.Min(mark, ExportLine.LeafMark.Length + 20)])}.");
            return;
        }
        var content = line[rest..];
        if (content.StartsWith(ExportLine.EventMark) && content[^1] == (byte)'}') TakeEvent(line, leaf, content[ExportLine.EventMark.Length..^1]);
        else if (content.StartsWith(ExportLine.HiddenMark)) TakeHidden(line, leaf, line.Slice(mark + 9, hexDigits), content[ExportLine.HiddenMark.Length..]);
        else Malformed(leaf);
    }

    private void TakeEvent(ReadOnlySpan<byte> line, long leaf, ReadOnlySpan<byte> canonicalEvent)
    {
        var digest = MerkleHash.Leaf(canonicalEvent);
        if (!line.StartsWith(ExportLine.Head(leaf, digest))) { Fail("digest", leaf, $"Entry {leaf} is not what its digest says."); return; }
        EventMarks marks;
        try { marks = EventMarks.Read(canonicalEvent); }
        catch (JsonException) { Fail("format", leaf, $"Entry {leaf} is no event of the record."); return; }
        Follow(marks, leaf, digest);
    }

    private void TakeHidden(ReadOnlySpan<byte> line, long leaf, ReadOnlySpan<byte> hex, ReadOnlySpan<byte> place)
    {
        byte[] digest;
        try { digest = Convert.FromHexString(Encoding.UTF8.GetString(hex)); }
        catch (FormatException) { Malformed(leaf); return; }
        if (AuditPlace.Parse(Encoding.UTF8.GetString(place[..Math.Max(0, place.Length - 2)])) is not { } hidden
            || !line.SequenceEqual(ExportLine.Hidden(leaf, digest, hidden))) { Malformed(leaf); return; }
        _hidden++;
        Follow(new EventMarks(hidden, null, null), leaf, digest);
    }

    /// <summary>Holds an entry against its writer's former one. A hidden entry says neither what it follows from nor when it was.</summary>
    private void Follow(EventMarks marks, long leaf, byte[] digest)
    {
        var (writer, sequence) = marks.Place;
        if (_writers.TryGetValue(writer, out var former))
        {
            if (sequence != former.Sequence + 1) { Fail("order", leaf, $"Entry {leaf} is number {sequence} of writer {writer}; number {former.Sequence + 1} was expected."); return; }
            if (marks.Previous is { } previous && previous != former.Digest) { Fail("chain", leaf, $"Entry {leaf} does not follow from entry {former.Leaf}, its writer's former one."); return; }
            if (marks.At is { } at && string.CompareOrdinal(at, former.At) < 0) { _regressions++; _firstRegression ??= leaf; }
        }
        else if (_header!.From == 0 && (sequence != 1 || (marks.Previous ?? FirstPrevious) != FirstPrevious))
        {
            Fail("order", leaf, $"Entry {leaf} is the first of writer {writer}, but says that it is number {sequence} and follows from another.");
            return;
        }
        _writers[writer] = (sequence, Convert.ToHexStringLower(digest), marks.At ?? former.At, leaf);
        _tree.Append(digest);
    }

    private void TakeCheckpoint(ReadOnlySpan<byte> line)
    {
        string? note = null;
        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            note = document.RootElement.GetProperty("checkpoint").GetString();
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException) { }
        if (note is null || SignedCheckpoint.Parse(note) is not { } signed || !ExportLine.Of(signed).AsSpan().SequenceEqual(line))
        {
            Fail("format", null, $"Line {_line} is a damaged checkpoint.");
            return;
        }
        if (signed.Checkpoint.Size != _tree.Size)
        {
            Fail("order", _tree.Size, $"Line {_line} has the checkpoint of {signed.Checkpoint.Size} entries after {_tree.Size} entries.");
            return;
        }
        Meet(signed);
    }

    private void MeetOutside()
    {
        while (_fault is null && _outside.TryPeek(out var next) && next.Checkpoint.Size == _tree.Size) Meet(_outside.Dequeue());
    }

    private void Meet(SignedCheckpoint signed)
    {
        var checkpoint = signed.Checkpoint;
        if (checkpoint.Origin != _header!.Origin || !signed.IsSignedBy(keys))
        {
            Fail("signature", null, $"The checkpoint of {checkpoint.Size} entries is not signed by a trusted key for '{_header.Origin}'.");
            return;
        }
        if (_last is { } former && former.Size == checkpoint.Size && !former.Agrees(checkpoint))
        {
            Fail("fork", _before, $"Two signed checkpoints of {checkpoint.Size} entries have different roots: the log has told two stories.");
            return;
        }
        if (!_tree.Root.AsSpan().SequenceEqual(checkpoint.Root))
        {
            var earliest = _last?.Size ?? _header.From;
            Fail("root", earliest, $"The entries do not have the root that was signed at {checkpoint.Size}: one of {earliest} to {checkpoint.Size - 1} is not what it was.");
            return;
        }
        if (_last is null || _last.Size < checkpoint.Size) _before = _last?.Size ?? _header.From;
        _last = checkpoint;
        _checkpoints++;
    }

    private void Malformed(long leaf) => Fail("format", leaf, $"Line {_line} should be entry {leaf}, but is damaged.");

    private void Fail(string check, long? entry, string detail) => _fault ??= new AuditFault(check, entry, _line, detail);

    private static readonly string FirstPrevious = Convert.ToHexStringLower(AuditEvent.NoPrevious);
}
