using System.Collections.Immutable;

namespace HealthMLOps.Training;

/// <summary>What a model is to foresee, as data (<c>config/labels/*.json</c>).</summary>
public sealed record LabelDefinition
{
    private const string ExpiredDisposition = "exp";
    private const string Inpatient = "IMP";

    public required string Name { get; init; }
    public string? Title { get; init; }
    public required LabelKind Kind { get; init; }

    /// <summary>How far ahead; null = until the end of the stay.</summary>
    public TimeSpan? Horizon { get; init; }

    /// <summary>Units whose entry counts as the event (<see cref="LabelKind.Deterioration"/>).</summary>
    public ImmutableArray<string> Units { get; init; } = [];

    /// <summary>Stays that begin this soon after a discharge are the same stay going on (transfers), not a readmission.</summary>
    public TimeSpan TransferGap { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether the outcome came, seen from a moment of a stay; null where it can't be known (censored) or the moment can't be an example.</summary>
    /// <param name="stay">The stay.</param>
    /// <param name="at">The moment of prediction.</param>
    /// <param name="stays">All stays of the patient.</param>
    /// <param name="died">When the patient died, if known.</param>
    /// <param name="knownUntil">The newest thing known of the patient: what lies after it has not been observed.</param>
    public bool? Of(Stay stay, DateTimeOffset at, ImmutableArray<Stay> stays, DateTimeOffset? died, DateTimeOffset knownUntil) => Kind switch
    {
        LabelKind.DeathInStay => InHospitalDeath(stay, at, died),
        LabelKind.Deterioration => Deterioration(stay, at, died),
        LabelKind.Readmission => Readmission(stay, stays, died, knownUntil),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private bool? InHospitalDeath(Stay stay, DateTimeOffset at, DateTimeOffset? died)
    {
        if (stay.End is null) return null;
        if (DeathOf(stay, died) is not { } death) return false;
        if (death <= at) return null;
        return Horizon is null || death <= at + Horizon.Value;
    }

    private bool? Deterioration(Stay stay, DateTimeOffset at, DateTimeOffset? died)
    {
        var until = at + (Horizon ?? TimeSpan.MaxValue / 2);
        var events = stay.Moves.Where(m => Units.Contains(m.Unit)).Select(m => m.At).ToList();
        if (DeathOf(stay, died) is { } death) events.Add(death);
        if (events.Exists(e => e <= at)) return null;
        if (events.Exists(e => e <= until)) return true;
        return stay.End is null ? null : false;
    }

    private bool? Readmission(Stay stay, ImmutableArray<Stay> stays, DateTimeOffset? died, DateTimeOffset knownUntil)
    {
        if (stay.End is not { } end || DeathOf(stay, died) is not null) return null;
        var horizon = Horizon ?? TimeSpan.FromDays(30);
        var next = stays.Where(s => s.Class == Inpatient && s.Encounter != stay.Encounter && s.Start >= end).Select(s => (DateTimeOffset?)s.Start).Min();
        if (next is { } start && start - end < TransferGap) return null;
        if (next <= end + horizon) return true;
        if (died is { } death && death <= end + horizon) return null;
        return knownUntil >= end + horizon ? false : null;
    }

    private static DateTimeOffset? DeathOf(Stay stay, DateTimeOffset? died) =>
        died is { } death && death >= stay.Start && (stay.End is null || death <= stay.End.Value.AddDays(1)) ? death
        : stay.Disposition == ExpiredDisposition ? stay.End
        : null;
}

public enum LabelKind
{
    /// <summary>The patient dies before the stay ends.</summary>
    DeathInStay,
    /// <summary>The patient enters one of the named units, or dies.</summary>
    Deterioration,
    /// <summary>Another inpatient stay begins within the horizon after discharge.</summary>
    Readmission,
}
