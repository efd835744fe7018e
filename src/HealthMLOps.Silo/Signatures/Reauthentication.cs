using HealthMLOps.Access;

namespace HealthMLOps.Signatures;

/// <summary>Proves again, at the moment of signing, that the caller is who the session says (21 CFR 11.200).</summary>
/// <remarks>Who has a secret of ours repeats it. Who comes from an OpenID provider brings a token of a login that is only minutes old.</remarks>
public sealed class Reauthentication(SecretHolders holders, TokenReader tokens, TimeProvider time)
{
    /// <summary>Whether the credential in the request is the caller's own, and proves them now.</summary>
    public async ValueTask<bool> Proves(Caller caller, string credential, CancellationToken cancellation)
    {
        if (!TokenReader.IsToken(credential))
            return holders.Of(credential) is { } repeated && repeated.Person == caller.Person && repeated.Roles.Any(role => role is not Role.Sender);
        var (again, _) = await tokens.Read(credential, PathString.Empty, cancellation);
        return again is { SignsUntil: { } until } && again.Person == caller.Person && again.Account == caller.Account && time.GetUtcNow() < until;
    }
}
