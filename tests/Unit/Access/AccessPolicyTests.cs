using HealthMLOps.Access;
using HealthMLOps.Clinical;

namespace HealthMLOps.Tests.Unit.Access;

public sealed class AccessPolicyTests
{
    private static readonly PatientKey Anna = PatientKey.Of(new ResourceKey(1, 1));
    private static readonly PatientKey Bert = PatientKey.Of(new ResourceKey(2, 2));

    [Fact]
    public void Each_permission_belongs_to_a_role_and_nobody_alters_the_record()
    {
        foreach (var permission in Enum.GetValues<Permission>()) Assert.True(RolePermissions.Has(Role.Owner, permission));
        Assert.DoesNotContain(Enum.GetNames<Permission>(), name => name.Contains("Alter", StringComparison.Ordinal) || name.Contains("DeleteAudit", StringComparison.Ordinal));
    }

    [Theory] // GOVERNANCE 6.3, a row each: operator, data scientist, clinician reviewer, compliance, auditor.
    [InlineData(Permission.AdvanceRing, true, false, true, true, false)]
    [InlineData(Permission.Halt, true, true, true, true, false)]
    [InlineData(Permission.Restart, true, false, true, true, false)]
    [InlineData(Permission.RegisterModel, false, true, false, false, false)]
    [InlineData(Permission.ReadIdentity, false, false, true, false, false)]
    [InlineData(Permission.ReadAudit, false, false, false, true, true)]
    [InlineData(Permission.ManageUsers, true, false, false, true, false)]
    [InlineData(Permission.ManageKeys, true, false, false, true, false)]
    public void The_table_of_roles_is_governances(Permission permission, params bool[] expected) =>
        Assert.Equal(expected, new[] { Role.Operator, Role.DataScientist, Role.ClinicianReviewer, Role.Compliance, Role.Auditor }.Select(role => RolePermissions.Has(role, permission)));

    [Fact]
    public void A_role_without_the_permission_is_refused() => Refused("role", Person(Role.DataScientist), Permission.ReadRisk);

    [Theory]
    [InlineData("HMARKT")]
    [InlineData("HPAYMT")]
    [InlineData("treat")]
    public void A_purpose_that_is_none_of_ours_is_refused(string purpose) =>
        Refused("purpose", Person(Role.BedsideClinician) with { Purpose = purpose }, Permission.ReadRisk);

    [Fact]
    public void A_patient_is_not_looked_at_for_operations() =>
        Refused("purpose", Person(Role.BedsideClinician) with { Purpose = Purposes.Operations }, Permission.ReadRisk);

    [Fact]
    public void A_sender_acts_for_its_own_source()
    {
        var sender = new Caller("sender:a", "sender:a", "a", [Role.Sender], Purposes.Treatment) { Source = "a" };
        Allowed(sender, Permission.Notify, new SourceName("a"));
        Refused("source", sender, Permission.Notify, new SourceName("b"));
    }

    [Fact]
    public void A_scoped_token_needs_every_scope_of_what_it_touches()
    {
        var app = new Caller("client:app", "client:app", "app", [Role.ClinicalApp], Purposes.Treatment) { Scopes = ["system/RiskAssessment.rs", "system/Observation.r"] };
        ScopeNeed risk = new("RiskAssessment", Interactions.Read), observation = new("Observation", Interactions.Read), patient = new("Patient", Interactions.Read);
        Allowed(app, Permission.ReadRisk, needs: [risk, observation]);
        Refused("scope", app, Permission.ReadRisk, needs: [risk, patient]);
        Refused("scope", app with { Scopes = [] }, Permission.ReadRisk, needs: [risk]);
    }

    [Fact]
    public void A_scoped_token_never_does_what_no_scope_expresses() =>
        Refused("scope", Person(Role.Operator) with { Scopes = ["system/*.*"] }, Permission.Halt);

    [Fact]
    public void Somebody_at_the_bedside_sees_the_patients_of_their_units()
    {
        var nurse = Person(Role.BedsideClinician) with { Units = ["icu"] };
        Assert.IsType<AccessDecision.Allowed>(AccessPolicy.OfPatient(nurse, Anna, "icu"));
        Assert.Equal("unit", Code(AccessPolicy.OfPatient(nurse, Anna, "ed")));
        Assert.Equal("unit", Code(AccessPolicy.OfPatient(nurse, Anna, null)));
        Assert.Equal("unit", Code(AccessPolicy.OfPatient(nurse with { Units = [] }, Anna, "icu")));
    }

    [Fact]
    public void Broken_glass_opens_one_patient_and_no_other()
    {
        var officer = Person(Role.Compliance) with { Purpose = Purposes.BreakGlass, Glass = BreakGlassScope.Of(Anna) };
        Allowed(officer, Permission.ReadRisk);
        Refused("role", officer, Permission.ReadQuarantine);
        Refused("glass", officer with { Glass = null }, Permission.ReadRisk);
        Refused("role", officer with { Roles = [Role.DataScientist] }, Permission.ReadRisk);
        Assert.IsType<AccessDecision.Allowed>(AccessPolicy.OfPatient(officer, Anna, null));
        Assert.Equal("glass", Code(AccessPolicy.OfPatient(officer, Bert, "icu")));
    }

    [Fact]
    public void Broken_glass_does_not_widen_what_is_done_for_another_purpose() =>
        Refused("role", Person(Role.Compliance) with { Glass = BreakGlassScope.Of(Anna) }, Permission.ReadRisk);

    private static Caller Person(Role role) => new("p-1", "p-1", "Doctor One", [role], Purposes.UsualFor([role]));

    private static void Allowed(Caller caller, Permission permission, SourceName? source = null, params ScopeNeed[] needs) =>
        Assert.IsType<AccessDecision.Allowed>(AccessPolicy.Decide(caller, new AccessQuestion(permission) { Source = source, Needs = [.. needs] }));

    private static void Refused(string code, Caller caller, Permission permission, SourceName? source = null, params ScopeNeed[] needs) =>
        Assert.Equal(code, Code(AccessPolicy.Decide(caller, new AccessQuestion(permission) { Source = source, Needs = [.. needs] })));

    private static string Code(AccessDecision decision) => Assert.IsType<AccessDecision.Refused>(decision).Code;
}
