namespace HealthMLOps.Tests.Unit;

public sealed class HouseTests
{
    [Fact]
    public void A_model_version_is_written_name_at_number() => Assert.Equal("sepsis@3", new Models.ModelVersion("sepsis", 3).ToString());
}
