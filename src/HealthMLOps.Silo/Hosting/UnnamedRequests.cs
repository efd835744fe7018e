using Serilog.Core;
using Serilog.Events;

namespace HealthMLOps.Hosting;

/// <summary>Takes the request's path off every log event: ASP.NET Core adds it by itself, and a path of ours may hold an EHR's id.</summary>
/// <remarks>The request's number and the endpoint's template stay; they tell as much and name nobody.</remarks>
public sealed class UnnamedRequests : ILogEventEnricher
{
    private static readonly string[] Removed = ["RequestPath", "Path", "QueryString", "Uri"];

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach (var name in Removed) logEvent.RemovePropertyIfPresent(name);
    }
}
