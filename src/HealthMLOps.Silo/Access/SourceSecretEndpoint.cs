using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Intake;

namespace HealthMLOps.Access;

/// <summary><c>POST /api/v1/sources/{source}/secret</c>: a new secret for a sender, while the former goes on for a while.</summary>
public static class SourceSecretEndpoint
{
    public const int OverlapHoursMax = 24 * 30;

    public static void MapSourceSecrets(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/sources/{source}/secret", Rotate).WithTags("sources").Requires(Permission.ManageSources);

    private static Task<IResult> Rotate(string source, SecretRequest asked, HttpContext http, SourceBook sources, SecondPerson second, TimeProvider time) =>
        PeopleEndpoints.Try(async () =>
        {
            if (!SourceName.IsName(source) || !sources.IsEnabled(new SourceName(source))) throw new AccessRefused(404, "unknown-source", "The address names no configured source.");
            var hours = asked.KeepFormerHours ?? 24;
            if (hours is < 0 or > OverlapHoursMax) throw PeopleEndpoints.Bad("keep-former-hours", $"A former secret goes on for 0 to {OverlapHoursMax} hours; got {hours}.");
            var secret = SecretFiles.NewSecret("hms_");
            var waits = await second.Ask(http.Caller(), new AccessAct.NewSourceSecret(source, SecretHolders.DigestOf(secret), hours), http.RequestAborted);
            return SecondPersonEndpoints.Answer(waits, () => Results.Json(new { source, secret, formerUntil = time.GetUtcNow().AddHours(hours) }), time, ("secret", secret));
        });

    public sealed record SecretRequest(int? KeepFormerHours);
}
