using HealthMLOps.Clinical;
using HealthMLOps.Hosting;

namespace HealthMLOps.Egress;

/// <summary>What a destination is for.</summary>
public enum DestinationKind { Ehr, Webhook, Tracker, Archive, Identity }

/// <summary>How sensitive what goes out is; each class includes those before it.</summary>
public enum DataClass { None, Operational, Deidentified, Phi }

/// <summary>The agreement under which patient data go to a destination.</summary>
/// <param name="Reference">Where it is filed.</param>
/// <param name="Expires">The last day on which it holds.</param>
public sealed record Agreement(string Reference, DateOnly Expires);

/// <summary>One place that this system may call.</summary>
public sealed record Destination
{
    public required string Name { get; init; }
    public required DestinationKind Kind { get; init; }

    /// <summary>It and the paths below it.</summary>
    public required Uri Address { get; init; }

    /// <summary>The most sensitive data that may go there.</summary>
    public required DataClass DataClass { get; init; }
    public Agreement? Agreement { get; init; }

    public bool HasLiveAgreement(DateTimeOffset now) => Agreement is { } agreement && DateOnly.FromDateTime(now.UtcDateTime) <= agreement.Expires;

    /// <summary>Whether a request to that address goes to this destination.</summary>
    public bool Takes(Uri address, DestinationKind kind) =>
        kind == Kind && address.Scheme == Address.Scheme && address.Host == Address.Host && address.Port == Address.Port && address.UserInfo.Length == 0
        && (address.AbsolutePath == Address.AbsolutePath || address.AbsolutePath.StartsWith(Address.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal));

    /// <summary>Why data of that class may not go there now; null where they may.</summary>
    public string? Refusal(DataClass data, DateTimeOffset now) =>
        data > DataClass ? "data-class"
        : data != DataClass.Phi || HasLiveAgreement(now) ? null
        : Agreement is null ? "no-agreement" : "agreement-expired";
}

/// <summary>The egress register: <c>config/egress.json</c>.</summary>
public sealed record EgressRegister(IReadOnlyList<Destination> Destinations)
{
    public const string File = "egress.json";

    /// <exception cref="InvalidConfiguration">Two destinations have one name, or one takes patient data without an agreement.</exception>
    public static EgressRegister Read(PolicyFolder policy)
    {
        var register = policy.ReadOne<EgressRegister>(File);
        if (register.Destinations.GroupBy(d => d.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InvalidConfiguration($"{File} names the destination '{twice.Key}' {twice.Count()} times; once is allowed.");
        if (register.Destinations.FirstOrDefault(d => d is { DataClass: DataClass.Phi, Agreement: null }) is { } bare)
            throw new InvalidConfiguration($"{File}: the destination '{bare.Name}' takes phi without an agreement; name its reference and expiry.");
        return register;
    }
}
