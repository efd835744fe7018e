using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Intake;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>A whole silo as production builds it, on a database of its own and a clock that stands still.</summary>
internal sealed class Ward : IAsyncDisposable
{
    public static readonly SourceName Hospital = new("general-hospital");
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _silo;

    private Ward(WebApplication silo, StorageOptions options, FakeTimeProvider clock)
    {
        (_silo, Options, Clock) = (silo, options, clock);
        Http = new HttpClient { BaseAddress = new Uri(silo.Urls.First()) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer",
            File.ReadAllText(Path.Combine(options.DataFolder, Credentials.OwnerFile)).Trim());
    }

    public static string ConfigFolder => Path.Combine(Root(), "config");

    public StorageOptions Options { get; }
    public FakeTimeProvider Clock { get; }
    public HttpClient Http { get; }
    public IEventLog Log => Get<IEventLog>();
    public CancellationToken Stopping => _silo.Lifetime.ApplicationStopping;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<Ward> Open(StorageOptions options, FakeTimeProvider? clock = null, bool serving = true, string? configFolder = null, string? witness = null, Action<IServiceCollection>? replace = null)
    {
        clock ??= new FakeTimeProvider(Noon);
        var silo = await SiloHost.Build(new SiloSettings
        {
            Command = SiloCommand.Serve, Urls = "http://127.0.0.1:0", DataFolder = options.DataFolder, PostgresConnection = options.ConnectionString,
            ConfigFolder = configFolder ?? ConfigFolder, Unvalidated = serving, AuditWitness = witness,
        }, new ClinicalClock(clock), replace);
        try { await silo.StartAsync(Stop); }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
        return new Ward(silo, options, clock);
    }

    public T Get<T>() where T : notnull => _silo.Services.GetRequiredService<T>();

    public PatientKey Patient(string id) => Get<IdentityKeys>().Patient(Hospital, id);

    public IPatientGrain Grain(string id) => Get<IGrainFactory>().GetGrain<IPatientGrain>(Patient(id).Value);

    public async Task<EntryResult[]> Take(params IngestEntry[] entries) => await Get<Ingest>().Take(Hospital, entries, FactOrigin.Live, Stop);

    public async Task<EntryResult[]> Import(params IngestEntry[] entries) => await Get<Ingest>().Take(Hospital, entries, FactOrigin.History, Stop);

    /// <summary>Everything promised elsewhere is done.</summary>
    public async Task Settle()
    {
        while ((await Log.PendingOutbox(1, Stop)).Count > 0) await Get<OutboxWork>().Drain(Stop);
    }

    public async Task<List<(long Number, PatientTurn Turn)>> Turns(string patient)
    {
        var turns = new List<(long, PatientTurn)>();
        await foreach (var stored in Log.ReadPatient(Patient(patient), 0, Stop)) turns.Add((stored.Number, Get<TurnCodec>().Decode(stored.Payload)));
        return turns;
    }

    public async Task<List<Fact>> Facts(string patient) => [.. (await Turns(patient)).SelectMany(t => t.Turn.Facts)];

    public async Task<double?[]> Features(string patient, string set = "deterioration") =>
        await Grain(patient).Features(new FeatureQuestion(set, null, null)) is { } features ? [.. features.Values] : [];

    public async Task<double?> HeartRate(string patient)
    {
        var names = Get<HealthMLOps.Features.FeatureLibrary>().Named("deterioration").Features;
        var values = await Features(patient);
        return values.Length == 0 ? null : values[names.Select(f => f.Name).ToList().IndexOf("heart-rate-last")];
    }

    public async Task<JsonElement> GetJson(string path) => JsonDocument.Parse(await Http.GetStringAsync(new Uri(path, UriKind.Relative), Stop)).RootElement;

    public async Task<JsonElement> PostJson(string path, string body)
    {
        var answer = await Http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"), Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    public async Task<JsonElement> PostFhir(string bundle)
    {
        var answer = await Http.PostAsync(new Uri("/fhir", UriKind.Relative), new StringContent(bundle, Encoding.UTF8, "application/fhir+json"), Stop);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
    }

    public async Task<HttpResponseMessage> Put(string type, string id, string json) =>
        await Http.PutAsync(new Uri($"/fhir/{type}/{id}", UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/fhir+json"), Stop);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _silo.StopAsync(CancellationToken.None);
        await _silo.DisposeAsync();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HealthMLOps.Orleans.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside the repository.");
    }
}
