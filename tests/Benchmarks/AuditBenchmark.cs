using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>What the record costs: a read of a patient over HTTP with and without it, appends with and without an event beside each, and a verification.</summary>
internal static class AuditBenchmark
{
    private const int Patients = 200;
    private const int VerifiedFull = 1_000_000;
    private const int VerifiedOnce = 20_000;
    private const int EventsBetween = 1_000;

    private static long _appended;

    public static async Task Run(RunSize size, Report report)
    {
        await Reads(size, report);
        await Appends(size, report);
        await Verification(size == RunSize.Full ? VerifiedFull : VerifiedOnce, size, report);
    }

    /// <summary>The same grain call behind the same Kestrel, once recorded and once not.</summary>
    private static async Task Reads(RunSize size, Report report)
    {
        await using var silo = await ASilo.Start();
        var now = DateTimeOffset.UtcNow;
        var failed = await silo.Import(Enumerable.Range(0, Patients).SelectMany(i => AWard.Lines($"i{i}", now.AddDays(-2), null, 100, TimeSpan.FromHours(1))));
        report.Require(failed == 0, "the ward was not taken in");
        var (grains, keys, record) = (silo.Get<IGrainFactory>(), silo.Get<IdentityKeys>(), silo.Get<AuditBook>());
        var caller = new Caller("p-1", "ward-app", "Ward App", [Role.ClinicalApp], "TREAT");

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapGet("/{patient}/{recorded}", async (string patient, bool recorded) =>
        {
            var key = keys.Patient(new SourceName(AWard.Source), patient);
            var features = await grains.GetGrain<IPatientGrain>(key.Value).Features(new FeatureQuestion("deterioration", null, null));
            if (recorded) await record.Record(record.By(caller, "features.read") with { Patient = key });
            return features is null ? Results.NotFound() : Results.Json(features.Values);
        });
        await app.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(app.Urls.First()) };
        async Task<bool> Get(int i, string recorded)
        {
            using var answer = await client.GetAsync(new Uri($"/i{i % Patients}/{recorded}", UriKind.Relative));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        await Compare("read of a patient", i => Get(i, "false"), i => Get(i, "true"), size, report);
        await app.StopAsync();
    }

    private static async Task Appends(RunSize size, Report report)
    {
        await using var silo = await ASilo.Start();
        var log = silo.Get<IEventLog>();
        var entry = new AuditEntry(DateTimeOffset.UtcNow, "p-1", "ward-app", "clinical-app", "TREAT", "risk.read", "ok");
        var payload = RandomNumberGenerator.GetBytes(400);
        async Task<bool> Append()
        {
            var patient = PatientKey.Of(new ResourceKey((ulong)Interlocked.Increment(ref _appended) * 0x9E3779B97F4A7C15, 11));
            return await log.Append(new PatientAppend(patient, 1, entry.At, payload, [], [])) is AppendResult.Committed;
        }
        async Task<bool> Both()
        {
            var recorded = log.Record(new AuditAppend(entry, null, null));
            var appended = await Append();
            await recorded;
            return appended;
        }
        await Compare("append of a turn, one event beside each", _ => Append(), _ => Both(), size, report);
        await Compare("ten turns, one event beside them", async _ => (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Append()))).All(a => a),
            async _ => (await Task.WhenAll([Both(), .. Enumerable.Range(0, 9).Select(_ => Append())])).All(a => a), size, report);
    }

    private static async Task Compare(string what, Func<int, Task<bool>> without, Func<int, Task<bool>> with, RunSize size, Report report)
    {
        await LoadClient.Run(size.Warmup, without);
        await LoadClient.Run(size.Warmup, with);
        var (withs, withouts) = (new List<Load>(), new List<Load>());
        for (var run = 0; run < size.Repeats; run++)
        {
            withouts.Add(await LoadClient.Run(size.LoadTime, without));
            withs.Add(await LoadClient.Run(size.LoadTime, with));
        }
        report.Require(withs.Concat(withouts).All(l => l.Wrong == 0), $"{what}: wrong answers");
        report.Line($"{what}: unrecorded", "/s", [.. withouts.Select(l => l.PerSecond)]);
        report.Line($"{what}: recorded", "/s", [.. withs.Select(l => l.PerSecond)]);
        report.Line($"{what}: p50 recorded", "ms", [.. withs.Select(l => l.HalfMs)]);
        report.Line($"{what}: ratio recorded to unrecorded", "", [.. withs.Zip(withouts, (w, o) => w.PerSecond / o.PerSecond)]);
    }

    private static async Task Verification(int events, RunSize size, Report report)
    {
        var file = Path.GetTempFileName();
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = new AuditKey("healthml/bench", secret.ExportSubjectPublicKeyInfo());
        try
        {
            await Write(file, events, key, secret);
            var megabytes = new FileInfo(file).Length / 1e6;
            var (seconds, peaks) = (new List<double>(), new List<double>());
            for (var run = 0; run < size.Repeats; run++)
            {
                GC.Collect();
                var (clock, before) = (Stopwatch.StartNew(), GC.GetTotalMemory(forceFullCollection: true));
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 18, FileOptions.SequentialScan);
                var verdict = await ExportReader.Verify(stream, new ExportVerifier([key], []), CancellationToken.None);
                seconds.Add(clock.Elapsed.TotalSeconds);
                peaks.Add((GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6);
                report.Require(verdict.Fault is null && verdict.Entries == events, $"the record is not sound: {verdict.Fault?.Detail}");
            }
            report.Line($"verify {events:N0} events, {megabytes:N0} MB", "s", seconds);
            report.Line("verify: memory kept", "MB", peaks);
        }
        finally { File.Delete(file); }
    }

    private static async Task Write(string file, int events, AuditKey key, ECDsa secret)
    {
        await using var output = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        void Line(byte[] line)
        {
            output.Write(line);
            output.WriteByte((byte)'\n');
        }
        Line(new ExportHeader(key.Name, 0, events, []).ToLine());
        var (tree, former) = (new MerkleFrontier(), AuditEvent.NoPrevious);
        for (var i = 0; i < events; i++)
        {
            var entry = new AuditEntry(DateTimeOffset.UnixEpoch.AddYears(56).AddSeconds(i), "p-anna", "ward-app", "bedside-clinician", "TREAT", "risk.read", "ok")
            {
                Patient = PatientKey.Of(new ResourceKey((ulong)i * 0x9E3779B97F4A7C15, 3)), Correlation = "0HNABCDEF:00000001",
            };
            var bytes = new AuditEvent(new AuditPlace(1, i + 1), former, entry, null).ToBytes();
            former = MerkleHash.Leaf(bytes);
            tree.Append(former);
            Line(ExportLine.Of(i, former, bytes));
            if ((i + 1) % EventsBetween != 0 && i + 1 != events) continue;
            var checkpoint = new Checkpoint(key.Name, tree.Size, tree.Root, entry.At);
            Line(ExportLine.Of(SignedCheckpoint.Of(checkpoint, key, secret.SignData(Encoding.UTF8.GetBytes(checkpoint.Body), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))));
        }
    }
}
