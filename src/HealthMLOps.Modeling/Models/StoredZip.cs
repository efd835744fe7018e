using System.Buffers.Binary;
using System.Text;

namespace HealthMLOps.Models;

/// <summary>A zip file with exactly one form for given entries: stored, dated 1980-01-01, in the order of names.</summary>
/// <remarks>
/// We write it ourselves, because a package's address is the hash of these bytes and a library's writer may change.
/// Reading takes only what <see cref="Write"/> would have written, byte for byte: so a second entry of the same name, a
/// hidden prefix, a comment, compression or a directory that disagrees with its entries can't pass.
/// Layout: PKWARE APPNOTE 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (end).
/// </remarks>
internal static class StoredZip
{
    private const int LocalHeaderBytes = 30, DirectoryHeaderBytes = 46, EndBytes = 22;
    private const uint LocalMark = 0x04034b50, DirectoryMark = 0x02014b50, EndMark = 0x06054b50;
    private const ushort Version = 20, Utf8Names = 0x0800, FirstOfJanuary1980 = 0x0021;

    public const int EntriesMax = 16;
    public const int NameBytesMax = 100;

    public static byte[] Write(IReadOnlyCollection<(string Name, ReadOnlyMemory<byte> Bytes)> entries)
    {
        var ordered = entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList();
        var size = checked(EndBytes + ordered.Sum(entry =>
            LocalHeaderBytes + DirectoryHeaderBytes + (2 * Encoding.UTF8.GetByteCount(entry.Name)) + entry.Bytes.Length));
        var zip = new byte[size];
        var rest = zip.AsSpan();
        var directory = new List<(byte[] Name, uint Crc, int Length, int Offset)>();
        foreach (var (name, bytes) in ordered)
        {
            var part = (Name: Encoding.UTF8.GetBytes(name), Crc: Crc32.Of(bytes.Span), bytes.Length, Offset: zip.Length - rest.Length);
            Put32(ref rest, LocalMark);
            PutCommon(ref rest, part.Crc, part.Length, part.Name.Length);
            PutBytes(ref rest, part.Name);
            PutBytes(ref rest, bytes.Span);
            directory.Add(part);
        }
        var directoryOffset = zip.Length - rest.Length;
        foreach (var (name, crc, length, offset) in directory)
        {
            Put32(ref rest, DirectoryMark);
            Put16(ref rest, Version);
            PutCommon(ref rest, crc, length, name.Length);
            rest = rest[10..]; // Comment length, disk, attributes: all zero.
            Put32(ref rest, (uint)offset);
            PutBytes(ref rest, name);
        }
        var directoryBytes = zip.Length - rest.Length - directoryOffset;
        Put32(ref rest, EndMark);
        rest = rest[4..]; // Disk numbers: zero.
        Put16(ref rest, (ushort)directory.Count);
        Put16(ref rest, (ushort)directory.Count);
        Put32(ref rest, (uint)directoryBytes);
        Put32(ref rest, (uint)directoryOffset);
        return zip;
    }

    /// <returns>The entries, or null when the bytes are not what <see cref="Write"/> makes of any entries.</returns>
    public static IReadOnlyList<(string Name, ReadOnlyMemory<byte> Bytes)>? Read(ReadOnlyMemory<byte> zip)
    {
        var entries = new List<(string, ReadOnlyMemory<byte>)>();
        var rest = zip;
        while (rest.Length >= LocalHeaderBytes && BinaryPrimitives.ReadUInt32LittleEndian(rest.Span) == LocalMark)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest.Span[18..]);
            var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(rest.Span[26..]);
            if (entries.Count == EntriesMax || nameBytes > NameBytesMax || LocalHeaderBytes + nameBytes + (long)length > rest.Length) return null;
            var name = Encoding.UTF8.GetString(rest.Span.Slice(LocalHeaderBytes, nameBytes));
            entries.Add((name, rest.Slice(LocalHeaderBytes + nameBytes, (int)length)));
            rest = rest[(LocalHeaderBytes + nameBytes + (int)length)..];
        }
        if (entries.Select(entry => entry.Item1).Distinct(StringComparer.Ordinal).Count() != entries.Count) return null;
        return zip.Span.SequenceEqual(Write(entries)) ? entries : null;
    }

    /// <summary>The fields that the local header and the directory share, from "version needed" to "extra length".</summary>
    private static void PutCommon(ref Span<byte> rest, uint crc, int length, int nameBytes)
    {
        Put16(ref rest, Version);
        Put16(ref rest, Utf8Names);
        Put16(ref rest, 0); // Stored.
        Put16(ref rest, 0); // Midnight.
        Put16(ref rest, FirstOfJanuary1980);
        Put32(ref rest, crc);
        Put32(ref rest, (uint)length);
        Put32(ref rest, (uint)length);
        Put16(ref rest, (ushort)nameBytes);
        Put16(ref rest, 0); // No extra field.
    }

    private static void Put16(ref Span<byte> rest, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(rest, value);
        rest = rest[2..];
    }

    private static void Put32(ref Span<byte> rest, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(rest, value);
        rest = rest[4..];
    }

    private static void PutBytes(ref Span<byte> rest, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(rest);
        rest = rest[bytes.Length..];
    }
}
