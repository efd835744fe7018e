using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Intake;

namespace HealthMLOps.Access;

/// <summary><c>POST /api/v1/sources/{source}/secret</c>: a new secret for a sender, while the former goes on for a while.</summary>
public static class SourceSecretEndpoint
{
    public const int OverlapHoursMax = 24 * 30;
    private static readonly DateTimeOffset Open = DateTimeOffset.MaxValue;

    public static void MapSourceSecrets(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/sources/{source}/secret", Rotate).WithTags("sources").Requires(Permission.ManageSources);

    private static Task<IResult> Rotate(
        string source, SecretRequest asked, HttpContext http, SourceBook sources, Credentials files, AccessStore store, AccessBoard board, AuditBook record, TimeProvider time) =>
        PeopleEndpoints.Try(async () =>
        {
            if (!SourceName.IsName(source) || !sources.IsEnabled(new SourceName(source))) throw new AccessRefused(404, "unknown-source", "The address names no configured source.");
            var hours = asked.KeepFormerHours ?? 24;
            if (hours is < 0 or > OverlapHoursMax) throw PeopleEndpoints.Bad("keep-former-hours", $"A former secret goes on for 0 to {OverlapHoursMax} hours; got {hours}.");
            var (name, now, stop) = (new SourceName(source), time.GetUtcNow(), http.RequestAborted);
            var end = now.AddHours(hours);
            await record.Record(record.By(http.Caller(), "source-secret.rotate") with { Object = source });
            var secret = SecretFiles.NewSecret("hms_");
            await store.Put(new SourceSecret(SecretHolders.DigestOf(secret), name, Open), now, stop);
            var former = files.DigestsOf(name).Concat(board.Current.SourceSecrets.Values.Where(s => s.Source == name && s.Expires > end).Select(s => s.Digest)).Distinct();
            foreach (var digest in former.Where(d => !board.Current.SourceSecrets.TryGetValue(d, out var known) || known.Expires > end))
                await store.Put(new SourceSecret(digest, name, end), now, stop);
            await board.Reload(stop);
            return Results.Json(new { source, secret, formerUntil = end });
        });

    public sealed record SecretRequest(int? KeepFormerHours);
}
