using System.Globalization;
using System.Net;
using HealthMLOps.Audit;

namespace HealthMLOps.Access;

/// <summary>Puts strangers' refusals on the record without letting them fill it: the first of a kind in a minute at once, the others of that minute as one entry with their number.</summary>
/// <remarks>
/// A kind is method, route, reason and class of address (loopback, private, public); no address is kept. Kinds beyond
/// <see cref="KindsMax"/> a minute count as one, so a minute holds at most twice as many entries, whatever comes.
/// A silo that is killed loses the numbers of one minute, never the first refusal of a kind.
/// </remarks>
public sealed partial class RefusalTally(AuditBook record, TimeProvider time, ILogger<RefusalTally> logger) : BackgroundService
{
    public const int KindsMax = 256;

    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private const string Others = "(others)";
    private static readonly Caller Nobody = new("anonymous", "anonymous", "Anonymous", [], Purposes.Treatment);
    private static readonly HashSet<string> Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

    private readonly Lock _gate = new();
    private Dictionary<Kind, long> _counts = [];

    /// <summary>Counts a refusal; the first of its kind in this minute is durable when it returns.</summary>
    public Task Refused(HttpContext http, string why)
    {
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
        var kind = new Kind($"{(Methods.Contains(http.Request.Method) ? http.Request.Method : "OTHER")} {route}", why, ClassOf(http.Connection.RemoteIpAddress));
        lock (_gate)
        {
            if (!_counts.ContainsKey(kind) && _counts.Count >= KindsMax) kind = new Kind(Others, Others, Others);
            if (_counts.TryGetValue(kind, out var seen))
            {
                _counts[kind] = seen + 1;
                return Task.CompletedTask;
            }
            _counts[kind] = 0; // Of those beyond the first, which has an entry of its own.
        }
        return First(kind);
    }

    private async Task First(Kind kind)
    {
        try { await Record(kind, $"{kind.Why} from {kind.From}"); }
        catch
        {
            lock (_gate) _counts[kind] = _counts.GetValueOrDefault(kind) + 1; // Not recorded: it counts among the others of its minute.
            throw;
        }
    }

    /// <summary>Ends the minute: one entry for each kind of which more came than the first.</summary>
    public async Task Close()
    {
        Dictionary<Kind, long> over;
        lock (_gate) (over, _counts) = (_counts, []);
        foreach (var (kind, more) in over.Where(c => c.Value > 0))
        {
            try { await Record(kind, string.Create(CultureInfo.InvariantCulture, $"{kind.Why} from {kind.From}, {more} more")); }
            catch (Exception e)
            {
                // The number is not lost: it counts in the minute that follows.
                lock (_gate) _counts[kind] = _counts.GetValueOrDefault(kind) + more;
                Postponed(e);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try { while (await timer.WaitForNextTickAsync(stoppingToken)) await Close(); }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { await Close(); }
    }

    private Task Record(Kind kind, string outcome) => record.Record(record.By(Nobody, "access.denied") with { Object = kind.What, Outcome = outcome });

    private static string ClassOf(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address)) return "loopback";
        var bytes = address.GetAddressBytes();
        var isPrivate = bytes.Length == 4
            ? bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254)
            : address.IsIPv6UniqueLocal || address.IsIPv6LinkLocal;
        return isPrivate ? "private" : "public";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Postponed the numbers of refused strangers: the record did not take them")]
    private partial void Postponed(Exception error);

    private readonly record struct Kind(string What, string Why, string From);
}
