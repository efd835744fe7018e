using System.IO.Compression;
using System.Text;
using CsCheck;
using HealthMLOps.Imports;

namespace HealthMLOps.Tests.Unit.Admin;

public sealed class ChunkCutterTests
{
    private sealed record Cutting(int Number, long FirstLine, int Lines, string Text);

    [Fact]
    public void A_chunk_ends_after_its_lines()
    {
        Assert.Equal([new(0, 1, 2, "a\nb\n"), new(1, 3, 2, "c\nd\n"), new(2, 5, 1, "e")], Cut("a\nb\nc\nd\ne", linesMax: 2));
    }

    [Fact]
    public void A_chunk_ends_before_the_line_that_would_make_it_too_large()
    {
        Assert.Equal([new(0, 1, 2, "aaa\nbb\n"), new(1, 3, 1, "cccc\n"), new(2, 4, 1, "a line of its own\n"), new(3, 5, 1, "d\n")],
            Cut("aaa\nbb\ncccc\na line of its own\nd\n", linesMax: 10, bytesMax: 8));
    }

    [Fact]
    public void Blank_lines_keep_their_numbers_but_make_no_chunk()
    {
        Assert.Equal([new(0, 1, 2, "a\n\n"), new(1, 5, 1, "b")], Cut("a\n\n\n \r\nb", linesMax: 2));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_line() => Assert.Equal([new(0, 1, 1, "a\n")], Cut("\uFEFFa\n", linesMax: 2));

    [Fact]
    public void An_empty_file_has_no_chunk() => Assert.Empty(Cut("", linesMax: 2));

    [Fact]
    public void A_line_longer_than_the_buffer_stays_whole()
    {
        var line = new string('x', 3_000_000);
        Assert.Equal([new(0, 1, 1, "a\n"), new(1, 2, 1, line + "\n"), new(2, 3, 1, "b\n")], Cut($"a\n{line}\nb\n", linesMax: 10, bytesMax: 1000));
    }

    [Fact]
    public void The_cuts_depend_on_the_text_and_not_on_how_it_arrives()
    {
        var line = Gen.String[Gen.Char["ab \r"], 0, 9];
        Gen.Select(line.List[0, 40], Gen.Int[1, 5], Gen.Int[1, 30], Gen.Int[1, 7], Gen.Bool).Sample((lines, linesMax, bytesMax, portion, ended) =>
        {
            var text = string.Join('\n', lines) + (ended ? "\n" : "");
            var plain = Cut(text, linesMax, bytesMax);
            Assert.Equal(plain, Cut(new Dripping(Encoding.UTF8.GetBytes(text), portion), linesMax, bytesMax));
            Assert.Equal(plain, Cut(Packed(text), linesMax, bytesMax));
            Assert.Equal(plain, Slowly(text, linesMax, bytesMax));
        }, iter: 500);
    }

    /// <summary>The slow twin: splits everything first, then counts.</summary>
    private static List<Cutting> Slowly(string text, int linesMax, int bytesMax)
    {
        var lines = text.Split('\n').Select(line => line + "\n").ToList();
        lines[^1] = lines[^1][..^1];
        if (lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        var groups = new List<List<string>>();
        foreach (var line in lines)
        {
            if (groups.Count == 0 || groups[^1].Count == linesMax || groups[^1].Sum(own => own.Length) + line.Length > bytesMax) groups.Add([]);
            groups[^1].Add(line);
        }
        var cuttings = new List<Cutting>();
        var firstLine = 1L;
        foreach (var group in groups)
        {
            if (!string.IsNullOrWhiteSpace(string.Concat(group))) cuttings.Add(new(cuttings.Count, firstLine, group.Count, string.Concat(group)));
            firstLine += group.Count;
        }
        return cuttings;
    }

    private static List<Cutting> Cut(string text, int linesMax, int bytesMax = ChunkCutter.ChunkBytesMax) =>
        Cut(new MemoryStream(Encoding.UTF8.GetBytes(text)), linesMax, bytesMax);

    private static List<Cutting> Cut(Stream text, int linesMax, int bytesMax) => new ChunkCutter(linesMax, bytesMax).Cut(text)
        .Select(chunk => new Cutting(chunk.Number, chunk.FirstLine, chunk.Lines, Encoding.UTF8.GetString(chunk.Text))).ToList();

    private static GZipStream Packed(string text)
    {
        var packed = new MemoryStream();
        using (var packer = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) packer.Write(Encoding.UTF8.GetBytes(text));
        packed.Position = 0;
        return new GZipStream(packed, CompressionMode.Decompress);
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Dripping(byte[] bytes, int portion) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, portion));
    }
}
