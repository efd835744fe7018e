namespace HealthMLOps.Access;

/// <summary>Who may be the second person where people, programs and keys are managed: another person, in another role.</summary>
public static class FourEyes
{
    /// <summary>For how long what was asked may be confirmed.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromHours(72);

    /// <summary>Whether these roles let a named person confirm what others ask. The owner's credential confirms nothing: nobody knows which person holds it.</summary>
    public static bool CanConfirm(IEnumerable<Role> roles) => roles.Any(Confirms);

    /// <summary>Whether the confirmer acts in a managing role that the asker did not need.</summary>
    public static bool IsAnotherRole(IReadOnlyCollection<Role> asker, IReadOnlyCollection<Role> confirmer)
    {
        var asked = asker.Where(role => RolePermissions.Has(role, Permission.ManageUsers)).ToList();
        return confirmer.Where(Confirms).Any(second => asked.Any(first => first != second));
    }

    /// <summary>Whether the second person has the permission in a role other than one by which the first person has it.</summary>
    public static bool IsAnotherRole(IReadOnlyCollection<Role> first, IReadOnlyCollection<Role> second, Permission permission) =>
        second.Any(other => RolePermissions.Has(other, permission) && first.Any(one => one != other && RolePermissions.Has(one, permission)));

    private static bool Confirms(Role role) => role != Role.Owner && RolePermissions.Has(role, Permission.ConfirmAccess);
}
