using System.Text.Json;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary>Programs that ask for tokens: registered by hand, as SMART Backend Services wants it.</summary>
public static class ClientEndpoints
{
    private const int NameLettersMax = 200;

    public static void MapClients(this IEndpointRouteBuilder routes)
    {
        var clients = routes.MapGroup("/api/v1/clients").WithTags("clients");
        clients.MapGet("/", (AccessBoard board) => Results.Json(board.Current.Clients.Values.OrderBy(c => c.Id, StringComparer.Ordinal).Select(Shown))).Requires(Permission.ManageUsers);
        clients.MapPost("/", Add).Requires(Permission.ManageUsers);
        clients.MapPost("/{client}/disable", Disable).Requires(Permission.ManageUsers);
    }

    private static Task<IResult> Add(ClientRequest asked, HttpContext http, SecondPerson second, SiloSettings settings, TimeProvider time) =>
        PeopleEndpoints.Try(async () =>
        {
            var client = Checked(asked, settings);
            var waits = await second.Ask(http.Caller(), new AccessAct.AddClient(client), http.RequestAborted);
            return SecondPersonEndpoints.Answer(waits, () => Results.Json(Shown(client with { Created = time.GetUtcNow(), CreatedBy = http.Caller().Person }), statusCode: 201), time);
        });

    private static Task<IResult> Disable(string client, HttpContext http, AccessStore store, AccessBoard board, AuditBook record) => PeopleEndpoints.Try(async () =>
    {
        if (!board.Current.Clients.ContainsKey(client)) throw new AccessRefused(404, "unknown-client", "No client has that id.");
        await record.Record(record.By(http.Caller(), "client.disable") with { Object = client });
        await store.DisableClient(client, http.RequestAborted);
        await board.Reload(http.RequestAborted);
        return Results.Json(new { id = client, disabled = true });
    });

    private static MachineClient Checked(ClientRequest asked, SiloSettings settings)
    {
        if (!MachineClient.IsId(asked.Id)) throw PeopleEndpoints.Bad("id", "A client's id has 1 to 60 of a-z, 0-9, '-' and '.'.");
        if (asked.Name is not { Length: > 0 and <= NameLettersMax }) throw PeopleEndpoints.Bad("name", $"A name has 1 to {NameLettersMax} letters.");
        var roles = (asked.Roles ?? []).Select(name => RoleNames.TryRead(name, out var role) && role is Role.ClinicalApp or Role.Sender ? role
            : throw PeopleEndpoints.Bad("roles", "A client's role is clinical-app or sender.")).Distinct().ToList();
        if (roles.Count == 0) throw PeopleEndpoints.Bad("roles", "A client has at least one role: clinical-app or sender.");
        foreach (var word in asked.Scopes ?? [])
        {
            if (!SmartScope.TryParse(word, out var scope) || scope.Context != "system") throw PeopleEndpoints.Bad("scopes", "A scope is system/{Type}.{cruds}, for Observation also with ?category=….");
            if (scope.IsWildcard && settings.Command == SiloCommand.Serve) throw PeopleEndpoints.Bad("scopes", "A wildcard scope is refused in production: name the types that the client needs.");
        }
        if (asked.Scopes is not { Count: > 0 and <= ScopeSet.ScopesMax }) throw PeopleEndpoints.Bad("scopes", $"A client has 1 to {ScopeSet.ScopesMax} scopes.");
        if (asked.Source is { } source && !SourceName.IsName(source)) throw PeopleEndpoints.Bad("source", "A source's name has 1 to 40 of a-z, 0-9 and '-'.");
        if (asked.Jwks is null == asked.JwksUrl is null) throw PeopleEndpoints.Bad("jwks", "Give either 'jwks' (the public keys) or 'jwksUrl' (where they are; in the egress register).");
        if (asked.JwksUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == "https")) throw PeopleEndpoints.Bad("jwks-url", "A 'jwksUrl' is an https address.");
        if (asked.Jwks is { } keys && ForeignKeys.Fault(keys.GetRawText()) is { } fault) throw PeopleEndpoints.Bad("jwks", fault);
        return new MachineClient(asked.Id!, asked.Name, [.. roles], [.. asked.Scopes]) { Source = asked.Source, Jwks = asked.Jwks?.GetRawText(), JwksUrl = asked.JwksUrl };
    }

    private static object Shown(MachineClient client) => new
    {
        id = client.Id,
        name = client.PrintedName,
        roles = client.Roles.Select(RoleNames.Of),
        scopes = client.Scopes,
        source = client.Source,
        keys = client.JwksUrl ?? "registered",
        disabled = client.IsDisabled,
        created = client.Created,
        createdBy = client.CreatedBy,
    };

    public sealed record ClientRequest(string? Id, string? Name, IReadOnlyList<string>? Roles, IReadOnlyList<string>? Scopes, string? Source, JsonElement? Jwks, string? JwksUrl)
    {
        public override string ToString() => "[client request]";
    }
}
