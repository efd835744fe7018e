using System.Net.Http.Headers;
using System.Text;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Intake;
using HealthMLOps.Patients;
using HealthMLOps.Tests.Shared;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>A whole silo in this process, over a fresh folder: Kestrel, Orleans, the log.</summary>
internal sealed class ASilo : IAsyncDisposable
{
    private const int LinesPerChunk = 1_000;
    private const int ChunksAtOnce = 3;

    private readonly string _folder;
    private readonly WebApplication _app;

    private ASilo(string folder, string url, WebApplication app) => (_folder, Url, _app) = (folder, url, app);

    public string Url { get; }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="postgres">Connection string; null = the embedded database.</param>
    /// <param name="replace">Puts other parts in place of the silo's.</param>
    public static async Task<ASilo> Start(string? postgres = null, Action<IServiceCollection>? replace = null)
    {
        var folder = Directory.CreateTempSubdirectory("healthml-bench-").FullName;
        var url = $"http://127.0.0.1:{Ports.Free()}";
        var settings = new SiloSettings
        {
            Command = SiloCommand.Serve, DataFolder = folder, Urls = url, PostgresConnection = postgres, Unvalidated = true, DefaultSource = AWard.Source,
        };
        var app = await SiloHost.Build(settings, new ClinicalClock(TimeProvider.System), replace);
        await app.StartAsync();
        return new ASilo(folder, url, app);
    }

    public HttpClient Owner() => Client(File.ReadAllText(Path.Combine(_folder, Credentials.OwnerFile)));

    public HttpClient Sender() => Client(File.ReadAllText(Credentials.SourcePath(_folder, new SourceName(AWard.Source))));

    /// <summary>Bytes of the embedded database.</summary>
    public long DatabaseBytes => new DirectoryInfo(_folder).EnumerateFiles("healthml.db*").Sum(f => f.Length);

    /// <summary>Takes lines in as an import does: in chunks, some at once.</summary>
    /// <returns>Entries that did not become facts.</returns>
    public async Task<int> Import(IEnumerable<string> lines)
    {
        var (reader, ingest, failed) = (Get<ImportReader>(), Get<Ingest>(), 0);
        await Parallel.ForEachAsync(lines.Chunk(LinesPerChunk), new ParallelOptions { MaxDegreeOfParallelism = ChunksAtOnce }, async (chunk, cancellation) =>
        {
            using var read = reader.Lines(Encoding.UTF8.GetBytes(string.Join('\n', chunk)));
            var results = await ingest.Take(new SourceName(AWard.Source), read.Entries, FactOrigin.History, cancellation);
            Interlocked.Add(ref failed, results.Count(r => r is not EntryResult.Stored));
        });
        return failed;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private HttpClient Client(string credential) => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
    {
        BaseAddress = new Uri(Url),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", credential.Trim().Split('\n')[0]) },
    };
}
