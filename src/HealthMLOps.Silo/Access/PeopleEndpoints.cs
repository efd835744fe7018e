using System.Collections.Immutable;
using HealthMLOps.Hosting;
using HealthMLOps.Problems;

namespace HealthMLOps.Access;

/// <summary>People and their credentials; the owner; who am I.</summary>
public static class PeopleEndpoints
{
    private const int NameLettersMax = 200;

    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/api/v1/users").WithTags("users");
        users.MapGet("/", List).Requires(Permission.ManageUsers);
        users.MapPost("/", Add).Requires(Permission.ManageUsers);
        users.MapPut("/{person}/roles", SetRoles).Requires(Permission.ManageUsers);
        users.MapPost("/{person}/disable", Disable).Requires(Permission.ManageUsers);
        users.MapPost("/{person}/credential", Rotate).Requires(Permission.ManageUsers);
        routes.MapGet("/api/v1/me", Me).WithTags("users").Requires(Permission.ReadStatus);
        routes.MapPost("/api/v1/me/credential", RotateOwn).WithTags("users").Requires(Permission.ReadStatus);
        routes.MapPost("/api/v1/owner/rotate", RotateOwner).WithTags("users").Requires(Permission.ManageKeys);
        routes.MapPost("/api/v1/owner/disable", DisableOwner).WithTags("users").Requires(Permission.ManageUsers);
        routes.MapPost("/api/v1/owner/enable", EnableOwner).WithTags("users").Requires(Permission.ManageUsers);
    }

    private static IResult List(AccessBoard board, TimeProvider time) => Results.Json(board.Current.People.Values.OrderBy(p => p.Id, StringComparer.Ordinal).Select(p => new
    {
        id = p.Id,
        name = p.PrintedName,
        roles = p.Roles.Select(RoleNames.Of),
        units = p.Units,
        disabled = p.IsDisabled,
        credentials = board.Current.Credentials.Values.Count(c => c.Person == p.Id && time.GetUtcNow() < c.Expires),
        created = p.Created,
        createdBy = p.CreatedBy,
    }));

    private static IResult Me(HttpContext http)
    {
        var caller = http.Caller();
        return Results.Json(new
        {
            person = caller.Person,
            account = caller.Account,
            name = caller.PrintedName,
            roles = caller.Roles.Select(RoleNames.Of),
            units = caller.Units,
            purpose = caller.Purpose,
            permissions = Enum.GetValues<Permission>().Where(p => p != Permission.Public && RolePermissions.Has(caller.Roles, p)).Select(AccessPolicy.Name),
        });
    }

    private static Task<IResult> Add(PersonRequest asked, HttpContext http, SecondPerson second, AccessBoard board, TimeProvider time) => Try(async () =>
    {
        if (!Person.IsId(asked.Id)) throw Bad("id", "An id is 'p-' and 1 to 58 of a-z, 0-9, '-' and '.'.");
        if (asked.Name is not { Length: > 0 and <= NameLettersMax }) throw Bad("name", $"A name has 1 to {NameLettersMax} letters: as it stands on signatures.");
        var secret = SecretFiles.NewSecret(PeopleDesk.SecretPrefix);
        var act = new AccessAct.AddPerson(new Person(asked.Id!, asked.Name, Roles(asked.Roles), Units(asked.Units)), SecretHolders.DigestOf(secret), Life(asked.ExpiresInDays));
        var waits = await second.Ask(http.Caller(), act, http.RequestAborted);
        return SecondPersonEndpoints.Answer(waits, () => Results.Json(Issued(board.Current.Credentials[act.Digest], secret), statusCode: 201), time, (SecondPersonEndpoints.FirstHalf, secret));
    });

    private static Task<IResult> SetRoles(string person, RolesRequest asked, HttpContext http, SecondPerson second, TimeProvider time) => Try(async () =>
    {
        var act = new AccessAct.SetRoles(person, Roles(asked.Roles), Units(asked.Units));
        return SecondPersonEndpoints.Answer(await second.Ask(http.Caller(), act, http.RequestAborted),
            () => Results.Json(new { id = person, roles = act.Roles.Select(RoleNames.Of), units = act.Units }), time);
    });

    private static Task<IResult> Disable(string person, HttpContext http, PeopleDesk desk) => Try(async () =>
    {
        await desk.Disable(http.Caller(), person, http.RequestAborted);
        return Results.Json(new { id = person, disabled = true });
    });

    private static Task<IResult> Rotate(string person, RotationRequest asked, HttpContext http, PeopleDesk desk, SecondPerson second, AccessBoard board, TimeProvider time)
    {
        if (person == http.Caller().Person) return RotateOwn(asked, http, desk);
        return Try(async () =>
        {
            var secret = SecretFiles.NewSecret(PeopleDesk.SecretPrefix);
            var act = new AccessAct.NewCredential(person, SecretHolders.DigestOf(secret), Life(asked.ExpiresInDays), Overlap(asked.KeepFormerHours));
            var waits = await second.Ask(http.Caller(), act, http.RequestAborted);
            return SecondPersonEndpoints.Answer(waits, () => Results.Json(Issued(board.Current.Credentials[act.Digest], secret)), time, (SecondPersonEndpoints.FirstHalf, secret));
        });
    }

    private static Task<IResult> RotateOwn(RotationRequest asked, HttpContext http, PeopleDesk desk) => Try(async () =>
    {
        var (credential, secret) = await desk.RotateOwn(http.Caller(), Life(asked.ExpiresInDays), Overlap(asked.KeepFormerHours), http.RequestAborted);
        return Results.Json(Issued(credential, secret));
    });

    /// <summary>With the owner's own credential at once, and told; asked by another, the new one is put into its file and told to nobody.</summary>
    private static Task<IResult> RotateOwner(HttpContext http, PeopleDesk desk, SecondPerson second, TimeProvider time) => Try(async () =>
        http.Caller().Roles.Contains(Role.Owner) ? Results.Json(new { account = "owner", credential = await desk.RotateOwner(http.Caller(), CancellationToken.None) })
            : SecondPersonEndpoints.Answer(await second.Ask(http.Caller(), new AccessAct.RotateOwner(), http.RequestAborted), () => Results.Json(new { account = "owner" }), time));

    private static Task<IResult> DisableOwner(HttpContext http, PeopleDesk desk) => Try(async () =>
    {
        await desk.DisableOwner(http.Caller(), http.RequestAborted);
        return Results.Json(new { owner = "disabled" });
    });

    private static Task<IResult> EnableOwner(HttpContext http, SecondPerson second, TimeProvider time) => Try(async () =>
        SecondPersonEndpoints.Answer(await second.Ask(http.Caller(), new AccessAct.EnableOwner(), http.RequestAborted), () => Results.Json(new { owner = "enabled" }), time));

    internal static async Task<IResult> Try(Func<Task<IResult>> act)
    {
        try { return await act(); }
        catch (AccessRefused refused) { return Problem.Of(refused.Status, refused.Code, refused.Message); }
    }

    internal static AccessRefused Bad(string code, string detail) => new(400, code, detail);

    private static object Issued(PersonCredential credential, string secret) => new
    {
        id = credential.Person,
        account = credential.Id,
        credential = secret,
        expires = credential.Expires,
    };

    private static ImmutableArray<Role> Roles(IReadOnlyList<string>? names)
    {
        var roles = (names ?? []).Distinct().Select(name => RoleNames.TryRead(name, out var role) && RolePermissions.IsPersonal(role) ? role
            : throw Bad("roles", $"A person's role is one of {string.Join(", ", RoleNames.Personal)}.")).ToImmutableArray();
        return roles.IsEmpty ? throw Bad("roles", "A person has at least one role.") : roles;
    }

    private static ImmutableArray<string>? Units(IReadOnlyList<string>? units) => units is null ? null
        : units.All(u => u is { Length: > 0 and <= 60 } && !u.Contains(' ', StringComparison.Ordinal)) ? [.. units.Distinct()] : throw Bad("units", "A unit is a name without spaces.");

    private static TimeSpan Life(int? days) => days is null ? PeopleDesk.CredentialLifeDefault
        : days >= 1 && days <= PeopleDesk.CredentialLifeMax.TotalDays ? TimeSpan.FromDays(days.Value)
        : throw Bad("expires-in-days", $"A credential lives 1 to {PeopleDesk.CredentialLifeMax.TotalDays:0} days; got {days}.");

    private static TimeSpan Overlap(int? hours) => hours is null ? TimeSpan.Zero
        : hours >= 0 && hours <= PeopleDesk.OverlapMax.TotalHours ? TimeSpan.FromHours(hours.Value)
        : throw Bad("keep-former-hours", $"A former credential goes on for 0 to {PeopleDesk.OverlapMax.TotalHours:0} hours; got {hours}.");

    public sealed record PersonRequest(string? Id, string? Name, IReadOnlyList<string>? Roles, IReadOnlyList<string>? Units, int? ExpiresInDays)
    {
        public override string ToString() => "[person request]";
    }

    public sealed record RolesRequest(IReadOnlyList<string>? Roles, IReadOnlyList<string>? Units);

    public sealed record RotationRequest(int? ExpiresInDays, int? KeepFormerHours);
}
