using CsCheck;
using HealthMLOps.Access;

namespace HealthMLOps.Tests.Unit.Access;

public sealed class SmartScopeTests
{
    private const string VitalSigns = "?category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs";

    [Theory]
    [InlineData("system/Observation.rs", "Observation", Interactions.Read | Interactions.Search)]
    [InlineData("patient/Condition.c", "Condition", Interactions.Create)]
    [InlineData("user/*.cruds", "*", Interactions.All)]
    [InlineData("system/Observation.read", "Observation", Interactions.Read | Interactions.Search)]
    [InlineData("system/Observation.write", "Observation", Interactions.Create | Interactions.Update | Interactions.Delete)]
    [InlineData("system/*.*", "*", Interactions.All)]
    public void A_scope_is_read_in_either_version(string text, string type, Interactions interactions)
    {
        Assert.True(SmartScope.TryParse(text, out var scope));
        Assert.Equal((type, interactions, null), (scope.ResourceType, scope.Interactions, scope.Category));
    }

    [Theory]
    [InlineData("")]
    [InlineData("openid")]
    [InlineData("launch/patient")]
    [InlineData("system/observation.rs")]
    [InlineData("system/Observation")]
    [InlineData("system/Observation.")]
    [InlineData("system/Observation.sr")]
    [InlineData("system/Observation.rr")]
    [InlineData("system/Observation.x")]
    [InlineData("tenant/Observation.rs")]
    [InlineData("system/Observation.rs?code=1")]
    [InlineData("system/Observation.rs?category=vital-signs")]
    [InlineData("system/*.rs" + VitalSigns)]
    [InlineData("system/Observation.rs" + VitalSigns + "&code=1")]
    public void What_is_not_exactly_a_scope_that_we_honour_is_none(string text) => Assert.False(SmartScope.TryParse(text, out _));

    [Fact]
    public void A_scope_reads_back_from_its_own_words() =>
        Gen.Select(OneOf("system", "user", "patient"), OneOf("Observation", "Patient"), Gen.Int[1, 31], OneOf<string?>(null, "laboratory", "vital-signs"))
            .Sample((context, type, letters, category) =>
            {
                var scope = new SmartScope(context, type, (Interactions)letters, category);
                return SmartScope.TryParse(scope.ToString(), out var read) && read == scope;
            });

    [Fact]
    public void A_scope_narrowed_by_category_covers_that_category_alone()
    {
        var scopes = ScopeSet.Of(["system/Observation.rs" + VitalSigns]);
        Assert.True(scopes.Covers([new ScopeNeed("Observation", Interactions.Read, "vital-signs")]));
        Assert.False(scopes.Covers([new ScopeNeed("Observation", Interactions.Read, "laboratory")]));
        Assert.False(scopes.Covers([new ScopeNeed("Observation", Interactions.Read)]));
    }

    [Fact]
    public void A_token_gets_no_more_than_is_registered()
    {
        var registered = ScopeSet.Of(["system/Observation.rs", "system/Patient.r"]);
        Assert.Equal(["system/Observation.r", "system/Patient.r"],
            registered.Grantable(["system/Observation.r", "system/Patient.r", "system/Patient.rs", "system/*.r", "user/Observation.r", "openid"]).Select(s => s.ToString()));
    }

    [Fact]
    public void What_is_granted_covers_only_what_the_registration_covers()
    {
        var scope = Gen.Select(OneOf("Observation", "Patient", "*"), Gen.Int[1, 31], Gen.Bool)
            .Select((type, letters, narrowed) => new SmartScope("system", type, (Interactions)letters, narrowed && type != "*" ? "laboratory" : null).ToString());
        var need = Gen.Select(OneOf("Observation", "Patient", "Encounter"), Gen.Int[1, 31], OneOf<string?>(null, "laboratory", "vital-signs"))
            .Select((type, letters, category) => new ScopeNeed(type, (Interactions)letters, category));
        Gen.Select(scope.Array[0, 4], scope.Array[0, 4], need).Sample((registered, asked, one) =>
        {
            var granted = ScopeSet.Of(ScopeSet.Of(registered).Grantable(asked).Select(s => s.ToString()));
            return !granted.Covers([one]) || (ScopeSet.Of(registered).Covers([one]) && ScopeSet.Of(asked).Covers([one]));
        });
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(place => values[place]);
}
