namespace HealthMLOps.Clinical;

/// <summary>What else is asked of a timeline: who the patient is, whether they died, what was measured last.</summary>
public static class TimelineQueries
{
    /// <summary>Who the patient is, as known at a time. Each part from the newest resource that states it; what was true when does not matter.</summary>
    public static Demographics? DemographicsAt(this Timeline timeline, DateTimeOffset knownAt)
    {
        Demographics? who = null;
        foreach (ref readonly var entry in timeline.UpTo(new SeriesKey(SeriesKind.Demographics, ""), long.MaxValue - 1))
        {
            if (entry.AvailableTicks > knownAt.UtcTicks) continue;
            var said = (Demographics)entry.ToEntry();
            who = who is null ? said : said with
            {
                Birth = said.Birth ?? who.Birth,
                Sex = said.Sex ?? who.Sex,
                Race = said.Race.IsEmpty ? who.Race : said.Race,
                Ethnicity = said.Ethnicity ?? who.Ethnicity,
            };
        }
        return who;
    }

    /// <summary>When the patient died; null = not known to be dead.</summary>
    public static DateTimeOffset? DiedAt(this Timeline timeline, DateTimeOffset asOf, DateTimeOffset knownAt)
    {
        foreach (ref readonly var entry in timeline.UpTo(new SeriesKey(SeriesKind.Death, ""), asOf.UtcTicks))
            if (entry.AvailableTicks <= knownAt.UtcTicks) return new DateTimeOffset(entry.EffectiveTicks, TimeSpan.Zero);
        return null;
    }

    /// <summary>The newest measurement of a concept, with or without a value.</summary>
    public static TimelineEntry? LastMeasurement(this Timeline timeline, string concept, DateTimeOffset asOf, DateTimeOffset knownAt)
    {
        var entries = timeline.UpTo(new SeriesKey(SeriesKind.Measurement, concept), asOf.UtcTicks);
        for (var i = entries.Length - 1; i >= 0; i--)
            if (entries[i].AvailableTicks <= knownAt.UtcTicks) return entries[i];
        return null;
    }
}
