using System.Diagnostics;
using System.Threading.Channels;
using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Fhir;
using HealthMLOps.Simulation.Wards;

namespace HealthMLOps.Simulation.Sending;

/// <summary>Runs the wards against the clock and sends what they chart: handshake, backlog, then live.</summary>
internal sealed class LiveStream : IDisposable
{
    private const int ParcelsQueuedPerCourier = 4;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan UnhurriedStep = TimeSpan.FromMinutes(10);

    /// <summary>How long the queue may still be emptied after the run's end.</summary>
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(30);

    /// <summary>How long requests on the wire may still be answered after the process was told to stop.</summary>
    private static readonly TimeSpan LastAnswersMax = TimeSpan.FromSeconds(3);

    private readonly StreamOptions _options;
    private readonly TextWriter _progress;
    private readonly HospitalSeed _seed;
    private readonly LiveHospital _hospital;
    private readonly Packer _packer;
    private readonly Tally _tally = new();
    private readonly TruthRecord _record;
    private readonly HttpClient _http;
    private readonly Courier _courier;
    private readonly Channel<Parcel> _queue;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _giveUp = new();
    private DateTimeOffset _sim;
    private int _patients;
    private RunPhase _phase = RunPhase.Backlog;

    public LiveStream(StreamOptions options, TextWriter progress)
    {
        (_options, _progress, _sim) = (options, progress, options.Start);
        _seed = new HospitalSeed(options.Seed, "stream");
        _hospital = new LiveHospital(_seed, options.Patients, options.Start);
        _patients = _hospital.PatientsInHouse(options.Start);
        _packer = new Packer(new NotificationJson(_seed.PatientId(0)), options.Source, options.Mode, RandomStream.Of(options.Seed, "packer"));
        _record = new TruthRecord(options.Record, _tally);
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = options.Concurrency + 2 })
        {
            BaseAddress = new Uri(options.To.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(60),
        };
        _courier = new Courier(_http, options.Secret, _record, _tally, new RequestBudget(options.RequestsMax, _tally, _ended.Cancel));
        _queue = Channel.CreateBounded<Parcel>(options.Concurrency * ParcelsQueuedPerCourier);
    }

    public Tally Tally => _tally;

    /// <summary>Runs to the end that the options set, or until stopped; prints the summary.</summary>
    public async Task Run(CancellationToken stop)
    {
        if (_options.Duration is { } duration) _ended.CancelAfter(duration);
        using var stopping = stop.Register(() =>
        {
            _ended.Cancel();
            _giveUp.CancelAfter(LastAnswersMax);
        });
        var couriers = Enumerable.Range(0, _options.Concurrency).Select(_ => Carry(stop)).ToArray();
        using var side = new CancellationTokenSource();
        Task[] sides = [Report(side.Token), Beat(side.Token)];
        try
        {
            if (_options.Mode != SendMode.Classic) await _courier.Deliver(_packer.Handshake(_sim), _ended.Token);
            await SendBacklog();
            await SendLive();
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Time, budget or the user ended the run while the queue was full.
        }
        _queue.Writer.Complete();
        if (!_giveUp.IsCancellationRequested) _giveUp.CancelAfter(stop.IsCancellationRequested ? LastAnswersMax : DrainMax);
        await Task.WhenAll(couriers);
        await side.CancelAsync();
        await Task.WhenAll(sides);
        _phase = RunPhase.Done;
        WriteLine();
    }

    public void Dispose()
    {
        _record.Dispose();
        _http.Dispose();
        _ended.Dispose();
        _giveUp.Dispose();
    }

    private async Task SendBacklog()
    {
        var entries = _hospital.Backlog.Select(entry => _options.Drift?.Distort(entry) ?? entry);
        switch (_options.Backlog)
        {
            case BacklogWay.Batch:
                foreach (var parcel in Packer.Batches(entries)) await _queue.Writer.WriteAsync(parcel, _ended.Token);
                break;
            case BacklogWay.Notify:
                foreach (var chunk in entries.Chunk(200)) await Enqueue(_packer.Pack(chunk, _sim), _ended.Token);
                break;
            case BacklogWay.None: break;
            default: throw new UnreachableException();
        }
    }

    private async Task SendLive()
    {
        _phase = RunPhase.Live;
        var end = _options.Until ?? DateTimeOffset.MaxValue;
        var watch = Stopwatch.StartNew();
        while (_sim < end && !_ended.IsCancellationRequested)
        {
            var now = _options.Rate > 0 ? _options.Start + watch.Elapsed * _options.Rate : _sim + UnhurriedStep;
            if (now > end) now = end;
            var due = _hospital.Take(now).Select(entry => _options.Drift?.Distort(entry) ?? entry).ToArray();
            (_sim, _patients) = (now, _hospital.PatientsInHouse(now));
            await Enqueue(_packer.Pack(due, now), _ended.Token);
            if (_options.Rate > 0) await Task.Delay(Tick, CancellationToken.None);
        }
        // Numbered events are owed even when time is up.
        await Enqueue(_packer.Rest(_sim), _giveUp.Token);
    }

    private async Task Enqueue(List<Parcel> parcels, CancellationToken giveUp)
    {
        foreach (var parcel in parcels) await _queue.Writer.WriteAsync(parcel, giveUp);
    }

    private async Task Carry(CancellationToken stop)
    {
        await foreach (var parcel in _queue.Reader.ReadAllAsync(CancellationToken.None))
            if (!stop.IsCancellationRequested) await _courier.Deliver(parcel, _giveUp.Token);
    }

    private async Task Report(CancellationToken done)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await Ticked(timer, done))
        {
            _record.Flush();
            WriteLine();
        }
    }

    /// <summary>Sends a heartbeat after each quiet period.</summary>
    private async Task Beat(CancellationToken done)
    {
        if (_options.Mode == SendMode.Classic) return;
        using var timer = new PeriodicTimer(_options.HeartbeatPeriod);
        for (var before = -1L; await Ticked(timer, done); before = _tally.Requests)
            if (before == _tally.Requests) await _courier.Deliver(_packer.Heartbeat(_sim), done);
    }

    private void WriteLine()
    {
        _progress.WriteLine(_tally.Line(_sim, _patients, _phase));
        _progress.Flush();
    }

    private static async Task<bool> Ticked(PeriodicTimer timer, CancellationToken done)
    {
        try
        {
            return await timer.WaitForNextTickAsync(done);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
