using System.Text.Json;
using HealthMLOps.Models;
using HealthMLOps.Storage;

namespace HealthMLOps.Rings;

/// <summary>Evidence out of the report that travels in the version's package, bound to its digest.</summary>
/// <remarks>Out-of-fold measures of training. Validation on later, local data will be a source of its own with criteria of its own.</remarks>
public sealed class ValidationReportSource(PackageStore packages) : IGateSource
{
    private const string Auroc = "validation-report.auroc";

    public IReadOnlyCollection<string> Criteria => [Auroc];

    public async Task<GateMeasurement?> Measure(string criterion, Placement placement, CancellationToken cancellation)
    {
        if (await packages.Get(placement.PackageDigest, cancellation) is not { } bytes) return null;
        var report = ModelPackage.Open(bytes, placement.PackageDigest).Report;
        if (report is not { } text) return null;
        using var json = JsonDocument.Parse(text);
        if (!json.RootElement.TryGetProperty("auroc", out var auroc) || auroc.ValueKind != JsonValueKind.Object) return null;
        return Number(auroc, "area") is { } area && Number(auroc, "low") is { } low && Number(auroc, "high") is { } high && Number(auroc, "positives") is { } positives
            ? new GateMeasurement(area, low, high, (long)positives, $"package {placement.PackageDigest}")
            : null;
    }

    private static double? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetDouble() : null;
}
