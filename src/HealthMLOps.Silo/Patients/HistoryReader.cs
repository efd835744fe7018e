using System.Globalization;
using System.Text.Json.Nodes;
using HealthMLOps.Clinical;
using HealthMLOps.Storage;

namespace HealthMLOps.Patients;

/// <summary>Reads every version of a patient's resources from the log, oldest arrival first.</summary>
public sealed class HistoryReader(IEventLog log, TurnCodec turns, ResourceNames names)
{
    /// <param name="patient">Whose.</param>
    /// <param name="from">Least effective time; null = no limit. Facts without one are always shown.</param>
    /// <param name="to">Effective times before this; null = no limit.</param>
    /// <param name="count">At most so many facts.</param>
    /// <param name="cursor">Where the former page ended.</param>
    /// <param name="shown">Resource types that the asker may see.</param>
    /// <param name="cancellation">Ends the read.</param>
    /// <returns>A page, or null where no resource has ever referred to the patient.</returns>
    public async Task<JsonObject?> Read(
        PatientKey patient, DateTimeOffset? from, DateTimeOffset? to, int count, HistoryCursor cursor, Predicate<string> shown, CancellationToken cancellation)
    {
        var page = new List<(Fact Fact, HistoryCursor At)>(Math.Min(count, 1024));
        var any = false;
        HistoryCursor? next = null;
        await foreach (var stored in log.ReadPatient(patient, Math.Max(0, cursor.Turn - 1), cancellation))
        {
            any = true;
            var facts = turns.Decode(stored.Payload).Facts;
            for (var i = stored.Number == cursor.Turn ? cursor.Index + 1 : 0; i < facts.Length && next is null; i++)
            {
                if (!Within(facts[i], from, to) || !shown(facts[i].ResourceType)) continue;
                if (page.Count == count) next = page[^1].At;
                else page.Add((facts[i], new HistoryCursor(stored.Number, i)));
            }
            if (next is not null) break;
        }
        if (!any && cursor.Turn == 0) return null;
        var ids = await names.Of(page.Select(p => p.Fact.Resource), cancellation);
        return new JsonObject
        {
            ["facts"] = new JsonArray([.. page.Select(p => HistoryFact.Of(p.Fact, ids.GetValueOrDefault(p.Fact.Resource)))]),
            ["next"] = next?.ToString(),
        };
    }

    private static bool Within(Fact fact, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (HistoryFact.Effective(fact) is not { } effective) return true;
        return (from is null || effective >= from) && (to is null || effective < to);
    }
}

/// <summary>A place in a patient's history: written <c>turn.index</c>.</summary>
public readonly record struct HistoryCursor(long Turn, int Index)
{
    public static bool TryParse(string? text, out HistoryCursor cursor)
    {
        cursor = default;
        if (string.IsNullOrEmpty(text)) return true;
        var parts = text.Split('.');
        if (parts.Length != 2
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var turn)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return false;
        cursor = new HistoryCursor(turn, index);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Turn}.{Index}");
}
