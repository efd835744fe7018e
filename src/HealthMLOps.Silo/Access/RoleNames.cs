using System.Collections.Immutable;
using HealthMLOps.Audit;

namespace HealthMLOps.Access;

/// <summary>Roles as they are written: "clinician-reviewer".</summary>
public static class RoleNames
{
    private static readonly ImmutableDictionary<string, Role> ByName = Enum.GetValues<Role>().ToImmutableDictionary(Of);

    public static string Of(Role role) => AuditBook.NameOf(role);

    public static bool TryRead(string name, out Role role) => ByName.TryGetValue(name, out role);

    /// <summary>The roles of these names; a name that this release does not know gives nothing.</summary>
    public static ImmutableArray<Role> Read(IEnumerable<string> names) => [.. names.Where(ByName.ContainsKey).Select(name => ByName[name])];

    /// <summary>Roles that people may be given.</summary>
    public static IEnumerable<string> Personal => ByName.Where(r => RolePermissions.IsPersonal(r.Value)).Select(r => r.Key).Order(StringComparer.Ordinal);
}
