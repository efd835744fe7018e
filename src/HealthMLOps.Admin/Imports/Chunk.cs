using System.Buffers;

namespace HealthMLOps.Imports;

/// <summary>A run of whole lines of one file, sent and acknowledged as one. Dispose it when it is acknowledged.</summary>
public sealed class Chunk : IDisposable
{
    private readonly byte[] _rented;
    private readonly int _length;

    public Chunk(int number, long firstLine, int lines, ReadOnlySpan<byte> text)
    {
        (Number, FirstLine, Lines, _length) = (number, firstLine, lines, text.Length);
        _rented = ArrayPool<byte>.Shared.Rent(text.Length);
        text.CopyTo(_rented);
    }

    /// <summary>Counted from 0 within its file.</summary>
    public int Number { get; }

    /// <summary>Line number in the file of the chunk's first line, counted from 1.</summary>
    public long FirstLine { get; }

    public int Lines { get; }

    /// <summary>The lines as they stand in the file.</summary>
    public ArraySegment<byte> Text => new(_rented, 0, _length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(_rented);
}
