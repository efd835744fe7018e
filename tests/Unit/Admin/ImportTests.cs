using System.IO.Compression;
using System.Text;
using System.Text.Json;
using HealthMLOps.Hosting;

namespace HealthMLOps.Tests.Unit.Admin;

public sealed class ImportTests : IDisposable
{
    private const string Acknowledged = """{"read":1,"used":1,"repeated":0,"unused":{},"quarantined":{}}""";
    private const string Summary = """{"read":5,"used":3,"repeated":1,"unused":{"Device":1},"quarantined":{"unknown-unit":1}}""";

    private readonly AnOperator _operator = new();

    public void Dispose() => _operator.Dispose();

    [Fact]
    public async Task Every_line_arrives_once_with_its_place_in_the_file()
    {
        _operator.Keeps("Patient.ndjson", Lines("Patient", 5));
        await using var silo = await Silo();
        Assert.Equal(ExitCode.Done, await Import(silo, "--chunk-lines", "2", "--output", "json"));
        Assert.Equal(Summary, _operator.Out.TrimEnd());
        Assert.Equal(
            ["/api/v1/imports/i1/files/0/chunks/0?firstLine=1", "/api/v1/imports/i1/files/0/chunks/1?firstLine=3", "/api/v1/imports/i1/files/0/chunks/2?firstLine=5"],
            Chunks(silo).Select(chunk => chunk.Path + chunk.Query).Order());
        Assert.Equal(Lines("Patient", 5), string.Concat(Chunks(silo).OrderBy(chunk => chunk.Path).Select(chunk => chunk.Text)));
        Assert.All(Chunks(silo), chunk => Assert.Equal("application/fhir+ndjson", chunk.ContentType));
    }

    [Fact]
    public async Task The_import_is_opened_with_each_files_size_and_digest()
    {
        _operator.Keeps("Patient.ndjson", "{}\n");
        await using var silo = await Silo();
        await Import(silo, "--name", "history", "--source", "west");
        var order = JsonDocument.Parse(silo.Asked[0].Text).RootElement;
        Assert.Equal(
            """{"name":"history","source":"west","chunkLines":1000,"files":[{"name":"Patient.ndjson","bytes":3,"sha256":"ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356"}]}""",
            order.GetRawText());
    }

    [Fact]
    public async Task A_packed_file_sends_the_same_chunks_as_a_plain_one()
    {
        _operator.Keeps("a/Patient.ndjson", Lines("Patient", 7));
        _operator.Keeps("b/Patient.ndjson.gz", Packed(Lines("Patient", 7)));
        await using var silo = await Silo();
        await Import(silo, "--chunk-lines", "3");
        var (plain, packed) = (ChunksOf(silo, file: 0), ChunksOf(silo, file: 1));
        Assert.Equal(3, plain.Count);
        Assert.Equal(plain, packed);
    }

    [Fact]
    public async Task A_bundle_goes_whole_as_chunk_0()
    {
        _operator.Keeps("one.json", """{"resourceType":"Bundle","entry":[]}""");
        await using var silo = await Silo();
        await Import(silo);
        var chunk = Chunks(silo).Single();
        Assert.Equal(("/api/v1/imports/i1/files/0/chunks/0", "application/fhir+json", """{"resourceType":"Bundle","entry":[]}"""),
            (chunk.Path, chunk.ContentType, chunk.Text));
    }

    [Fact]
    public async Task A_resumed_import_leaves_out_what_the_server_holds()
    {
        _operator.Keeps("Encounter.ndjson", Lines("Encounter", 5));
        _operator.Keeps("Patient.ndjson", Lines("Patient", 5));
        await using var silo = await Silo("""
            {"id":"i1","state":"running","files":[{"name":"Patient.ndjson","chunksDone":5,"extra":[],"complete":true},
             {"name":"Encounter.ndjson","chunksDone":1,"extra":[3],"complete":false}]}
            """);
        Assert.Equal(ExitCode.Done, await Import(silo, "--chunk-lines", "1"));
        Assert.Equal(["/api/v1/imports/i1/files/1/chunks/1", "/api/v1/imports/i1/files/1/chunks/2", "/api/v1/imports/i1/files/1/chunks/4"],
            Chunks(silo).Select(chunk => chunk.Path).Order());
    }

    [Fact]
    public async Task A_resumed_import_is_cut_as_it_was_begun()
    {
        _operator.Keeps("Patient.ndjson", Lines("Patient", 4));
        await using var silo = await Silo("""{"id":"i1","chunkLines":2,"files":[{"name":"Patient.ndjson","chunksDone":1}]}""");
        await Import(silo, "--chunk-lines", "1");
        Assert.Equal("?firstLine=3", Chunks(silo).Single().Query);
    }

    [Fact]
    public async Task A_class_begins_only_when_the_class_before_it_is_acknowledged()
    {
        _operator.Keeps("Encounter.ndjson", Lines("Encounter", 4));
        _operator.Keeps("Patient.1.ndjson", Lines("Patient", 2));
        _operator.Keeps("Patient.2.ndjson", Lines("Patient", 2));
        var (patientsDone, tooEarly) = (0, 0);
        await using var silo = await StubSilo.Start(async asked =>
        {
            if (!asked.Path.Contains("/chunks/", StringComparison.Ordinal)) return Reply.Json("""{"id":"i1","files":[]}""");
            if (asked.Text.Contains("Encounter", StringComparison.Ordinal) && Volatile.Read(ref patientsDone) < 4) Interlocked.Increment(ref tooEarly);
            await Task.Yield();
            if (asked.Text.Contains("Patient", StringComparison.Ordinal)) Interlocked.Increment(ref patientsDone);
            return Reply.Json(Acknowledged);
        });
        Assert.Equal(ExitCode.Done, await Import(silo, "--chunk-lines", "1", "--parallel", "4"));
        Assert.Equal((4, 0), (patientsDone, tooEarly));
    }

    [Fact]
    public async Task As_many_chunks_as_allowed_are_in_flight()
    {
        _operator.Keeps("Patient.ndjson", Lines("Patient", 2));
        var bothAreHere = new TaskCompletionSource();
        var here = 0;
        await using var silo = await StubSilo.Start(async asked =>
        {
            if (!asked.Path.Contains("/chunks/", StringComparison.Ordinal)) return Reply.Json("""{"id":"i1","files":[]}""");
            if (Interlocked.Increment(ref here) == 2) bothAreHere.SetResult();
            await bothAreHere.Task;     // Would wait for ever if the second came only after the first.
            return Reply.Json(Acknowledged);
        });
        Assert.Equal(ExitCode.Done, await Import(silo, "--chunk-lines", "1", "--parallel", "2"));
    }

    [Fact]
    public async Task A_busy_server_gets_the_same_chunk_again()
    {
        _operator.Keeps("Patient.ndjson", Lines("Patient", 1));
        var tries = 0;
        await using var silo = await StubSilo.Start(asked => !asked.Path.Contains("/chunks/", StringComparison.Ordinal)
            ? Reply.Json("""{"id":"i1","files":[]}""")
            : Interlocked.Increment(ref tries) == 1 ? new Reply(503, "", RetryAfter: "3") : Reply.Json(Acknowledged));
        Assert.Equal(ExitCode.Done, await Import(silo));
        Assert.Equal([Lines("Patient", 1), Lines("Patient", 1)], Chunks(silo).Select(chunk => chunk.Text));
        Assert.Equal([TimeSpan.FromSeconds(3)], _operator.Clock.Waits);
    }

    [Fact]
    public async Task A_silo_killed_in_the_middle_of_a_chunk_gets_that_chunk_again()
    {
        _operator.Keeps("Patient.ndjson", Lines("Patient", 1));
        var tries = 0;
        await using var silo = await StubSilo.Start(asked => !asked.Path.Contains("/chunks/", StringComparison.Ordinal)
            ? Reply.Json("""{"id":"i1","files":[]}""")
            : Interlocked.Increment(ref tries) == 1 ? Reply.Nothing : Reply.Json(Acknowledged));
        Assert.Equal(ExitCode.Done, await Import(silo));
        Assert.Equal([Lines("Patient", 1), Lines("Patient", 1)], Chunks(silo).Select(chunk => chunk.Text));
    }

    [Fact]
    public async Task A_refused_chunk_ends_the_import_and_says_that_it_can_continue()
    {
        _operator.Keeps("Patient.ndjson", Lines("Patient", 1));
        await using var silo = await StubSilo.Start(asked => asked.Method == "PUT"
            ? new Reply(413, """{"detail":"Chunk 0 has 9 MiB; allowed are 8."}""")
            : Reply.Json("""{"id":"i1","files":[]}"""));
        Assert.Equal(ExitCode.Refused, await Import(silo));
        Assert.Contains("Chunk 0 has 9 MiB; allowed are 8.", _operator.Error, StringComparison.Ordinal);
        Assert.Contains("The same command continues", _operator.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(silo.Asked, asked => asked.Path.EndsWith("/complete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_summary_tells_what_was_not_used_and_why()
    {
        _operator.Keeps("Patient.ndjson", Lines("Patient", 1));
        await using var silo = await Silo();
        await Import(silo);
        Assert.Contains("unused: Device", _operator.Out, StringComparison.Ordinal);
        Assert.Contains("quarantined: unknown-unit", _operator.Out, StringComparison.Ordinal);
    }

    private Task<int> Import(StubSilo silo, params string[] options) => _operator.Types(silo.Address, ["import", _operator.Data, .. options]);

    private static Task<StubSilo> Silo(string opened = """{"id":"i1","state":"running","files":[],"summary":{}}""") => StubSilo.Start(asked =>
        Reply.Json(asked.Method == "PUT" ? Acknowledged : asked.Path.EndsWith("/complete", StringComparison.Ordinal) ? Summary : opened));

    private static List<Received> Chunks(StubSilo silo) => silo.Asked.Where(asked => asked.Method == "PUT").ToList();

    private static List<(string, string)> ChunksOf(StubSilo silo, int file) => Chunks(silo)
        .Where(chunk => chunk.Path.Contains($"/files/{file}/", StringComparison.Ordinal))
        .Select(chunk => (chunk.Path.Split('/')[^1] + chunk.Query, chunk.Text)).Order().ToList();

    private static string Lines(string type, int count) =>
        string.Concat(Enumerable.Range(1, count).Select(id => $$"""{"resourceType":"{{type}}","id":"{{id}}"}""" + "\n"));

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var packer = new GZipStream(packed, CompressionLevel.Fastest)) packer.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
