using System.Collections.Frozen;
using HealthMLOps.Problems;

namespace HealthMLOps.Hosting;

/// <summary>Refuses a request whose method is no HTTP method, before anything counts it: a method is a label of <c>/metrics</c>, and a stranger's text must not become one.</summary>
public sealed class KnownMethods(RequestDelegate next)
{
    private static readonly FrozenSet<string> Known =
        FrozenSet.ToFrozenSet(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"], StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext context) => Known.Contains(context.Request.Method) ? next(context)
        : Problem.Write(context, StatusCodes.Status501NotImplemented, "method", $"The request's method is none of {string.Join(", ", Known.Order(StringComparer.Ordinal))}.");
}
