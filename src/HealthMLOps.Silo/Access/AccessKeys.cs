using System.Security.Cryptography;
using HealthMLOps.Privacy;
using Microsoft.IdentityModel.Tokens;

namespace HealthMLOps.Access;

/// <summary>The keys that sign our own access tokens (ES384). Made once for all silos of a database, where they lie sealed.</summary>
public sealed class AccessKeys(AccessStore store, PayloadSeal seal, TimeProvider time) : ILifecycleParticipant<ISiloLifecycle>
{
    public const string Algorithm = SecurityAlgorithms.EcdsaSha384;
    private const string SealContext = "access-token-key";

    private IReadOnlyList<ECDsaSecurityKey> _keys = [];

    /// <summary>Signs; the others only verify.</summary>
    public ECDsaSecurityKey Newest => _keys.Count > 0 ? _keys[0] : throw new InvalidOperationException("The token keys are read before anything listens; they are not there.");

    public IReadOnlyList<ECDsaSecurityKey> All => _keys;

    /// <remarks>After the identity key has been found to be the record's own (another opens nothing), and before anything listens.</remarks>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(AccessKeys), ServiceLifecycleStage.RuntimeServices, Load, _ => Task.CompletedTask);

    /// <summary>The public halves, as JWKs.</summary>
    public IEnumerable<object> Public => _keys.Select(key =>
    {
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(key);
        return new { kty = jwk.Kty, crv = jwk.Crv, x = jwk.X, y = jwk.Y, kid = key.KeyId, alg = Algorithm, use = "sig" };
    });

    private async Task Load(CancellationToken cancellation)
    {
        if ((await store.SigningKeys(cancellation)).Count == 0)
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP384);
            var kid = Convert.ToHexStringLower(SHA256.HashData(made.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));
            await store.AddFirstKey(kid, seal.Seal(made.ExportPkcs8PrivateKey(), SealContext), time.GetUtcNow(), cancellation);
        }
        _keys = [.. (await store.SigningKeys(cancellation)).Select(stored => Opened(stored.Kid, stored.Sealed))];
    }

    private ECDsaSecurityKey Opened(string kid, byte[] sealedKey)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(seal.Open(sealedKey, SealContext), out _);
        return new ECDsaSecurityKey(key) { KeyId = kid };
    }
}
