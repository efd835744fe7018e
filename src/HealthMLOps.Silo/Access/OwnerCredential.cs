using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary>Gives the owner a new credential, in this silo's file.</summary>
/// <remarks>
/// An embedded silo's file alone decides: who can write it owns the data beside it. Silos that share a database may have a file
/// each; from the first change on, the one digest in the database counts on all of them, and the other files open nothing.
/// </remarks>
public sealed class OwnerCredential(Credentials files, AccessStore store, SiloSettings settings)
{
    /// <returns>The new credential; the former one opens nothing any more, here at once and on other silos within <see cref="AccessBoard.Period"/>.</returns>
    public async Task<string> Rotate(CancellationToken cancellation)
    {
        var secret = files.RotateOwner();
        if (settings.PostgresConnection is not null) await store.SetOwnerDigest(SecretHolders.DigestOf(secret), cancellation);
        return secret;
    }
}
