using HealthMLOps.Access;
using HealthMLOps.Audit;

namespace HealthMLOps.Egress;

/// <summary>The one way out. A request leaves only to a destination of the register, with no more than its class of data, under a live agreement.</summary>
/// <remarks>Redirects are not followed: they could lead anywhere.</remarks>
public sealed class EgressGate(EgressRegister register, AuditBook record, TimeProvider time) : IDisposable
{
    /// <summary>A destination that is silent for longer is given up.</summary>
    public static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(30);

    private static readonly Caller Ourselves = new("system", "system", "The silo itself", [], Purposes.Operations);

    private readonly HttpClient _out = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = AnswerTimeMax };

    /// <summary>Sends, or refuses and records it.</summary>
    /// <param name="request">To an absolute address.</param>
    /// <param name="kind">What the call is for.</param>
    /// <param name="data">The most sensitive data in it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="EgressRefused">The register does not allow it; nothing was sent.</exception>
    public async Task<HttpResponseMessage> Send(HttpRequestMessage request, DestinationKind kind, DataClass data, CancellationToken cancellation)
    {
        var address = request.RequestUri is { IsAbsoluteUri: true } uri ? uri : throw new ArgumentException("A request to the outside has an absolute address.");
        var destination = register.Destinations.FirstOrDefault(d => d.Takes(address, kind));
        var why = destination is null ? "unlisted" : destination.Refusal(data, time.GetUtcNow());
        if (why is null) return await _out.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        // The path may name a patient; scheme, host and port do not.
        await record.Record(record.By(Ourselves, "egress.refused") with { Object = destination?.Name ?? address.GetLeftPart(UriPartial.Authority), Outcome = why });
        throw new EgressRefused(why, destination is null
            ? $"{address.GetLeftPart(UriPartial.Authority)} is no destination of kind {kind} in the egress register."
            : $"The destination '{destination.Name}' does not take {data} data now: {why}.");
    }

    public void Dispose() => _out.Dispose();
}
