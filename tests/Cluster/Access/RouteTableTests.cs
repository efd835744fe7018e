using System.Net;
using HealthMLOps.Access;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;
using HealthMLOps.Tests.Unit;
using Microsoft.AspNetCore.Routing;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>Every route × role × scope, against the table in the repository. A route that the table does not list fails here.</summary>
public sealed class RouteTableTests(Stores stores)
{
    private static readonly string Written = Path.Combine(Path.GetTempPath(), "routes.actual.txt");
    private static readonly Role[] Roles = Enum.GetValues<Role>();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_is_in_the_table_with_who_may_call_it()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var actual = string.Join('\n', Lines(ward)) + "\n";
        await File.WriteAllTextAsync(Written, actual, Stop);
        Assert.Equal(System.Text.Encoding.UTF8.GetString(RepositoryFiles.Golden("access", "routes.txt")), actual);
    }

    [Fact]
    public async Task Every_route_answers_each_role_as_the_table_says()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var people = new Dictionary<Role, Door>();
        foreach (var role in Roles.Where(RolePermissions.IsPersonal))
            people[role] = await Door.Person(ward, "p-" + RoleNames.Of(role), [RoleNames.Of(role)]);
        people[Role.Sender] = new Door(ward, (await File.ReadAllTextAsync(Path.Combine(ward.Options.DataFolder, "source-secrets", "general-hospital"), Stop)).Trim());
        var wrong = new List<string>();
        foreach (var (method, path, permission) in Calls(ward))
        {
            if (permission == Permission.Public) continue;
            var (stranger, _) = await new Door(ward).Send(method, path, null);
            if (stranger != HttpStatusCode.Unauthorized) wrong.Add($"{method} {path}: {(int)stranger} for a stranger");
            // What the role may do is not done here: a body that no handler takes shows that the gate was passed.
            foreach (var (role, door) in people.Where(p => !RolePermissions.Has(p.Key, permission)))
            {
                var (status, _) = await door.Send(method, path, method == HttpMethod.Get ? null : "no body", "text/plain");
                if (status != HttpStatusCode.Forbidden) wrong.Add($"{method} {path}: {(int)status} for {role}, who lacks {permission}");
            }
        }
        foreach (var (method, path, permission) in Calls(ward).Where(c => c.Method == HttpMethod.Get && c.Permission != Permission.Public && !c.Path.Contains("/metrics", StringComparison.Ordinal)))
            foreach (var (role, door) in people.Where(p => RolePermissions.Has(p.Key, permission)))
            {
                var (status, _) = await door.Send(method, path, null);
                if (status is HttpStatusCode.Unauthorized || (status is HttpStatusCode.Forbidden && role is not (Role.BedsideClinician or Role.ClinicianReviewer))) wrong.Add($"{method} {path}: {(int)status} for {role}, who has {permission}");
            }
        Assert.Empty(wrong);
    }

    private static IEnumerable<string> Lines(Ward ward)
    {
        yield return "# Method and route, permission, then who may call it by role; a scope: what a client's token must cover (features: what its set reads; bundle: one type, then each entry its own).";
        yield return $"# Written by RouteTableTests; roles: {string.Join(' ', Roles.Select(RoleNames.Of))}";
        foreach (var (route, method) in Routed(ward))
        {
            var permission = PermissionOf(route);
            var who = permission is null ? "NOBODY" : permission == Permission.Public ? "everybody" : string.Join(' ', Roles.Where(role => RolePermissions.Has(role, permission.Value)).Select(RoleNames.Of));
            var scope = route.Metadata.GetMetadata<ScopeNeeds>() is { } needs ? needs.Of.Method.Name : "none";
            yield return $"{method} {route.RoutePattern.RawText} | {permission?.ToString() ?? "NONE"} | {who} | scope: {scope}";
        }
    }

    private static IEnumerable<(HttpMethod Method, string Path, Permission Permission)> Calls(Ward ward) =>
        from routed in Routed(ward)
        let permission = PermissionOf(routed.Route)
        where permission is not null
        select (new HttpMethod(routed.Method), Filled(routed.Route), permission.Value);

    private static IEnumerable<(RouteEndpoint Route, string Method)> Routed(Ward ward) =>
        ward.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(route => (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (route, method)))
            .OrderBy(r => r.route.RoutePattern.RawText, StringComparer.Ordinal).ThenBy(r => r.method, StringComparer.Ordinal);

    private static Permission? PermissionOf(RouteEndpoint route) => route.Metadata.GetMetadata<RequiredPermission>()?.Permission;

    private static string Filled(RouteEndpoint route) => "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "type" } => "Observation",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "source" } => "general-hospital",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: "documentName" } => "v1",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart => "1",
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
        _ => "",
    }))));
}
