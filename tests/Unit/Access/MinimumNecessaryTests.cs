using HealthMLOps.Access;
using HealthMLOps.Features;
using HealthMLOps.Tests.Unit.Features;

namespace HealthMLOps.Tests.Unit.Access;

public sealed class MinimumNecessaryTests
{
    [Fact]
    public void The_shipped_deterioration_set_reads_vital_signs_laboratory_results_and_the_stay()
    {
        var scopes = MinimumNecessary.Of(Shipped("deterioration")).Select(need => need.ToScope("system")).ToList();
        Assert.Contains("system/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs", scopes);
        Assert.Contains("system/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory", scopes);
        Assert.Contains("system/Encounter.rs", scopes);
        Assert.Contains("system/Patient.rs", scopes);
        Assert.DoesNotContain(scopes, scope => scope.Contains("Condition", StringComparison.Ordinal) || scope.Contains("Medication", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_feature_of_each_shipped_set_has_a_need_and_each_need_is_a_scope_of_its_own()
    {
        foreach (var set in new[] { "deterioration", "icu-mortality-48h", "readmission" }.Select(Shipped))
        {
            var needs = MinimumNecessary.Of(set);
            Assert.All(set.Features, feature => Assert.NotEmpty(MinimumNecessary.OfFeature(feature)));
            foreach (var need in needs)
            {
                Assert.True(SmartScope.TryParse(need.ToScope("system"), out var scope));
                Assert.True(scope.Covers(need));
            }
        }
    }

    private static FeatureSet Shipped(string name) => FeatureSet.Read(RepositoryFiles.Config("features", name + ".json"), Sets.Catalog);
}
