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
    /// <remarks>Where it fails, the former one goes on opening: nobody has been told the new one.</remarks>
    public async Task<string> Rotate(CancellationToken cancellation)
    {
        var secret = Credentials.NewOwnerSecret();
        if (settings.PostgresConnection is null)
        {
            files.ReplaceOwner(secret);
            return secret;
        }
        var former = await store.OwnerDigest(cancellation);
        try
        {
            // The file last: were it first, a database that fails then would leave a file that opens nothing.
            await store.SetOwnerDigest(SecretHolders.DigestOf(secret), cancellation);
            files.ReplaceOwner(secret);
        }
        catch
        {
            await store.SetOwnerDigest(former, CancellationToken.None);
            throw;
        }
        return secret;
    }
}
