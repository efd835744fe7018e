namespace HealthMLOps.Storage;

/// <summary>A stored payload: one version byte, then the Orleans binary form of a value whose types carry aliases and ids.</summary>
internal static class VersionedPayload
{
    public const byte Current = 1;

    public static byte[] With(ReadOnlySpan<byte> content)
    {
        var payload = new byte[content.Length + 1];
        payload[0] = Current;
        content.CopyTo(payload.AsSpan(1));
        return payload;
    }

    /// <exception cref="InvalidDataException">The payload is empty or of a version that this release does not know.</exception>
    public static ReadOnlyMemory<byte> ContentOf(ReadOnlyMemory<byte> payload, string thing)
    {
        if (payload.Length == 0) throw new InvalidDataException($"A stored {thing} is empty; it must begin with its version.");
        var version = payload.Span[0];
        if (version != Current)
            throw new InvalidDataException($"A stored {thing} has format version {version}; this release knows {Current}. A newer release wrote it, or it is damaged.");
        return payload[1..];
    }
}
