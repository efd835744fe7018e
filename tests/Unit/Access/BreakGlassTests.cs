using HealthMLOps.Access;
using HealthMLOps.Clinical;

namespace HealthMLOps.Tests.Unit.Access;

public sealed class BreakGlassTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);
    private const string Why = "Cover for a colleague on the ward.";

    [Fact]
    public void A_first_use_with_reason_and_explanation_is_let_through() =>
        Assert.Null(BreakGlassRules.Refusal([], "emergency-care", Why, HalfAnHour));

    [Theory]
    [InlineData("curiosity", Why, 30)]
    [InlineData("emergency-care", "because", 30)]
    [InlineData("emergency-care", "                     ", 30)]
    [InlineData("emergency-care", Why, 61)]
    [InlineData("emergency-care", Why, 0)]
    public void A_use_without_reason_explanation_or_limit_is_refused(string reason, string why, int minutes) =>
        Assert.NotNull(BreakGlassRules.Refusal([], reason, why, TimeSpan.FromMinutes(minutes)));

    [Fact]
    public void An_unreviewed_use_blocks_the_next_one_until_somebody_has_reviewed_it()
    {
        var former = new BreakGlass("glass-1", "p-1", "emergency-care", BreakGlassScope.Of("icu"), Monday, Monday.AddHours(1));
        Assert.Contains("glass-1", BreakGlassRules.Refusal([former], "emergency-care", Why, HalfAnHour), StringComparison.Ordinal);
        Assert.Null(BreakGlassRules.Refusal([former with { Verdict = "not-justified", ReviewedBy = "p-2" }], "emergency-care", Why, HalfAnHour));
    }

    [Fact]
    public void One_unreviewed_use_among_reviewed_ones_blocks_whatever_its_scope()
    {
        var reviewed = new BreakGlass("glass-1", "p-1", "emergency-care", BreakGlassScope.Of("icu"), Monday, Monday.AddHours(1)) { Verdict = "justified", ReviewedBy = "p-2" };
        var open = new BreakGlass("glass-2", "p-1", "emergency-care", BreakGlassScope.Of("ed"), Monday.AddHours(2), Monday.AddHours(3));
        Assert.Contains("glass-2", BreakGlassRules.Refusal([reviewed, open], "emergency-care", Why, HalfAnHour), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(23, 26)] // Monday: by the end of Wednesday.
    [InlineData(26, 31)] // Thursday: by the end of Monday (30 November).
    [InlineData(28, 32)] // Saturday: by the end of Tuesday (1 December).
    public void A_review_is_due_at_the_end_of_the_second_work_day(int usedOn, int dueBefore) =>
        Assert.Equal(Monday.Date.AddDays(dueBefore - 23), BreakGlassRules.ReviewDue(Monday.AddDays(usedOn - 23)).DateTime);

    [Fact]
    public void Glass_is_open_from_its_breaking_until_its_end()
    {
        var use = new BreakGlass("glass-1", "p-1", "emergency-care", BreakGlassScope.Of("icu"), Monday, Monday + HalfAnHour);
        Assert.Equal([false, true, true, false], new[] { -1, 0, 29, 30 }.Select(m => use.IsOpen(Monday.AddMinutes(m))));
    }

    [Fact]
    public void A_unit_behind_glass_holds_whoever_is_in_it_now()
    {
        var patient = PatientKey.Of(new ResourceKey(1, 1));
        Assert.True(BreakGlassScope.Of("icu").Holds(patient, "icu"));
        Assert.False(BreakGlassScope.Of("icu").Holds(patient, "ed"));
        Assert.False(BreakGlassScope.Of("icu").Holds(patient, null));
    }
}
