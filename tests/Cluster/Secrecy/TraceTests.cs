using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Secrecy;

/// <summary>Whoever listens to the process's traces (a collector, a profiler, automatic instrumentation) hears nothing of a patient.</summary>
public sealed class TraceTests(Stores stores)
{
    private const string Mark = "kanarienvogel";
    private const string Value = "7431.559";

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task No_activity_of_any_source_carries_an_identifier_text_or_value(StorageProvider provider)
    {
        var heard = new ConcurrentBag<(string Source, string Told)>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => heard.Add((activity.Source.Name, Told(activity))),
        };
        ActivitySource.AddActivityListener(listener);
        await using (var ward = await Ward.Open(await stores.Empty(provider)))
        {
            await Session(ward);
            Assert.Equal(HttpStatusCode.OK, (await ward.Http.GetAsync(new Uri($"/api/v1/patients/pat-{Mark}/history", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        }

        var ours = heard.Where(h => !h.Source.StartsWith("System.Net.", StringComparison.Ordinal)).ToList(); // The test's own client, which asks.
        Assert.Contains(ours, h => h.Source == "Microsoft.AspNetCore");
        if (provider == StorageProvider.Postgres) Assert.Contains(ours, h => h.Source == "Npgsql");
        Assert.All(ours, h =>
        {
            Assert.DoesNotContain(Mark, h.Told, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Value, h.Told, StringComparison.Ordinal);
        });
    }

    private static async Task Session(Ward ward)
    {
        var pulse = $$"""{"resourceType":"Observation","id":"obs-{{Mark}}","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4","display":"{{Mark}}"}]},"subject":{"reference":"Patient/pat-{{Mark}}"},"effectiveDateTime":"2026-11-20T11:00:00Z","valueQuantity":{"value":{{Value}},"system":"http://unitsofmeasure.org","code":"/min"},"note":[{"text":"{{Mark}}"}]}""";
        await ward.Put("Observation", "obs-" + Mark, pulse);
        await ward.Put("Observation", "obs-else", pulse);
        await ward.Put("Observation", "obs-" + Mark, pulse.Replace("\"final\"", $"\"{Mark}\"", StringComparison.Ordinal));
        await ward.Put("Patient", "pat-" + Mark, $$"""{"resourceType":"Patient","id":"pat-{{Mark}}","name":[{"family":"{{Mark}}"}],"identifier":[{"value":"{{Mark}}"}]}""");
        await ward.PostFhir(Mark);
        foreach (var path in (string[])[$"/api/v1/patients/pat-{Mark}/risk", $"/api/v1/patients/{Mark}/risk?model={Mark}", $"/api/v1/patients/pat-{Mark}/features?set=deterioration", $"/fhir/RiskAssessment?subject=Patient/pat-{Mark}", $"/{Mark}?{Mark}={Mark}"])
            await Asked(ward, path);
        await ward.Settle();
    }

    private static async Task Asked(Ward ward, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var name in (string[])["tracestate", "baggage"]) request.Headers.TryAddWithoutValidation(name, $"{Mark}={Mark}");
        request.Headers.TryAddWithoutValidation("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        using var answer = await ward.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>All that an exporter would send of an activity.</summary>
    private static string Told(Activity activity)
    {
        var told = new StringBuilder().Append(activity.OperationName).Append(' ').Append(activity.DisplayName).Append(' ').Append(activity.StatusDescription).Append(' ').AppendLine(activity.TraceStateString);
        foreach (var (name, value) in activity.TagObjects) told.Append(name).Append('=').AppendLine(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
        foreach (var (name, value) in activity.Baggage) told.Append("baggage ").Append(name).Append('=').AppendLine(value);
        foreach (var happened in activity.Events)
        {
            told.AppendLine(happened.Name);
            foreach (var (name, value) in happened.Tags) told.Append(name).Append('=').AppendLine(Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
        }
        return told.ToString();
    }
}
