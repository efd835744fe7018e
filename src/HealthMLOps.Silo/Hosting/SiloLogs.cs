using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace HealthMLOps.Hosting;

/// <summary>What a silo logs, and what no log line may hold.</summary>
/// <remarks>
/// Three ways lead from a patient to a log line, and each is closed by type: an object that a template takes apart
/// (<see cref="NothingTakenApart"/>), an exception's message (<see cref="QuietFormatter"/>), and what ASP.NET Core adds by
/// itself (<see cref="UnnamedRequests"/>). The levels are fixed here: below them the frameworks tell paths and parameters.
/// </remarks>
public static class SiloLogs
{
    public static void Configure(LoggerConfiguration log, SiloSettings settings)
    {
        Rules(log);
        var json = new QuietFormatter(new RenderedCompactJsonFormatter());
        if (settings.Command == SiloCommand.Demo)
            log.WriteTo.File(json, Path.Combine(settings.DataFolder, "logs", "silo-.json"), rollingInterval: RollingInterval.Day, retainedFileCountLimit: 7);
        else log.WriteTo.Console(json);
    }

    /// <summary>Levels and redaction, without a place to write to.</summary>
    public static LoggerConfiguration Rules(LoggerConfiguration log) => log
        .MinimumLevel.Information()
        .MinimumLevel.Override("Microsoft.AspNetCore", LogEventLevel.Warning)
        .MinimumLevel.Override("Orleans", LogEventLevel.Warning)
        .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning) // It tells the addresses that are called.
        .MinimumLevel.Override("OpenIddict", LogEventLevel.Warning) // It tells every request and its parameters.
        .MinimumLevel.Override("Polly", LogEventLevel.Warning) // Orleans places grains through it: two lines a patient.
        .Destructure.With<NothingTakenApart>()
        .Enrich.FromLogContext()
        .Enrich.With<UnnamedRequests>();
}
