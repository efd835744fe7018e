using HealthMLOps.Access;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>Receivers of subscription notifications: topic-based (R5 backport) and classic R4 rest-hook. Acknowledged with 200 and an OperationOutcome, once durable.</summary>
public static class NotifyEndpoints
{
    public static void MapNotify(this IEndpointRouteBuilder routes)
    {
        var notify = routes.MapGroup("/fhir/notify/{source}").WithTags("notify");
        notify.MapPost("/", (string source, HttpContext http, NotifyDoor door) => door.Topic(http, source)).Requires(Permission.Notify).InScope(ScopeOf.Writing);
        notify.MapPut("/{type:regex(^[A-Z][A-Za-z]+$)}/{id}", (string source, string type, Phi id, HttpContext http, NotifyDoor door) => door.Classic(http, source, type, id)).Requires(Permission.Notify).InScope(ScopeOf.Writing);
        notify.MapPost("/{type:regex(^[A-Z][A-Za-z]+$)}/{id}", (string source, string type, Phi id, HttpContext http, NotifyDoor door) => door.Classic(http, source, type, id)).Requires(Permission.Notify).InScope(ScopeOf.Writing);
        notify.MapDelete("/{type:regex(^[A-Z][A-Za-z]+$)}/{id}", (string source, string type, Phi id, HttpContext http, NotifyDoor door) => door.Delete(http, source, type, id)).Requires(Permission.Notify).InScope(ScopeOf.Writing);
        notify.MapMethods("/", ["GET", "HEAD", "OPTIONS"], (string source, NotifyDoor door) => door.Check(source)).Requires(Permission.Notify).InScope(ScopeOf.Writing);
    }
}
