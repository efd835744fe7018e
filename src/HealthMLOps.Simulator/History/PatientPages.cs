using System.Buffers;
using System.Text.Json;
using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Fhir;

namespace HealthMLOps.Simulation.History;

/// <summary>One patient's lines, by resource type.</summary>
internal sealed class PatientPages
{
    private readonly Dictionary<string, (ArrayBufferWriter<byte> Lines, long Count)> _pages = [];

    public IEnumerable<(string Type, ReadOnlyMemory<byte> Lines, long Count)> Pages =>
        _pages.Select(page => (page.Key, page.Value.Lines.WrittenMemory, page.Value.Count));

    public static PatientPages Of(IEnumerable<ChartEntry> entries)
    {
        var made = new PatientPages();
        using var json = new Utf8JsonWriter(Stream.Null, ResourceJson.Options);
        foreach (var entry in entries)
        {
            var page = made._pages.TryGetValue(entry.ResourceType, out var known) ? known : (new ArrayBufferWriter<byte>(4096), 0);
            json.Reset(page.Lines);
            ResourceJson.Write(json, entry);
            json.Flush();
            page.Lines.Write("\n"u8);
            made._pages[entry.ResourceType] = (page.Lines, page.Count + 1);
        }
        return made;
    }
}
