using System.IO.Compression;
using HealthMLOps.Intake;

namespace HealthMLOps.Tests.Unit.Intake;

public sealed class NdjsonReaderTests
{
    private static async Task<List<(long Number, long Offset, long Next, string? Refused, string? Text)>> Lines(byte[] file, int lineBytesMax = 1000)
    {
        var lines = new List<(long, long, long, string?, string?)>();
        await foreach (var line in NdjsonReader.Read(new MemoryStream(file), lineBytesMax, TestContext.Current.CancellationToken))
            lines.Add((line.Number, line.Offset, line.NextOffset, line.Refused?.Code, line.Document?.RootElement.GetRawText()));
        return lines;
    }

    [Fact]
    public async Task Broken_lines_are_reported_and_the_next_ones_follow()
    {
        var lines = await Lines(AClinic.Utf8("{\"a\":1}\r\n\n{broken\n{\"b\":2}"));
        Assert.Equal([(1, 0, 9, null, "{\"a\":1}"), (3, 10, 18, RefusalCodes.Malformed, null), (4, 18, 25, null, "{\"b\":2}")], lines);
    }

    [Fact]
    public async Task An_over_long_line_is_skipped_without_being_held()
    {
        var lines = await Lines(AClinic.Utf8("{\"a\":\"" + new string('x', 300_000) + "\"}\n{\"b\":2}\n"), lineBytesMax: 100);
        Assert.Equal([RefusalCodes.TooLarge, null], lines.Select(l => l.Refused));
        Assert.Equal((2, 300_009, "{\"b\":2}"), (lines[1].Number, lines[1].Offset, lines[1].Text));
    }

    [Fact]
    public async Task Invalid_utf8_refuses_its_line_only() =>
        Assert.Equal([RefusalCodes.Malformed, null], (await Lines([.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}\n{\"b\":2}"u8])).Select(l => l.Refused));

    [Fact]
    public async Task A_gzip_file_gives_the_same_lines()
    {
        var text = AClinic.Utf8(string.Concat(Enumerable.Range(0, 20_000).Select(i => $$"""{"i":{{i}}}""" + "\n")));
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await gzip.WriteAsync(text, TestContext.Current.CancellationToken);
        var plain = await Lines(text);
        Assert.Equal(20_000, plain.Count);
        Assert.Equal(plain, await Lines(packed.ToArray()));
    }

    [Fact]
    public async Task An_empty_file_has_no_lines() => Assert.Empty(await Lines([]));
}
