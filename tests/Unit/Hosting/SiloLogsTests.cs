using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace HealthMLOps.Tests.Unit.Hosting;

/// <summary>The silo's log through its real rules and format.</summary>
public sealed class SiloLogsTests
{
    private const string Canary = "kanarienvogel";

    [Fact]
    public void An_object_that_a_template_takes_apart_is_named_and_not_told()
    {
        var line = Logged(log => log.Information("Took {@Body} {@Id} {Closed} {@List}", new { name = Canary }, new EhrId(new SourceName("a"), "Patient", Canary), (Phi)Canary!, new[] { new { name = Canary } }));
        Assert.DoesNotContain(Canary, line, StringComparison.Ordinal);
        Assert.Contains("[EhrId]", line, StringComparison.Ordinal);
        Assert.Contains(Phi.Mark, line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_exception_shows_its_type_code_and_stack_and_no_message()
    {
        var line = Logged(log => log.Error(Thrown(), "Failed"));
        Assert.DoesNotContain(Canary, line, StringComparison.Ordinal);
        Assert.Contains("System.FormatException", line, StringComparison.Ordinal);
        Assert.Contains("System.Text.Json.JsonReaderException", line, StringComparison.Ordinal);
        Assert.Contains(nameof(Thrown), line, StringComparison.Ordinal);
        Assert.Contains("ConnectionRefused", Logged(log => log.Error(new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused), "Failed")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_of_ours_keeps_its_words() =>
        Assert.Contains("the ninth turn", Logged(log => log.Error(new LogUnavailable("the ninth turn", new FormatException(Canary)), "Failed")), StringComparison.Ordinal);

    [Fact]
    public void A_wrapped_foreign_exception_stays_quiet() =>
        Assert.DoesNotContain(Canary, Logged(log => log.Error(new LogUnavailable("the ninth turn", new AggregateException(new FormatException(Canary), new TimeoutException(Canary))), "Failed")), StringComparison.Ordinal);

    [Fact]
    public void A_path_that_a_framework_adds_is_taken_off() =>
        Assert.DoesNotContain(Canary, Logged(log => log.ForContext("RequestPath", "/fhir/Patient/" + Canary).ForContext("QueryString", "?patient=" + Canary).Warning("Late")), StringComparison.Ordinal);

    [Fact]
    public void Frameworks_tell_warnings_alone()
    {
        var lines = new Lines();
        using (var log = SiloLogs.Rules(new LoggerConfiguration()).WriteTo.Sink(lines).CreateLogger())
            foreach (var source in (string[])["Microsoft.AspNetCore.Hosting.Diagnostics", "Orleans.Messaging", "System.Net.Http.HttpClient.fhir", "OpenIddict.Server", "Polly"])
            {
                log.ForContext(Constants.SourceContextPropertyName, source).Information(Canary);
                log.ForContext(Constants.SourceContextPropertyName, source).Debug(Canary);
            }
        Assert.Empty(lines.Written);
    }

    private static FormatException Thrown()
    {
        try
        {
            JsonDocument.Parse($"{{\"{Canary}");
            throw new InvalidOperationException("It was read.");
        }
        catch (JsonException e)
        {
            try { throw new FormatException($"'{Canary}' is no number", e); }
            catch (FormatException thrown) { return thrown; }
        }
    }

    private static string Logged(Action<ILogger> act)
    {
        var lines = new Lines();
        using (var log = SiloLogs.Rules(new LoggerConfiguration()).WriteTo.Sink(lines).CreateLogger()) act(log);
        return Assert.Single(lines.Written);
    }

    /// <summary>Keeps the lines as the silo's format writes them.</summary>
    private sealed class Lines : ILogEventSink
    {
        public List<string> Written { get; } = [];

        public void Emit(LogEvent logEvent)
        {
            using var line = new StringWriter();
            new QuietFormatter(new RenderedCompactJsonFormatter()).Format(logEvent, line);
            Written.Add(line.ToString());
        }
    }
}
