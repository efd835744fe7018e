namespace HealthMLOps.Simulation.Charting;

/// <summary>One patient's record: every version of every resource, in the order in which they were written.</summary>
internal sealed class Chart(string patientId)
{
    private readonly List<ChartEntry> _entries = [];
    private int _ids;

    public string PatientId => patientId;
    public IReadOnlyList<ChartEntry> Entries => _entries;

    /// <summary>A fresh resource id; the letter only spares a reader's eyes.</summary>
    public string NewId(char letter) => $"{patientId}-{letter}{++_ids:D5}";

    public T Write<T>(T entry) where T : ChartEntry
    {
        _entries.Add(entry);
        return entry;
    }

    /// <summary>Writes the next version of a resource, at least one second after the one before.</summary>
    public T Revise<T>(T changed, DateTimeOffset at) where T : ChartEntry
    {
        var soonest = changed.LastUpdated + TimeSpan.FromSeconds(1);
        return Write(changed with { Version = changed.Version + 1, LastUpdated = at > soonest ? at : soonest });
    }

    /// <summary>Forgets what was written after the first <paramref name="count"/> entries.</summary>
    public void ForgetAfter(int count) => _entries.RemoveRange(count, _entries.Count - count);
}
