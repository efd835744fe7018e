using HealthMLOps.Clinical;

namespace HealthMLOps.Access;

/// <summary>Decides: token scope ∩ role ∩ purpose ∩ source, then unit. Whatever is not allowed by each of them is refused.</summary>
public static class AccessPolicy
{
    private static readonly AccessDecision Yes = new AccessDecision.Allowed();

    /// <summary>Whether the caller may do that at all. What depends on the patient comes after it: <see cref="OfPatient"/>.</summary>
    public static AccessDecision Decide(Caller caller, AccessQuestion asked)
    {
        if (asked.Permission == Permission.Public) return Yes;
        if (!Purposes.Known.Contains(caller.Purpose))
            return new AccessDecision.Refused("purpose", $"A purpose of use is one of {string.Join(", ", Purposes.Known.Order(StringComparer.Ordinal))}.");
        if (caller.Purpose == Purposes.BreakGlass && caller.Glass is null)
            return new AccessDecision.Refused("glass", "The purpose BTG needs an open break-glass of this person.");
        if (!RolePermissions.Has(caller.Roles, asked.Permission, caller.Purpose == Purposes.BreakGlass ? caller.Glass : null))
            return new AccessDecision.Refused("role", $"No role of this credential has the permission {Name(asked.Permission)}.");
        if (!Purposes.Allows(caller.Purpose, asked.Permission))
            return new AccessDecision.Refused("purpose", $"{Name(asked.Permission)} is not done for the purpose {caller.Purpose}.");
        if (caller.Source is { } own && asked.Source is { } named && own != named.Value)
            return new AccessDecision.Refused("source", "This credential acts for another source.");
        return caller.Scopes is { } words ? WithinScopes(ScopeSet.Of(words), asked) : Yes;
    }

    /// <summary>Whether the caller may look at this patient: their unit's, or the one behind the glass.</summary>
    /// <param name="unit">Where the patient is now; null = in no unit.</param>
    public static AccessDecision OfPatient(Caller caller, PatientKey patient, string? unit)
    {
        if (caller.Purpose == Purposes.BreakGlass)
            return caller.Glass is { } glass && glass.Holds(patient, unit)
                ? Yes : new AccessDecision.Refused("glass", "This patient is not behind the glass that was broken.");
        return caller.Units is not { } units || (unit is not null && units.Contains(unit))
            ? Yes : new AccessDecision.Refused("unit", "The patient is in none of this person's units.");
    }

    public static string Name(Permission permission) =>
        string.Concat(permission.ToString().Select((letter, at) => at > 0 && char.IsUpper(letter) ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));

    /// <summary>What no scope can express, a scoped token never does: control acts are for people.</summary>
    private static AccessDecision WithinScopes(ScopeSet scopes, AccessQuestion asked)
    {
        if (asked.Needs.IsEmpty) return new AccessDecision.Refused("scope", $"{Name(asked.Permission)} is not done with a scoped token.");
        return scopes.FirstUncovered(asked.Needs) is { } uncovered
            ? new AccessDecision.Refused("scope", $"The token's scopes do not cover {uncovered.ToScope("system")}.") : Yes;
    }
}
