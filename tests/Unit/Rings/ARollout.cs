using System.Collections.Immutable;
using System.Globalization;
using HealthMLOps.Models;
using HealthMLOps.Rings;
using HealthMLOps.Signatures;

namespace HealthMLOps.Tests.Unit.Rings;

/// <summary>A hospital's rollout of one model as it goes on, with people, time and evidence.</summary>
internal sealed class ARollout
{
    public const string Model = "sepsis";
    public static readonly ModelVersion V1 = new(Model, 1);
    public static readonly ModelVersion V2 = new(Model, 2);
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly ImmutableArray<GateEvidence> Good = [new("validation-report.auroc", GateVerdict.Within, new GateMeasurement(0.8, 0.78, 0.82, 900, "test"), "")];
    public static readonly ImmutableArray<GateEvidence> Unsure = [new("validation-report.auroc", GateVerdict.Within, new GateMeasurement(0.8, 0.6, 0.9, 30, "test"), "")];

    public static readonly RingPolicy Policy = new()
    {
        Name = "test",
        RestartChecklist = ["cause-known", "ward-told"],
        Rings =
        [
            new RingRule { Ring = RingStage.Shadow, Dwell = new Dwell(28, 100, 50) },
            new RingRule { Ring = RingStage.Canary, Dwell = new Dwell(14, 10, 5), UnitsMax = 2, Gates = [new("validation-report.auroc", 0.7, null)], Signatures = ["clinician-reviewer"] },
            new RingRule { Ring = RingStage.Production, Gates = [new("validation-report.auroc", 0.7, null)], Signatures = ["clinician-reviewer", "compliance"] },
        ],
    };

    private static long _commands;

    public Rollout State { get; set; } = new() { Model = Model };

    public DateTimeOffset Now { get; set; } = Noon;

    public static string NewCommand() => "c" + Interlocked.Increment(ref _commands).ToString(CultureInfo.InvariantCulture);

    public static string PackageOf(ModelVersion version) => "package-of-" + version;

    /// <summary>In shadow for long enough, in the canary of one ward, or in production everywhere.</summary>
    public static ARollout In(RingStage stage, ModelVersion version)
    {
        var rollout = new ARollout();
        return rollout.To(stage, version);
    }

    public ARollout To(RingStage stage, ModelVersion version)
    {
        Do(Propose(version, RingStage.Shadow)).Do(Advance(Good)).Wait(30);
        if (stage == RingStage.Shadow) return this;
        Do(Propose(version, RingStage.Canary, "ward-a")).Do(Approve("bea", "clinician-reviewer")).Do(Advance(Good)).Wait(30);
        if (stage == RingStage.Canary) return this;
        return Do(Propose(version, RingStage.Production)).Do(Approve("bea", "clinician-reviewer")).Do(Approve("carl", "compliance")).Do(Advance(Good));
    }

    public ARollout Do(RolloutEvent happened)
    {
        State = State.After(happened, Policy, Now);
        return this;
    }

    public ARollout Wait(double days)
    {
        Now = Now.AddDays(days);
        return this;
    }

    public RolloutEvent Propose(ModelVersion version, RingStage target, params string[] units) =>
        new RolloutEvent.Proposed(NewCommand(), version, PackageOf(version), target, [.. units], "anna");

    public RolloutEvent Approve(string person, string role, string? digest = null) => new RolloutEvent.Approved(NewCommand(), new Signature
    {
        Id = NewCommand(), Person = person, PrintedName = person, Role = role, Meaning = "approve", Digest = digest ?? State.Open?.Digest() ?? "", Subject = "", At = Now,
    });

    public RolloutEvent Advance(ImmutableArray<GateEvidence> evidence, long events = 1_000) =>
        new RolloutEvent.Advanced(NewCommand(), State.Open?.Id ?? "", new Exposure(events, events), evidence, "anna");
}
