namespace HealthMLOps.Clinical;

/// <summary>How much of a patient's record a timeline holds. Everything beyond stays in the log.</summary>
/// <param name="EntriesPerSeriesMax">Newest measurements held of one concept. A feature never sees more of it, bounded or not.</param>
/// <param name="EventsPerSeriesMax">Newest entries held of one kind of event (conditions, orders, procedures, encounter steps).</param>
/// <param name="EntriesMax">Entries held in all; beyond, the oldest of all series go and the timeline no longer answers by itself.</param>
/// <param name="EmptyResourcesMax">Retracted, deleted, moved or unusable resources remembered, the newest versions first.</param>
/// <param name="ContentsPerResourceMax">Former contents remembered of a resource that is sent without any version.</param>
/// <remarks>Bounds count from the newest fact and never from the wall clock, so that replay equals life.</remarks>
[Immutable]
public sealed record TimelineBounds(
    int EntriesPerSeriesMax, int EventsPerSeriesMax, int EntriesMax, int EmptyResourcesMax, int ContentsPerResourceMax)
{
    public static TimelineBounds Default { get; } = new(512, 2048, 65_536, 4096, 32);

    public int CountMax(SeriesKind kind) => kind == SeriesKind.Measurement ? EntriesPerSeriesMax : EventsPerSeriesMax;
}
