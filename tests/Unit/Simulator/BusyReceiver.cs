using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HealthMLOps.Tests.Unit.Simulator;

/// <summary>A receiver that is busy for every third request, and remembers what it accepted.</summary>
internal sealed class BusyReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    private BusyReceiver(WebApplication app) => _app = app;

    /// <summary>How often each version ("Type/id/versionId") was accepted.</summary>
    public ConcurrentDictionary<string, int> Accepted { get; } = new();

    /// <summary>Numbers of the notified events, and the kinds of the notifications.</summary>
    public ConcurrentDictionary<long, int> EventNumbers { get; } = new();
    public ConcurrentQueue<string> Kinds { get; } = new();
    public ConcurrentQueue<string> Unauthorised { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    public static async Task<BusyReceiver> Open()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new BusyReceiver(builder.Build());
        receiver._app.Run(receiver.Receive);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Receive(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        if (context.Request.Headers.Authorization != "Bearer open-sesame") Unauthorised.Enqueue(context.Request.Path);
        if (Interlocked.Increment(ref _requests) % 3 == 0)
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "0";
            return;
        }
        Remember(body.RootElement);
        context.Response.ContentType = "application/fhir+json";
        await context.Response.WriteAsync("""{"resourceType":"OperationOutcome","issue":[]}""");
    }

    private void Remember(JsonElement resource)
    {
        if (resource.GetProperty("resourceType").GetString() is "Bundle")
            foreach (var entry in resource.GetProperty("entry").EnumerateArray()) Remember(entry.GetProperty("resource"));
        else if (resource.GetProperty("resourceType").GetString() is "Parameters") RememberStatus(resource.GetProperty("parameter"));
        else Accepted.AddOrUpdate(VersionOf(resource), 1, (_, count) => count + 1);
    }

    private void RememberStatus(JsonElement parameters)
    {
        foreach (var parameter in parameters.EnumerateArray())
            switch (parameter.GetProperty("name").GetString())
            {
                case "type":
                    Kinds.Enqueue(parameter.GetProperty("valueCode").GetString()!);
                    break;
                case "notification-event":
                    EventNumbers.AddOrUpdate(long.Parse(parameter.GetProperty("part")[0].GetProperty("valueString").GetString()!,
                        System.Globalization.CultureInfo.InvariantCulture), 1, (_, count) => count + 1);
                    break;
            }
    }

    private static string VersionOf(JsonElement resource) =>
        $"{resource.GetProperty("resourceType").GetString()}/{resource.GetProperty("id").GetString()}/{resource.GetProperty("meta").GetProperty("versionId").GetString()}";
}
