using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>What became of the resources of a chunk, or of a whole import.</summary>
/// <param name="Read">Resources read.</param>
/// <param name="Used">Became facts, newer or older versions included.</param>
/// <param name="Repeated">Were known already.</param>
/// <param name="Unused">Of no use to any model, by type.</param>
/// <param name="Quarantined">Kept in quarantine, by reason.</param>
public sealed record ImportCounts(long Read, long Used, long Repeated, SortedDictionary<string, long> Unused, SortedDictionary<string, long> Quarantined)
{
    public static ImportCounts Of(IReadOnlyCollection<EntryResult> results)
    {
        var counts = new ImportCounts(results.Count, 0, 0, new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        var (used, repeated) = (0L, 0L);
        foreach (var result in results)
            switch (result)
            {
                case EntryResult.Stored { Admission: Clinical.Admission.Repeated }: repeated++; break;
                case EntryResult.Stored: used++; break;
                case EntryResult.Unused(var type): Add(counts.Unused, type, 1); break;
                case EntryResult.Refused(var why): Add(counts.Quarantined, why.Code, 1); break;
                default: throw new System.Diagnostics.UnreachableException();
            }
        return counts with { Used = used, Repeated = repeated };
    }

    public static ImportCounts Sum(IEnumerable<string> chunks)
    {
        var sum = new ImportCounts(0, 0, 0, new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        foreach (var chunk in chunks)
        {
            var counts = JsonSerializer.Deserialize<ImportCounts>(chunk, JsonSerializerOptions.Web)!;
            foreach (var (type, count) in counts.Unused) Add(sum.Unused, type, count);
            foreach (var (reason, count) in counts.Quarantined) Add(sum.Quarantined, reason, count);
            sum = sum with { Read = sum.Read + counts.Read, Used = sum.Used + counts.Used, Repeated = sum.Repeated + counts.Repeated };
        }
        return sum;
    }

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    private static void Add(SortedDictionary<string, long> counts, string key, long count) => counts[key] = counts.GetValueOrDefault(key) + count;
}
