using System.Globalization;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;
using Microsoft.AspNetCore.Routing.Template;

namespace HealthMLOps.Access;

/// <summary>Stands before every handler: who asks, how often, and whether they may. Comes before existence, media type and body; what no rule allows is refused.</summary>
public sealed class AccessGate(
    RequestDelegate next, CallerAuthentication authentication, CallerLimits limits, AuditBook record, RefusalTally tally, IdentityKeys keys,
    IGrainFactory grains, SiloSettings settings, EndpointDataSource routes)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var endpoint = http.GetEndpoint();
        var permission = endpoint?.Metadata.GetMetadata<RequiredPermission>()?.Permission;
        var presented = await authentication.Identify(http);
        var limit = LimitOf(permission, http.IsStranger());
        if (limits.Exceeded(http, limit) is { } retryAfter)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await Problem.Write(http, StatusCodes.Status429TooManyRequests, "too-many-requests", $"The limit '{limit}' of this caller is used up. Try again later.");
            return;
        }
        if (permission == Permission.Public)
        {
            await next(http);
            return;
        }
        if (http.IsStranger())
        {
            await tally.Refused(http, presented ?? "no-credential");
            http.Response.Headers.WWWAuthenticate = CallerAuthentication.Challenge(http);
            await Problem.Write(http, StatusCodes.Status401Unauthorized, "unauthorized", "A bearer credential is needed.");
            return;
        }
        if (await Judge(http, endpoint) is AccessDecision.Refused refused)
        {
            await Deny(http, permission, refused.Code);
            await Problem.Write(http, StatusCodes.Status403Forbidden, "forbidden", refused.Detail);
            return;
        }
        await next(http);
    }

    private async ValueTask<AccessDecision> Judge(HttpContext http, Endpoint? endpoint)
    {
        // No route: who may see what this system is learns that there is none; senders and programs learn nothing.
        if (endpoint is null) return RolePermissions.Has(http.Caller().Roles, Permission.ReadStatus) ? new AccessDecision.Allowed() : new AccessDecision.Refused("unlisted", "This credential may not do that.");
        if (endpoint.Metadata.GetMetadata<RequiredPermission>() is null)
            return endpoint is RouteEndpoint ? new AccessDecision.Refused("unlisted", "This route names no permission, so nobody may call it.") : OfWrongMethodOrMedia(http);
        var decision = AccessPolicy.Decide(http.Caller(), Question(http, endpoint));
        return decision is AccessDecision.Refused ? decision : await OfPatient(http, endpoint);
    }

    private AccessQuestion Question(HttpContext http, Endpoint endpoint) => new(endpoint.Metadata.GetMetadata<RequiredPermission>()!.Permission)
    {
        Source = http.GetRouteValue("source") is string routed ? Named(routed) : http.Caller().Source is null ? null : http.SourceOf(settings),
        Needs = http.Caller().Scopes is null ? [] : endpoint.NeedsOf(http),
    };

    /// <summary>Routing answers itself where the method or the media type is another one. Who may call none of the routes meant learns only that.</summary>
    private AccessDecision OfWrongMethodOrMedia(HttpContext http)
    {
        var there = routes.Endpoints.OfType<RouteEndpoint>().Where(route => Matches(route, http.Request.Path)).ToList();
        var meant = there.Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(http.Request.Method) ?? true).ToList();
        var caller = http.Caller() with { Scopes = null };
        return (meant.Count > 0 ? meant : there).Select(route => route.Metadata.GetMetadata<RequiredPermission>()).OfType<RequiredPermission>()
            .Select(needed => AccessPolicy.Decide(caller, new AccessQuestion(needed.Permission))).FirstOrDefault(decision => decision is AccessDecision.Allowed)
            ?? new AccessDecision.Refused("unlisted", "This credential may not do that.");
    }

    private static bool Matches(RouteEndpoint route, PathString path) =>
        route.RoutePattern.RawText is { } text && new TemplateMatcher(TemplateParser.Parse(text.TrimStart('/')), []).TryMatch(path, []);

    /// <summary>Who sees only some patients must name one of them.</summary>
    private async ValueTask<AccessDecision> OfPatient(HttpContext http, Endpoint endpoint)
    {
        var caller = http.Caller();
        if (caller.Units is null && caller.Purpose != Purposes.BreakGlass) return new AccessDecision.Allowed();
        if (endpoint.Metadata.GetMetadata<PatientAskedFor>() is not { } asked)
        {
            return HttpMethods.IsGet(http.Request.Method) && endpoint.Metadata.GetMetadata<RequiredPermission>()!.Permission is (Permission.ReadRisk or Permission.ReadPatient or Permission.ReadIdentity)
                ? new AccessDecision.Refused("unit", "Who sees only some patients asks for one at a time.") : new AccessDecision.Allowed();
        }
        if (http.SourceOf(settings) is not { } source || asked.Patient(http, keys, source) is not { } patient)
            return new AccessDecision.Refused("unit", "The request names no patient.");
        return AccessPolicy.OfPatient(caller, patient, await grains.GetGrain<IPatientGrain>(patient.Value).Unit());
    }

    /// <summary>Puts the refusal on the record. The route's template names no patient.</summary>
    private Task Deny(HttpContext http, Permission? permission, string why) => record.Record(record.By(http.Caller(), "access.denied") with
    {
        Object = $"{http.Request.Method} {(http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)"}",
        Outcome = permission is { } needed ? $"{why}:{AccessPolicy.Name(needed)}" : why,
    });

    private static SourceName? Named(string text) => SourceName.IsName(text) ? new SourceName(text) : null;

    private static string LimitOf(Permission? permission, bool isStranger) => permission switch
    {
        Permission.Ingest or Permission.Notify or Permission.Import when !isStranger => CallerLimits.Ingest,
        Permission.ReadRisk or Permission.ReadPatient or Permission.ReadIdentity when !isStranger => CallerLimits.Patients,
        Permission.Halt when !isStranger => CallerLimits.Halts,
        _ => isStranger ? CallerLimits.Strangers : CallerLimits.Control,
    };
}
