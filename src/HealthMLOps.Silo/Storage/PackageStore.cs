using System.Security.Cryptography;

namespace HealthMLOps.Storage;

/// <summary>Model packages by the SHA-256 of their bytes.</summary>
public sealed class PackageStore(Database database)
{
    /// <summary>Keeps a package. Durable on return; repeating it changes nothing.</summary>
    /// <returns>Its digest: lower-case hexadecimal SHA-256.</returns>
    public async Task<string> Put(byte[] package, CancellationToken cancellation)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(package));
        await database.Change("INSERT INTO packages (digest, payload) VALUES (@digest, @payload) ON CONFLICT (digest) DO NOTHING",
            cancellation, ("@digest", digest), ("@payload", package));
        return digest;
    }

    /// <summary>The package of a digest; null where it is unknown.</summary>
    /// <exception cref="InvalidDataException">The stored bytes are not what the digest says.</exception>
    public async Task<byte[]?> Get(string digest, CancellationToken cancellation)
    {
        var found = await database.Query("SELECT payload FROM packages WHERE digest = @digest",
            row => row.GetFieldValue<byte[]>(0), cancellation, ("@digest", digest));
        if (found.Count == 0) return null;
        var actual = Convert.ToHexStringLower(SHA256.HashData(found[0]));
        return actual == digest ? found[0] : throw new InvalidDataException($"Package {digest} is damaged: its bytes have the digest {actual}.");
    }
}
