using System.Collections.Immutable;
using System.Text;

namespace HealthMLOps.Audit;

/// <summary>A checkpoint and who signed it, as a C2SP signed note.</summary>
public sealed record SignedCheckpoint
{
    private const string SignaturePrefix = "— ";

    private SignedCheckpoint(Checkpoint checkpoint, ImmutableArray<(byte[] KeyId, byte[] Signature)> signatures) => (Checkpoint, _signatures) = (checkpoint, signatures);

    private readonly ImmutableArray<(byte[] KeyId, byte[] Signature)> _signatures;

    public Checkpoint Checkpoint { get; }

    /// <summary>The note: the signed text, an empty line, the signatures.</summary>
    public string Note => $"{Checkpoint.Body}\n{string.Concat(_signatures.Select(s => $"{SignaturePrefix}{Checkpoint.Origin} {Convert.ToBase64String([.. s.KeyId, .. s.Signature])}\n"))}";

    public static SignedCheckpoint Of(Checkpoint checkpoint, AuditKey key, byte[] signature) => new(checkpoint, [(key.Id, signature)]);

    /// <summary>Reads a note; null where the text is not exactly one.</summary>
    public static SignedCheckpoint? Parse(string note)
    {
        var end = note.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0 || Checkpoint.Parse(note[..(end + 1)]) is not { } checkpoint) return null;
        var start = $"{SignaturePrefix}{checkpoint.Origin} ";
        var signatures = ImmutableArray.CreateBuilder<(byte[], byte[])>();
        foreach (var line in note[(end + 2)..].Split('\n')[..^1])
        {
            if (!line.StartsWith(start, StringComparison.Ordinal) || Base64.Exactly(line[start.Length..]) is not { Length: > AuditKey.IdBytes } bytes) return null;
            signatures.Add((bytes[..AuditKey.IdBytes], bytes[AuditKey.IdBytes..]));
        }
        var read = new SignedCheckpoint(checkpoint, signatures.ToImmutable());
        return read.Note == note ? read : null;
    }

    /// <summary>All notes of a text that holds one after another, as a witness keeps them.</summary>
    /// <exception cref="FormatException">Something between them is no note.</exception>
    public static IReadOnlyList<SignedCheckpoint> ReadAll(string text)
    {
        var notes = new List<SignedCheckpoint>();
        var note = new StringBuilder();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length - 1; i++)
        {
            note.Append(lines[i]).Append('\n');
            var isLast = lines[i].StartsWith(SignaturePrefix, StringComparison.Ordinal) && !lines[i + 1].StartsWith(SignaturePrefix, StringComparison.Ordinal);
            if (!isLast) continue;
            notes.Add(Parse(note.ToString()) ?? throw new FormatException($"Line {i + 1} ends no checkpoint: the {notes.Count + 1}. note is damaged."));
            note.Clear();
        }
        return note.Length == 0 && lines[^1].Length == 0 ? notes : throw new FormatException($"The text ends inside its {notes.Count + 1}. checkpoint.");
    }

    /// <summary>Whether one of the keys has signed it.</summary>
    public bool IsSignedBy(IEnumerable<AuditKey> keys)
    {
        var signed = Encoding.UTF8.GetBytes(Checkpoint.Body);
        return keys.Any(key => key.Name == Checkpoint.Origin
            && _signatures.Any(s => s.KeyId.AsSpan().SequenceEqual(key.Id) && key.Verifies(signed, s.Signature)));
    }
}
