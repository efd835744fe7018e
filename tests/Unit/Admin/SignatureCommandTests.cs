using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Tests.Unit.Admin;

public sealed class SignatureCommandTests : IDisposable
{
    private static readonly string[] Plan = ["--subject", "rollout-plan sepsis@3 canary", "--meaning", "approve"];

    private readonly AnOperator _operator = new();

    public void Dispose() => _operator.Dispose();

    [Fact]
    public async Task Signing_a_file_sends_its_digest_and_the_credential_given_again()
    {
        await using var silo = await StubSilo.Start(_ => Reply.Json("""{"id":"sig-1"}"""));
        var (plan, again) = (_operator.Keeps("plan.json", "abc"), _operator.Keeps("again", "hmo_again\n"));
        Assert.Equal(ExitCode.Done, await _operator.Types(silo.Address, ["signatures", "sign", "--file", plan, .. Plan, "--credential-again", again]));
        var sent = JsonNode.Parse(silo.Asked.Single().Text)!;
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", sent["digest"]!.GetValue<string>());
        Assert.Equal(("approve", "hmo_again"), (sent["meaning"]!.GetValue<string>(), sent["credential"]!.GetValue<string>()));
        Assert.DoesNotContain("hmo_again", _operator.Out + _operator.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_does_not_repeat_the_credential_signs_nothing()
    {
        await using var silo = await StubSilo.Start(_ => Reply.Json("{}"));
        Assert.Equal(ExitCode.Usage, await _operator.Types(silo.Address, ["signatures", "sign", "--digest", new string('0', 64), .. Plan]));
        Assert.Empty(silo.Asked);
    }
}
