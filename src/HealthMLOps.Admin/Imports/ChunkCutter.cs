using HealthMLOps.Hosting;

namespace HealthMLOps.Imports;

/// <summary>Cuts NDJSON text into chunks of whole lines. Where it cuts depends on the text alone, so a second run cuts the same.</summary>
/// <param name="linesMax">A chunk ends after this many lines,</param>
/// <param name="bytesMax">or before the line that would make it larger than this. A single line may be larger.</param>
public sealed class ChunkCutter(int linesMax, int bytesMax = ChunkCutter.ChunkBytesMax)
{
    public const int ChunkBytesMax = 8 * 1024 * 1024;

    /// <summary>A longer line is no resource; the import stops there and says where.</summary>
    public const int LineBytesMax = 64 * 1024 * 1024;

    private const int FirstBufferBytes = 1024 * 1024;

    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _filled;
    private int _chunkStart;    // Invariant: _chunkStart <= _lineStart <= _scanned <= _filled.
    private int _lineStart;
    private int _scanned;
    private int _lines;
    private long _linesBefore;
    private int _number;

    public static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The chunks of one file; lines of white space alone make no chunk of their own.</summary>
    /// <exception cref="CommandFailed">A line is longer than <see cref="LineBytesMax"/>.</exception>
    public IEnumerable<Chunk> Cut(Stream text)
    {
        for (var atStart = true; Fill(text); )
        {
            if (atStart) SkipByteOrderMark();
            atStart = false;
            while (NextLineEnd() is { } end)
            {
                foreach (var chunk in Take(end)) yield return chunk;
            }
        }
        if (_lineStart < _filled)
        {
            foreach (var chunk in Take(_filled)) yield return chunk;
        }
        if (Emit(_lineStart) is { } last) yield return last;
    }

    /// <summary>Adds the line that ends here to the chunk; gives the chunks that this completes: at most the one before the line and the one with it.</summary>
    private IEnumerable<Chunk> Take(int lineEnd)
    {
        if (_lines > 0 && lineEnd - _chunkStart > bytesMax && Emit(_lineStart) is { } before) yield return before;
        _lines++;
        _lineStart = _scanned = lineEnd;
        if (_lines == linesMax && Emit(lineEnd) is { } full) yield return full;
    }

    private Chunk? Emit(int end)
    {
        var text = _buffer.AsSpan(_chunkStart, end - _chunkStart);
        var chunk = IsBlank(text) ? null : new Chunk(_number++, _linesBefore + 1, _lines, text);
        _linesBefore += _lines;
        _lines = 0;
        _chunkStart = end;
        return chunk;
    }

    private int? NextLineEnd()
    {
        var at = _buffer.AsSpan(_scanned, _filled - _scanned).IndexOf((byte)'\n');
        if (at >= 0) return _scanned + at + 1;
        _scanned = _filled;
        if (_filled - _lineStart > LineBytesMax)
            throw new CommandFailed(ExitCode.Refused, $"Line {_linesBefore + _lines + 1} is longer than {LineBytesMax >> 20} MiB.");
        return null;
    }

    private bool Fill(Stream text)
    {
        if (_chunkStart > 0)
        {
            _buffer.AsSpan(_chunkStart, _filled - _chunkStart).CopyTo(_buffer);
            (_filled, _lineStart, _scanned) = (_filled - _chunkStart, _lineStart - _chunkStart, _scanned - _chunkStart);
            _chunkStart = 0;
        }
        if (_filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = text.Read(_buffer, _filled, _buffer.Length - _filled);
        _filled += read;
        return read > 0;
    }

    private void SkipByteOrderMark()
    {
        if (_buffer.AsSpan(0, _filled).StartsWith(ByteOrderMark)) _chunkStart = _lineStart = _scanned = ByteOrderMark.Length;
    }

    private static bool IsBlank(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(" \t\r\n"u8) < 0;
}
