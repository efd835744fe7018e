using HealthMLOps.Access;
using HealthMLOps.Hosting;

namespace HealthMLOps.Signatures;

/// <summary>Proves again, at the moment of signing, that the caller is who the session says (21 CFR 11.200).</summary>
public sealed class Reauthentication(Credentials credentials)
{
    /// <summary>Whether the credential, repeated in the request, is the caller's own.</summary>
    public bool Proves(Caller caller, string credential) =>
        caller.Roles.Contains(Role.Owner) && credentials.IsOwner(credential);
}
