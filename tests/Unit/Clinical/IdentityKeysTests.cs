using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Tests.Unit.Clinical;

public sealed class IdentityKeysTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void A_sealed_id_opens_to_itself_whatever_its_length(string id)
    {
        using var keys = new IdentityKeys(new byte[IdentityKeys.KeyBytes]);
        var source = new SourceName("clinic");
        var sealedId = keys.Seal(source, "Observation", id);
        Assert.Equal(new EhrId(source, "Observation", id), keys.Open(keys.Resource(source, "Observation", id), sealedId));
        Assert.Equal(sealedId, keys.Seal(keys.Resource(source, "Observation", id), source, "Observation", id));
    }
}
