using System.Globalization;

namespace HealthMLOps.Access;

/// <summary>What waits for a second person: list, look, confirm, withdraw.</summary>
public static class SecondPersonEndpoints
{
    /// <summary>The answers' fields with the halves of a person's credential: the asker is told one, the confirmer the other, and the person joins them by <see cref="SecretHolders.Joint"/>.</summary>
    public const string FirstHalf = "firstHalf";
    public const string SecondHalf = "secondHalf";

    public static void MapSecondPerson(this IEndpointRouteBuilder routes)
    {
        var requests = routes.MapGroup("/api/v1/requests").WithTags("requests");
        requests.MapGet("/", async (HttpContext http, AskedActStore store, TimeProvider time) =>
            Results.Json((await store.Newest(http.RequestAborted)).Select(asked => Shown(asked, time.GetUtcNow())))).Requires(Permission.ConfirmAccess);
        requests.MapGet("/{id}", Show).Requires(Permission.ConfirmAccess);
        requests.MapPost("/{id}/confirm", Confirm).Requires(Permission.ConfirmAccess);
        requests.MapPost("/{id}/withdraw", Withdraw).Requires(Permission.ConfirmAccess);
    }

    /// <summary>The answer to an act that took effect, or the one that says what waits for whom. A secret is told either way, and opens nothing before.</summary>
    /// <param name="asked">What waits; null where it took effect.</param>
    /// <param name="done">The answer where it took effect.</param>
    /// <param name="secret">The field and the secret that the act made, if any.</param>
    internal static IResult Answer(AskedAct? asked, Func<IResult> done, TimeProvider time, (string Field, string Value)? secret = null)
    {
        if (asked is null) return done();
        var answer = Shown(asked, time.GetUtcNow());
        answer["next"] = "Another person, in another role, confirms it: healthml requests confirm " + asked.Id;
        if (secret is var (field, value)) answer[field] = value;
        return Results.Json(answer, statusCode: StatusCodes.Status202Accepted);
    }

    private static Task<IResult> Show(string id, HttpContext http, AskedActStore store, TimeProvider time) => PeopleEndpoints.Try(async () =>
        await store.Find(Number(id), http.RequestAborted) is { } asked ? Results.Json(Whole(asked, time.GetUtcNow())) : throw Unknown());

    private static Task<IResult> Confirm(string id, Confirmation given, HttpContext http, SecondPerson second, TimeProvider time) => PeopleEndpoints.Try(async () =>
    {
        var (asked, half) = await second.Confirm(http.Caller(), Number(id), given.Digest ?? "", http.RequestAborted);
        var answer = Shown(asked, time.GetUtcNow());
        if (half is not null) answer[SecondHalf] = half;
        return Results.Json(answer);
    });

    private static Task<IResult> Withdraw(string id, HttpContext http, SecondPerson second, TimeProvider time) => PeopleEndpoints.Try(async () =>
        Results.Json(Shown(await second.Withdraw(http.Caller(), Number(id), http.RequestAborted), time.GetUtcNow())));

    private static Dictionary<string, object?> Shown(AskedAct asked, DateTimeOffset now) => new()
    {
        ["request"] = asked.Id, ["state"] = asked.StateAt(now), ["act"] = asked.Act.Action, ["subject"] = asked.Act.Subject, ["digest"] = asked.Digest,
        ["askedBy"] = asked.AskedBy, ["askedAt"] = asked.AskedAt, ["expires"] = asked.Expires,
        ["confirmedBy"] = asked.ConfirmedBy, ["confirmedAt"] = asked.ConfirmedAt, ["withdrawnBy"] = asked.WithdrawnBy,
    };

    /// <summary>With the act's whole text, whose digest the confirmation names.</summary>
    private static Dictionary<string, object?> Whole(AskedAct asked, DateTimeOffset now)
    {
        var shown = Shown(asked, now);
        shown["text"] = asked.Act.ToText();
        return shown;
    }

    private static long Number(string id) => id.StartsWith("ask-", StringComparison.Ordinal)
        && long.TryParse(id.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Unknown();

    private static AccessRefused Unknown() => new(404, "unknown-request", "Nothing was asked under that id; ids are like 'ask-7'.");

    /// <param name="Digest">Of what the confirmer has seen.</param>
    public sealed record Confirmation(string? Digest)
    {
        public override string ToString() => "[confirmation]";
    }
}
