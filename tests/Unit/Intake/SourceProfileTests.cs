using HealthMLOps.Clinical;
using HealthMLOps.Intake;
using NJsonSchema;

namespace HealthMLOps.Tests.Unit.Intake;

public sealed class SourceProfileTests
{
    [Fact]
    public async Task The_shipped_default_source_keeps_its_schema_and_is_enabled()
    {
        var json = RepositoryFiles.Config("sources", "general-hospital.json");
        var schema = await JsonSchema.FromJsonAsync(RepositoryFiles.Config("sources", "source.schema.json"), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(json));
        var source = SourceProfile.Read(json);
        Assert.True(source.Enabled);
        Assert.Equal("general-hospital", source.Name.Value);
    }

    [Theory]
    [InlineData("""{"name":"A B","enabled":true,"timeZone":"Etc/UTC"}""", "A B")]
    [InlineData("""{"name":"a","enabled":true,"timeZone":"Mars/North"}""", "Mars/North")]
    [InlineData("""{"name":"a","enabled":true,"timeZone":"Etc/UTC","unitAliases":{"x":"furlong"}}""", "furlong")]
    [InlineData("""{"name":"a","enabled":true,"timeZone":"Etc/UTC","notificationSecrets":["hunter2"]}""", "references")]
    [InlineData("""{"name":"a","enabled":true,"timeZone":"Etc/UTC","fhirBase":"ftp://x"}""", "http")]
    [InlineData("""{"name":"a","enabled":true,"timeZone":"Etc/UTC","localCodes":{"HR":"8867-4"}}""", "system|code")]
    public void A_broken_source_is_refused_and_says_what_is_allowed(string json, string said)
    {
        var message = Assert.Throws<InvalidConfiguration>(() => SourceProfile.Read(json)).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }
}
