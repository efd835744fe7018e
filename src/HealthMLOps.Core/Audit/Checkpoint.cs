using System.Globalization;

namespace HealthMLOps.Audit;

/// <summary>What a log says of itself at one moment: so many entries, with this root.</summary>
/// <param name="Origin">The log's name, without white space and '+'.</param>
/// <param name="Size">Entries.</param>
/// <param name="Root">Root of the Merkle tree over them, 32 bytes.</param>
/// <param name="At">When it was signed.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root, DateTimeOffset At)
{
    private const string TimePrefix = "time ";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>The text that is signed: the layout of C2SP tlog-checkpoint, with the time as its one extension line.</summary>
    public string Body => string.Create(CultureInfo.InvariantCulture,
        $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n{TimePrefix}{At.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}\n");

    /// <summary>Reads a body; null where the text is not exactly one.</summary>
    public static Checkpoint? Parse(string body)
    {
        var lines = body.Split('\n');
        if (lines is not [{ Length: > 0 } origin, var size, var root, var time, ""]
            || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || Base64.Exactly(root) is not { Length: MerkleHash.Bytes } hash
            || !time.StartsWith(TimePrefix, StringComparison.Ordinal)
            || !DateTime.TryParseExact(time[TimePrefix.Length..], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
            return null;
        var read = new Checkpoint(origin, count, hash, new DateTimeOffset(at, TimeSpan.Zero));
        return read.Body == body ? read : null;
    }

    /// <summary>Whether both say the same of the log; signed at another time, it may still be the same.</summary>
    public bool Agrees(Checkpoint other) => Origin == other.Origin && Size == other.Size && Root.AsSpan().SequenceEqual(other.Root);
}
