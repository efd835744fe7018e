using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace HealthMLOps.Intake;

/// <summary>Reads the lines of a Bulk Data file, plain or gzip, within bounded memory.</summary>
public static class NdjsonReader
{
    public const int LineBytesMax = StrictJson.ResourceBytesMax;
    private const int FirstBufferBytes = 1 << 16;

    /// <summary>Every line that is not blank. A broken or over-long line comes as a refusal and the next one follows.</summary>
    /// <exception cref="InvalidDataException">The compression itself is broken; what follows can't be read.</exception>
    public static async IAsyncEnumerable<NdjsonLine> Read(Stream file, int lineBytesMax = LineBytesMax, [EnumeratorCancellation] CancellationToken cancelled = default)
    {
        var buffer = new byte[FirstBufferBytes];
        var filled = await file.ReadAtLeastAsync(buffer, 2, throwOnEndOfStream: false, cancelled);
        var text = file;
        if (filled >= 2 && buffer[0] == 0x1F && buffer[1] == 0x8B)
        {
            text = new GZipStream(new PrefixedStream(buffer.AsSpan(0, filled).ToArray(), file), CompressionMode.Decompress);
            filled = 0;
        }
        long number = 0, offset = 0, skipped = 0;
        var start = 0;
        for (var atEnd = false; !atEnd;)
        {
            var end = Array.IndexOf(buffer, (byte)'\n', start, filled - start);
            if (end < 0)
            {
                if (filled - start > lineBytesMax) (skipped, start) = (skipped + filled - start, filled);
                (buffer, filled, start) = Compacted(buffer, filled, start);
                var read = await text.ReadAsync(buffer.AsMemory(filled), cancelled);
                filled += read;
                if (read > 0) continue;
                atEnd = true;
                end = filled;
            }
            var bytes = skipped + end - start;
            var next = offset + bytes + (atEnd ? 0 : 1);
            if (bytes > 0 || !atEnd) number++;
            var line = buffer.AsMemory(start, end - start);
            if (bytes > lineBytesMax)
                yield return new NdjsonLine(number, offset, next, default, null, new(RefusalCodes.TooLarge, "", $"The line has {bytes} bytes; at most {lineBytesMax} are read."));
            else if (line.Span.ContainsAnyExcept(" \t\r"u8))
            {
                var (document, refused) = StrictJson.Parse(line, lineBytesMax);
                using (document) yield return new NdjsonLine(number, offset, next, line, document, refused);
            }
            (offset, skipped, start) = (next, 0, Math.Min(end + 1, filled));
        }
    }

    /// <summary>Moves what is left to the front, and doubles the buffer where it is full.</summary>
    private static (byte[] Buffer, int Filled, int Start) Compacted(byte[] buffer, int filled, int start)
    {
        var left = filled - start;
        var target = left > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        Buffer.BlockCopy(buffer, start, target, 0, left);
        return (target, left, 0);
    }
}
