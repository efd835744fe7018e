using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary>How long ago the kill switch was last drilled, in days. Never drilled is not measured, and blocks.</summary>
public sealed class DrillSource(HaltLog halts, ClinicalClock clock) : IGateSource
{
    private const string AgeDays = "drill.age-days";

    public IReadOnlyCollection<string> Criteria => [AgeDays];

    public async Task<GateMeasurement?> Measure(string criterion, Placement placement, CancellationToken cancellation)
    {
        if (await halts.LastDrill(cancellation) is not { } drill) return null;
        var days = (clock.Now - drill.At).TotalDays;
        return new GateMeasurement(days, days, days, 1, drill.Id);
    }
}
