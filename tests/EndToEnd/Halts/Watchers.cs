using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Halts;

/// <summary>Clients that ask one silo for risks without a pause and write down each answer with its times.</summary>
internal sealed class Watchers : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly TimeSpan _patience;
    private readonly Task[] _clients;

    /// <param name="patience">A client gives up on an answer after this and asks for the next: long where late answers matter, short where another silo hangs.</param>
    public Watchers(SiloProcess silo, IReadOnlyList<string> patients, int clients, TimeSpan patience)
    {
        (Silo, _patience) = (silo, patience);
        _clients = [.. Enumerable.Range(0, clients).Select(i => Ask(patients, i))];
    }

    public SiloProcess Silo { get; }

    public ConcurrentQueue<Seen> All { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_clients);
        _end.Dispose();
    }

    private async Task Ask(IReadOnlyList<string> patients, int next)
    {
        var credential = new AuthenticationHeaderValue("Bearer", Silo.Site.Owner);
        while (!_end.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/patients/{patients[next++ % patients.Count]}/risk?model={AModel.Name}");
            request.Headers.Authorization = credential;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            patience.CancelAfter(_patience);
            var began = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await Silo.Http.SendAsync(request, patience.Token);
                var text = await answer.Content.ReadAsStringAsync(patience.Token);
                var ended = Stopwatch.GetTimestamp();
                if (answer.StatusCode != HttpStatusCode.OK) continue;
                var json = JsonNode.Parse(text)!;
                All.Enqueue(new Seen(began, ended, json["score"] is not null, json["asOf"]?.GetValue<DateTimeOffset>(), json["validUntil"]?.GetValue<DateTimeOffset>()));
            }
            catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
            {
                await Task.Yield(); // A silo that is killed or hangs gives no answer, and no answer shows no score.
            }
        }
    }
}

/// <summary>One answer.</summary>
/// <param name="Began">When it was asked for, on the client's monotonic clock.</param>
/// <param name="Ended">When it had arrived.</param>
internal sealed record Seen(long Began, long Ended, bool HasScore, DateTimeOffset? AsOf, DateTimeOffset? ValidUntil);
