using HealthMLOps.Access;
using HealthMLOps.Models;
using HealthMLOps.Rings;

namespace HealthMLOps.Tests.Unit.Rings;

public sealed class KillSwitchTests
{
    private static readonly ModelVersion Sepsis = new("sepsis", 3);
    private static readonly DateTimeOffset Noon = ARollout.Noon;
    private static readonly TimeSpan Valid = TimeSpan.FromHours(72);

    [Theory]
    [InlineData("global", true)]
    [InlineData("site:general-hospital", true)]
    [InlineData("site:other", false)]
    [InlineData("unit:medical", true)]
    [InlineData("unit:icu", false)]
    [InlineData("model:sepsis", true)]
    [InlineData("model:falls", false)]
    [InlineData("version:sepsis@3", true)]
    [InlineData("version:sepsis@2", false)]
    [InlineData("channel:rest", true)]
    [InlineData("channel:fhir", false)]
    public void A_halt_covers_its_scope_alone(string scope, bool covered)
    {
        Assert.Equal(covered, HaltScope.Parse(scope).Covers(Sepsis, "medical", "general-hospital", "rest"));
        Assert.Equal(scope, HaltScope.Parse(scope).ToString());
    }

    [Fact]
    public void Where_the_unit_is_not_known_a_halted_unit_counts() =>
        Assert.True(HaltScope.Parse("unit:icu").Covers(Sepsis, null, "general-hospital", "rest"));

    [Theory]
    [InlineData("")]
    [InlineData("all")]
    [InlineData("unit:")]
    [InlineData("channel:fax")]
    [InlineData("version:sepsis")]
    [InlineData("drill:x")]
    public void What_is_no_scope_is_refused(string text) => Assert.Throws<FormatException>(() => HaltScope.Parse(text));

    [Fact]
    public void One_person_stops_and_two_restart_with_a_closed_checklist()
    {
        string[] checklist = ["cause-known", "ward-told"];
        var halted = PublishedPlan.Empty.Halt(Order("h1", "global"));
        Assert.Equal("two-persons", Refusal(() => halted.Restart("h1", "bea", [Role.ClinicianReviewer], Noon, Valid)));
        Assert.Equal("checklist", Refusal(() => halted.AskRestart("h1", "anna", [Role.Operator], Noon, ["cause-known"], [.. checklist])));
        var asked = halted.AskRestart("h1", "anna", [Role.Operator], Noon, [.. checklist], [.. checklist]);
        Assert.Equal("two-persons", Refusal(() => asked.Restart("h1", "anna", [Role.Operator], Noon, Valid)));
        Assert.Equal("restart-expired", Refusal(() => asked.Restart("h1", "bea", [Role.ClinicianReviewer], Noon.AddHours(72), Valid)));
        var running = asked.Restart("h1", "bea", [Role.ClinicianReviewer], Noon, Valid);
        Assert.Empty(running.Halts);
        Assert.Equal(running.Epoch, running.RestartedEpoch);
        Assert.True(halted.Epoch < asked.Epoch && asked.Epoch < running.Epoch);
        Assert.Same(running, running.Restart("h1", "bea", [Role.ClinicianReviewer], Noon, Valid));
    }

    [Fact]
    public void The_second_person_restarts_in_another_role()
    {
        var asked = PublishedPlan.Empty.Halt(Order("h1", "global")).AskRestart("h1", "anna", [Role.Operator], Noon, [], []);
        foreach (var roles in (Role[][])[[Role.Operator], [Role.Operator, Role.DataScientist], [Role.ItSecurity], []])
            Assert.Equal("other-role", Refusal(() => asked.Restart("h1", "bea", [.. roles], Noon, Valid)));
        foreach (var roles in (Role[][])[[Role.Compliance], [Role.Operator, Role.ClinicianReviewer]])
            Assert.Empty(asked.Restart("h1", "bea", [.. roles], Noon, Valid).Halts);
        var byOwner = PublishedPlan.Empty.Halt(Order("h1", "global")).AskRestart("h1", "owner", [Role.Owner], Noon, [], []);
        Assert.Empty(byOwner.Restart("h1", "bea", [Role.Operator], Noon, Valid).Halts);
    }

    [Fact]
    public void An_ask_whose_roles_were_not_kept_is_asked_again()
    {
        var halt = Order("h1", "global") with { Ask = new RestartAsk("anna", Noon, [], default) };
        var old = PublishedPlan.Empty with { Halts = [halt] };
        Assert.Equal("other-role", Refusal(() => old.Restart("h1", "bea", [Role.Compliance], Noon, Valid)));
        Assert.Empty(old.AskRestart("h1", "anna", [Role.Operator], Noon, [], []).Restart("h1", "bea", [Role.Compliance], Noon, Valid).Halts);
    }

    [Fact]
    public void A_new_halt_of_the_same_scope_voids_a_half_restart()
    {
        var asked = PublishedPlan.Empty.Halt(Order("h1", "global")).AskRestart("h1", "anna", [Role.Operator], Noon, [], []);
        var again = asked.Halt(Order("h2", "global"));
        Assert.Null(Assert.Single(again.Halts).Ask);
    }

    [Fact]
    public void A_lifted_halt_that_arrives_late_does_not_stop_again()
    {
        var order = Order("h1", "global");
        var running = PublishedPlan.Empty.Halt(order).AskRestart("h1", "anna", [Role.Operator], Noon, [], []).Restart("h1", "bea", [Role.ClinicianReviewer], Noon, Valid);
        Assert.Same(running, running.Halt(order));
    }

    [Fact]
    public void The_halt_beyond_the_last_place_stops_everything()
    {
        var plan = PublishedPlan.Empty;
        for (var i = 0; i <= PublishedPlan.HaltsMax; i++) plan = plan.Halt(Order($"h{i}", $"unit:u{i}"));
        Assert.Equal(HaltKind.Global, plan.Halts[^1].Scope.Kind);
    }

    [Fact]
    public void A_drill_beyond_the_last_place_stops_nothing()
    {
        var plan = PublishedPlan.Empty;
        for (var i = 0; i < PublishedPlan.HaltsMax; i++) plan = plan.Halt(Order($"h{i}", $"unit:u{i}"));
        var after = plan.Halt(Order("drill-1", "global") with { Scope = new HaltScope(HaltKind.Drill, "drill-1") });
        Assert.Equal(plan.Halts, after.Halts);
        Assert.Contains("drill-1", after.Lifted);
        Assert.True(after.Epoch > plan.Epoch);
    }

    private static HaltOrder Order(string id, string scope) => new() { Id = id, Scope = HaltScope.Parse(scope), By = "anna", At = Noon, Reason = "test" };

    private static string Refusal(Action act) => Assert.Throws<RolloutRefused>(act).Code;
}
