using System.Collections.Immutable;

namespace HealthMLOps.Access;

/// <summary>Who asks. Two accounts of one person are one person wherever four eyes are needed.</summary>
/// <param name="Person">The person's id ("p-anna"), or the client's ("client:ward-app") where a program asks for itself.</param>
/// <param name="Account">The credential that was presented, by name.</param>
/// <param name="PrintedName">The name as it stands on a signature.</param>
/// <param name="Roles">All roles that the account carries.</param>
/// <param name="Purpose">Purpose of use, an HL7 v3 ActReason code: TREAT, HOPERAT, HMARKT, ETREAT, BTG.</param>
public sealed record Caller(string Person, string Account, string PrintedName, ImmutableArray<Role> Roles, string Purpose)
{
    /// <summary>SMART v2 scopes; null where the credential is not scoped (a person's, or the owner's).</summary>
    public ImmutableArray<string>? Scopes { get; init; }

    /// <summary>Units whose patients the person may see; null = not limited by unit.</summary>
    public ImmutableArray<string>? Units { get; init; }

    /// <summary>The only source that it may act for; null = not limited by source.</summary>
    public string? Source { get; init; }

    /// <summary>
    /// Until when the credential alone proves who signs, where an OpenID provider says when the person proved themselves to it;
    /// null = it proves nothing for a signature.
    /// </summary>
    public DateTimeOffset? SignsUntil { get; init; }

    /// <summary>What a broken glass has opened for this person; counts only under the purpose BTG.</summary>
    public BreakGlassScope? Glass { get; init; }
}
