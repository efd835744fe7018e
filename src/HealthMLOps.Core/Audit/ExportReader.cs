namespace HealthMLOps.Audit;

/// <summary>Gives an exported record's lines to a verifier as they are read.</summary>
public static class ExportReader
{
    /// <summary>A longer line is no line of a record.</summary>
    public const int LineBytesMax = 1 << 20;

    private const int BufferBytes = 1 << 18;

    /// <exception cref="InvalidDataException">A line is longer than <see cref="LineBytesMax"/>.</exception>
    public static async Task<AuditVerdict> Verify(Stream file, ExportVerifier verifier, CancellationToken cancellation)
    {
        var buffer = new byte[BufferBytes];
        var held = 0;
        while (await file.ReadAsync(buffer.AsMemory(held), cancellation) is var read and > 0)
        {
            held += read;
            var taken = 0;
            while (buffer.AsSpan(taken, held - taken).IndexOf((byte)'\n') is var end and >= 0)
            {
                if (!verifier.Take(buffer.AsSpan(taken, end))) return verifier.Finish();
                taken += end + 1;
            }
            buffer.AsSpan(taken, held - taken).CopyTo(buffer);
            held -= taken;
            if (held < buffer.Length) continue;
            if (held > LineBytesMax) throw new InvalidDataException($"The file has a line of more than {LineBytesMax} bytes; it is no exported record.");
            Array.Resize(ref buffer, buffer.Length * 2);
        }
        if (held > 0) verifier.CutShort(buffer.AsSpan(0, held));
        return verifier.Finish();
    }
}
