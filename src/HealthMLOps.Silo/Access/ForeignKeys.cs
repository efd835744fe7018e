using System.Collections.Concurrent;
using System.Text.Json;
using HealthMLOps.Egress;
using HealthMLOps.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace HealthMLOps.Access;

/// <summary>The public keys of others: from registrations, from files, or fetched from an address that the egress register lists.</summary>
/// <remarks>Fetched keys are kept for <see cref="KeptFor"/>; an unknown key id fetches again, but not within <see cref="Pause"/>.</remarks>
public sealed class ForeignKeys(EgressGate egress, PolicyFolder policy, TimeProvider time)
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Larger key sets are refused.</summary>
    public const int BytesMax = 64 * 1024;

    private readonly ConcurrentDictionary<string, Fetched> _fetched = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _failed = new();
    private readonly ConcurrentDictionary<string, bool> _fetching = new();

    /// <summary>The one key of that id in a registered set; null where there is none, or more than one.</summary>
    public static SecurityKey? InSet(string jwks, string? kid) => Single(Parse(jwks), kid);

    public async Task<SecurityKey?> InFile(string file, string? kid, CancellationToken cancellation) =>
        Single(Parse(await File.ReadAllTextAsync(Path.Combine(policy.Path, file), cancellation)), kid);

    /// <summary>The one key of that id at that address.</summary>
    /// <exception cref="EgressRefused">The address is not in the egress register.</exception>
    public async Task<SecurityKey?> AtUrl(Uri address, string? kid, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (_fetched.TryGetValue(address.AbsoluteUri, out var kept) && now - kept.At < KeptFor && (Single(kept.Keys, kid) is not null || now - kept.At < Pause))
            return Single(kept.Keys, kid);
        var keys = Parse(await Fetch(address, cancellation));
        _fetched[address.AbsoluteUri] = new Fetched(now, keys);
        return Single(keys, kid);
    }

    /// <summary>The key of an OpenID provider, found through its metadata.</summary>
    public async Task<SecurityKey?> OfAuthority(Uri authority, string issuer, string? kid, CancellationToken cancellation)
    {
        var metadata = new Uri(authority.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration");
        if (!_fetched.TryGetValue(metadata.AbsoluteUri, out var kept) || time.GetUtcNow() - kept.At >= KeptFor)
        {
            using var document = JsonDocument.Parse(await Fetch(metadata, cancellation));
            if (document.RootElement.GetProperty("issuer").GetString() != issuer) throw new InvalidDataException("The provider's metadata name another issuer.");
            kept = new Fetched(time.GetUtcNow(), []) { Jwks = new Uri(document.RootElement.GetProperty("jwks_uri").GetString() ?? "") };
            _fetched[metadata.AbsoluteUri] = kept;
        }
        return kept.Jwks is { } jwks ? await AtUrl(jwks, kid, cancellation) : null;
    }

    /// <summary>Whether the text is a set with at least one key that we accept (EC P-384, or RSA of 2048 bits and more), and each has an id of its own.</summary>
    public static string? Fault(string jwks)
    {
        IReadOnlyList<SecurityKey> keys;
        try { keys = [.. Parse(jwks).Where(key => key is not JsonWebKey { Crv: JsonWebKeyECTypes.P256 })]; }
        catch (Exception e) when (e is ArgumentException or JsonException) { return "The key set is not a JWKS."; }
        if (keys.Count == 0) return "The key set holds no public key of kind EC P-384 or RSA.";
        if (keys.Any(key => string.IsNullOrEmpty(key.KeyId)) || keys.Select(key => key.KeyId).Distinct().Count() != keys.Count) return "Each key of the set needs a 'kid' of its own.";
        return keys.OfType<JsonWebKey>().Any(key => key.HasPrivateKey) ? "The key set holds a private key. Register public keys only, and replace this one: it has been seen." : null;
    }

    /// <summary>Fetches, one at a time for an address; what failed is not tried again within <see cref="Pause"/>, whoever asks.</summary>
    /// <remarks>Strangers decide how often this is asked: their tokens name the issuer.</remarks>
    private async Task<string> Fetch(Uri address, CancellationToken cancellation)
    {
        if (_failed.TryGetValue(address.AbsoluteUri, out var until) && time.GetUtcNow() < until)
            throw new HttpRequestException("The keys could not be fetched a moment ago.");
        if (!_fetching.TryAdd(address.AbsoluteUri, true)) throw new HttpRequestException("The keys are being fetched.");
        try { return await Text(address, cancellation); }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _failed[address.AbsoluteUri] = time.GetUtcNow() + Pause;
            throw;
        }
        finally { _fetching.TryRemove(address.AbsoluteUri, out _); }
    }

    private async Task<string> Text(Uri address, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var answer = await egress.Send(request, DestinationKind.Identity, DataClass.None, cancellation);
        answer.EnsureSuccessStatusCode();
        if (answer.Content.Headers.ContentLength is > BytesMax) throw new InvalidDataException($"A key set has at most {BytesMax} bytes.");
        await answer.Content.LoadIntoBufferAsync(BytesMax, cancellation);
        return await answer.Content.ReadAsStringAsync(cancellation);
    }

    private static IReadOnlyList<SecurityKey> Parse(string jwks) => [.. new JsonWebKeySet(jwks).Keys.Where(IsUsable)];

    /// <remarks>P-256 signs ES256, which OpenID providers use; programs and EHRs sign ES384 or RS384.</remarks>
    private static bool IsUsable(JsonWebKey key) =>
        (key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve && key.Crv is JsonWebKeyECTypes.P384 or JsonWebKeyECTypes.P256) || (key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize >= 2048);

    private static SecurityKey? Single(IReadOnlyList<SecurityKey> keys, string? kid) => keys.Where(key => key.KeyId == kid).Take(2).ToList() is [var one] ? one : null;

    private sealed record Fetched(DateTimeOffset At, IReadOnlyList<SecurityKey> Keys)
    {
        public Uri? Jwks { get; init; }
    }
}
