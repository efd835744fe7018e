using Serilog.Events;
using Serilog.Formatting;

namespace HealthMLOps.Hosting;

/// <summary>Writes log events with their exceptions made quiet.</summary>
public sealed class QuietFormatter(ITextFormatter inner) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output) => inner.Format(logEvent.Exception is not { } error ? logEvent : new LogEvent(
        logEvent.Timestamp, logEvent.Level, new QuietError(error), logEvent.MessageTemplate,
        logEvent.Properties.Select(p => new LogEventProperty(p.Key, p.Value)), logEvent.TraceId ?? default, logEvent.SpanId ?? default), output);
}
