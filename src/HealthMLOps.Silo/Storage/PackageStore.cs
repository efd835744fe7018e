using System.Security.Cryptography;
using HealthMLOps.Privacy;

namespace HealthMLOps.Storage;

/// <summary>Model packages by the SHA-256 of their bytes, sealed.</summary>
/// <remarks>A package is a ZIP file and begins with 'P'; one that a former release left unsealed is read as it is.</remarks>
public sealed class PackageStore(Database database, PayloadSeal seal)
{
    private const byte Mark = 0xE3;
    private const string Context = "package";

    /// <summary>Keeps a package. Durable on return; repeating it changes nothing.</summary>
    /// <returns>Its digest: lower-case hexadecimal SHA-256.</returns>
    public async Task<string> Put(byte[] package, CancellationToken cancellation)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(package));
        await database.Change("INSERT INTO packages (digest, payload) VALUES (@digest, @payload) ON CONFLICT (digest) DO NOTHING",
            cancellation, ("@digest", digest), ("@payload", (byte[])[Mark, .. seal.Seal(package, Context)]));
        return digest;
    }

    /// <summary>The package of a digest; null where it is unknown.</summary>
    /// <exception cref="InvalidDataException">The stored bytes are not what the digest says.</exception>
    public async Task<byte[]?> Get(string digest, CancellationToken cancellation)
    {
        var found = await database.Query("SELECT payload FROM packages WHERE digest = @digest",
            row => row.GetFieldValue<byte[]>(0), cancellation, ("@digest", digest));
        if (found.Count == 0) return null;
        var package = found[0] is [Mark, .. var sealedPackage] ? seal.Open(sealedPackage, Context) : found[0];
        var actual = Convert.ToHexStringLower(SHA256.HashData(package));
        return actual == digest ? package : throw new InvalidDataException($"Package {digest} is damaged: its bytes have the digest {actual}.");
    }
}
