using System.Collections.Frozen;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;

namespace HealthMLOps.Tests.Unit.Audit;

public sealed class RetentionTests
{
    private static readonly PatientKey Held = PatientKey.Of(new ResourceKey(1, 2));
    private static readonly Retention Rules = new(
        new[] { "cohort ward", "icu@9" }.ToFrozenSet(), new[] { Held }.ToFrozenSet(), new[] { "sepsis@3" }.ToFrozenSet());

    [Fact]
    public void Time_is_over_after_whole_years() =>
        Assert.Equal(new DateTimeOffset(2020, 11, 20, 0, 0, 0, TimeSpan.Zero), Retention.ExpiredBefore(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero), 6));

    [Fact]
    public void A_read_that_nothing_protects_may_be_hidden() => Assert.True(Rules.MayHide(An("risk.read", null)));

    [Theory]
    [InlineData("risk.read", "cohort ward")]
    [InlineData("training.start", "icu@9")]
    [InlineData("model.register", "sepsis@3")]
    [InlineData("training.start", "run of sepsis@3 in winter")]
    [InlineData("ring.advance", "other@1")]
    [InlineData("halt.order", "global")]
    [InlineData("signature.sign", null)]
    [InlineData("record.removal-approve", null)]
    public void Evidence_and_what_is_held_stays(string action, string? named) => Assert.False(Rules.MayHide(An(action, named)));

    [Fact]
    public void Another_version_is_not_protected_by_its_model() => Assert.True(Rules.MayHide(An("model.register", "sepsis@33")));

    [Fact]
    public void What_concerns_a_held_patient_stays() => Assert.False(Rules.MayHide(An("risk.read", null) with { Patient = Held }));

    private static AuditEntry An(string action, string? named) => new(DateTimeOffset.UnixEpoch, "p", "a", "r", "TREAT", action, "ok") { Object = named };
}
