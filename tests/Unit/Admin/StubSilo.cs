using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HealthMLOps.Tests.Unit.Admin;

/// <summary>A request that the stub received.</summary>
public sealed record Received(string Method, string Path, string Query, string? ContentType, string? Authorization, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}

/// <summary>What the stub answers.</summary>
public sealed record Reply(int Status, string Body, string ContentType = "application/json", string? RetryAfter = null)
{
    /// <summary>The connection breaks, as when the silo is killed.</summary>
    public static Reply Nothing { get; } = new(0, "");

    public static Reply Json(string body) => new(200, body);
}

/// <summary>A server on loopback that answers as the test says and remembers what it was asked.</summary>
public sealed class StubSilo : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentQueue<Received> _received = new();

    private StubSilo(WebApplication server) => _server = server;

    public IReadOnlyList<Received> Asked => [.. _received];

    public string Address => _server.Urls.Single();

    public static Task<StubSilo> Start(Func<Received, Reply> answer) => Start(asked => Task.FromResult(answer(asked)));

    public static async Task<StubSilo> Start(Func<Received, Task<Reply>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var stub = new StubSilo(builder.Build());
        stub._server.Run(context => stub.Serve(context, answer));
        await stub._server.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task Serve(HttpContext context, Func<Received, Task<Reply>> answer)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var asked = new Received(context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "",
            context.Request.ContentType, context.Request.Headers.Authorization, body.ToArray());
        _received.Enqueue(asked);
        var reply = await answer(asked);
        if (reply == Reply.Nothing)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        if (reply.RetryAfter is not null) context.Response.Headers.RetryAfter = reply.RetryAfter;
        await context.Response.WriteAsync(reply.Body);
    }
}
