using System.Text.Json;
using Hl7.Fhir.Serialization;
using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Fhir;
using HealthMLOps.Simulation.History;
using HealthMLOps.Simulation.Sending;

namespace HealthMLOps.Tests.Unit.Simulator;

public sealed class SimulatedFhirTests
{
    [Fact]
    public void The_same_seed_writes_the_same_bytes_and_another_seed_does_not()
    {
        var (first, second, other) = (Written(7), Written(7), Written(8));
        Assert.Equal(9, first.Count);
        Assert.Equal(first.Keys, second.Keys);
        Assert.All(first, file => Assert.True(file.Value.AsSpan().SequenceEqual(second[file.Key]), file.Key));
        Assert.All(first, file => Assert.False(file.Value.AsSpan().SequenceEqual(other[file.Key]), file.Key));
    }

    [Fact]
    public void Every_version_of_every_resource_is_valid_R4()
    {
        var entries = SimulatedWard.Lives(8).SelectMany(life => life.Entries).ToArray();
        Assert.Equal(9, entries.Select(entry => entry.ResourceType).Distinct().Count());
        foreach (var entry in entries)
        {
            var reader = new Utf8JsonReader(ResourceJson.Bytes(entry));
            Assert.True(FhirJsonDeserializer.STRICT.TryDeserializeResource(ref reader, out var resource, out var issues),
                $"{entry.Id}: {string.Join("; ", issues.Select(issue => issue.Message))}");
            Assert.Equal(entry.ResourceType, resource!.TypeName);
            Assert.Equal(entry.LastUpdated.ToUnixTimeMilliseconds(), resource.Meta!.LastUpdated!.Value.ToUnixTimeMilliseconds());
        }
    }

    [Fact]
    public void A_notification_is_a_valid_history_bundle_led_by_its_status()
    {
        var entries = SimulatedWard.Lives(1)[0].Entries.Take(3).ToArray();
        var bytes = new NotificationJson("s1").Events(9, [.. entries.Select((entry, at) => new ChartEvent(entry, at + 7))], SimulatedWard.Until);
        var reader = new Utf8JsonReader(bytes.Span);
        Assert.True(FhirJsonDeserializer.STRICT.TryDeserializeResource(ref reader, out _, out var issues), string.Join("; ", issues.Select(issue => issue.Message)));

        using var bundle = JsonDocument.Parse(bytes);
        Assert.Equal("history", bundle.RootElement.GetProperty("type").GetString());
        var list = bundle.RootElement.GetProperty("entry").EnumerateArray().ToArray();
        Assert.Equal(4, list.Length);
        Assert.All(list, entry => Assert.True(entry.TryGetProperty("request", out _) && entry.TryGetProperty("response", out _)));
        var parameters = list[0].GetProperty("resource").GetProperty("parameter").EnumerateArray().ToLookup(parameter => parameter.GetProperty("name").GetString());
        Assert.Equal("event-notification", parameters["type"].Single().GetProperty("valueCode").GetString());
        Assert.Equal("9", parameters["events-since-subscription-start"].Single().GetProperty("valueString").GetString());
        Assert.Equal(["7", "8", "9"], parameters["notification-event"].Select(notified => notified.GetProperty("part")[0].GetProperty("valueString").GetString()));
    }

    [Fact]
    public void A_unit_mixup_keeps_the_label_and_changes_the_number_from_its_instant_on()
    {
        var temperatures = SimulatedWard.Lives(3).SelectMany(life => life.Entries).OfType<ObservationEntry>()
            .Where(entry => entry is { Kind.Text: "Body temperature", Value: Measured { Unit.Code: "Cel" } }).OrderBy(entry => entry.Effective).ToArray();
        var drift = new Drift(DriftKind.UnitMixup, temperatures[10].Effective);
        Assert.Same(temperatures[9], drift.Distort(temperatures[9]));
        var before = (Measured)temperatures[10].Value!;
        Assert.Equal(before with { Number = before.Number * 1.8m + 32 }, ((ObservationEntry)drift.Distort(temperatures[10])).Value);
    }

    private static SortedDictionary<string, byte[]> Written(ulong seed)
    {
        var options = SimulatedWard.Options(70, seed);
        try
        {
            HistoryExport.Write(options, CancellationToken.None);
            return new(options.Folder.GetFiles().ToDictionary(file => file.Name, file => File.ReadAllBytes(file.FullName)), StringComparer.Ordinal);
        }
        finally
        {
            options.Folder.Delete(recursive: true);
        }
    }
}
