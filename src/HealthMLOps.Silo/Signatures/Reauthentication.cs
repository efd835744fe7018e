using HealthMLOps.Access;

namespace HealthMLOps.Signatures;

/// <summary>Proves again, at the moment of signing, that the caller is who the session says (21 CFR 11.200).</summary>
public sealed class Reauthentication(SecretHolders holders)
{
    /// <summary>Whether the credential, repeated in the request, is the caller's own.</summary>
    public bool Proves(Caller caller, string credential) =>
        holders.Of(credential) is { } repeated && repeated.Person == caller.Person && repeated.Roles.Any(role => role is not Role.Sender);
}
