using System.Net;
using System.Net.Http.Headers;
using HealthMLOps.Simulation.Fhir;

namespace HealthMLOps.Simulation.Sending;

/// <summary>Delivers one parcel: again and again while the receiver is busy or away, never again once it has refused.</summary>
internal sealed class Courier(HttpClient http, string secret, TruthRecord record, Tally tally, RequestBudget budget)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestAskedPause = TimeSpan.FromMinutes(1);
    private static readonly MediaTypeHeaderValue FhirJson = new("application/fhir+json") { CharSet = "utf-8" };

    private int _complaints;

    /// <summary>Returns when the parcel is settled, or when <paramref name="giveUp"/> or the budget ends it unsettled.</summary>
    public async Task Deliver(Parcel parcel, CancellationToken giveUp)
    {
        for (var attempt = 0; !giveUp.IsCancellationRequested && budget.TakeOne(); attempt++)
        {
            if (attempt > 0) tally.CountRetry();
            record.Sending(parcel.Events);
            var (status, retryAfter, body) = await Ask(parcel, giveUp);
            if (status is >= 200 and < 300)
            {
                if (Busy(parcel, body) is not { } again) return;
                parcel = again;
            }
            else if (status is >= 400 and < 500 and not (408 or 425 or 429))
            {
                Refuse(parcel, status);
                return;
            }
            await Pause(attempt, retryAfter, giveUp);
        }
    }

    /// <summary>Settles an accepted parcel; answers the part of a batch that must be sent again, or null.</summary>
    private Parcel? Busy(Parcel parcel, ReadOnlyMemory<byte> body)
    {
        var statuses = parcel.Kind == ParcelKind.Batch ? BatchJson.Statuses(body, parcel.Events.Count) : null;
        var again = new List<ChartEvent>();
        for (var at = 0; at < parcel.Events.Count; at++)
        {
            var status = statuses?[at] ?? 200;
            if (status < 300) record.Acknowledged(parcel.Events[at]);
            else if (status is 429 or >= 500) again.Add(parcel.Events[at]);
            else Refuse(parcel with { Events = [parcel.Events[at]] }, status);
        }
        return again.Count == 0 ? null : Packer.Batch(again);
    }

    private void Refuse(Parcel parcel, int status)
    {
        foreach (var one in parcel.Events) record.Refused(one);
        if (Interlocked.Increment(ref _complaints) <= 10)
            Console.Error.WriteLine($"{parcel.Kind} with {parcel.Events.Count} events was refused with {status}; it is not sent again.");
    }

    private async Task<(int Status, TimeSpan? RetryAfter, ReadOnlyMemory<byte> Body)> Ask(Parcel parcel, CancellationToken giveUp)
    {
        try
        {
            using var request = new HttpRequestMessage(parcel.Method, parcel.Path) { Content = new ReadOnlyMemoryContent(parcel.Body) };
            request.Content.Headers.ContentType = FhirJson;
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
            using var response = await http.SendAsync(request, giveUp);
            var body = parcel.Kind == ParcelKind.Batch ? await response.Content.ReadAsByteArrayAsync(giveUp) : [];
            return ((int)response.StatusCode, response.Headers.RetryAfter?.Delta, body);
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException)
        {
            // Away, too slow, or we stop: in each case nobody knows whether it arrived.
            return ((int)HttpStatusCode.ServiceUnavailable, null, default);
        }
    }

    private static async Task Pause(int attempt, TimeSpan? retryAfter, CancellationToken giveUp)
    {
        var pause = retryAfter is { } asked
            ? Shorter(asked, LongestAskedPause)
            : Shorter(FirstPause * Math.Pow(2, Math.Min(attempt, 10)), LongestPause);
        try
        {
            await Task.Delay(pause, giveUp);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
