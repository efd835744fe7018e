using System.Text.Json;
using HealthMLOps.Hosting;

namespace HealthMLOps.Tests.Unit.Admin;

public sealed class AdminCommandTests : IDisposable
{
    private readonly AnOperator _operator = new();

    public void Dispose() => _operator.Dispose();

    [Fact]
    public async Task Json_output_is_the_servers_document_and_nothing_else()
    {
        await using var silo = await StubSilo.Start(_ => Reply.Json("""{"silos":[{"name":"a"}],"log":{"position":7}}"""));
        Assert.Equal(ExitCode.Done, await _operator.Types(silo.Address, "status", "--output", "json"));
        Assert.Equal("""{"silos":[{"name":"a"}],"log":{"position":7}}""", _operator.Out.TrimEnd());
    }

    [Fact]
    public async Task The_credential_goes_into_the_header_and_nowhere_else()
    {
        await using var silo = await StubSilo.Start(_ => Reply.Json("{}"));
        await _operator.Types(silo.Address, "status");
        Assert.Equal("Bearer " + AnOperator.Secret, silo.Asked.Single().Authorization);
        Assert.DoesNotContain(AnOperator.Secret, _operator.Out + _operator.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_shows_the_problems_detail_and_ends_with_1()
    {
        await using var silo = await StubSilo.Start(_ => new Reply(404, """{"title":"Not found","detail":"No run 'x'."}""", "application/problem+json"));
        Assert.Equal(ExitCode.Refused, await _operator.Types(silo.Address, "runs", "show", "x"));
        Assert.Equal("healthml: No run 'x'. (404 NotFound)", _operator.Error.TrimEnd());
        Assert.Empty(_operator.Out);
    }

    [Fact]
    public async Task A_refusal_shows_the_outcomes_diagnostics()
    {
        await using var silo = await StubSilo.Start(_ => new Reply(422,
            """{"resourceType":"OperationOutcome","issue":[{"severity":"error","diagnostics":"No subject."}]}""", "application/fhir+json"));
        await _operator.Types(silo.Address, "sources", "list");
        Assert.Equal("healthml: No subject. (422 UnprocessableEntity)", _operator.Error.TrimEnd());
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_credential_that_is_not_enough_ends_with_4(int status)
    {
        await using var silo = await StubSilo.Start(_ => new Reply(status, ""));
        Assert.Equal(ExitCode.NotAuthorised, await _operator.Types(silo.Address, "status"));
    }

    [Fact]
    public async Task A_missing_credential_file_ends_with_4()
    {
        Assert.Equal(ExitCode.NotAuthorised, await _operator.Types("http://127.0.0.1:1", "status", "--credential-file", "/nowhere/credential"));
    }

    [Fact]
    public async Task A_server_that_is_away_ends_with_3() =>
        Assert.Equal(ExitCode.Unreachable, await _operator.Types("http://127.0.0.1:1", "status"));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("imports")]
    [InlineData("train")]
    [InlineData("status --output yaml")]
    [InlineData("status --server ftp://x")]
    [InlineData("models register")]
    [InlineData("models register --package a --digest b")]
    [InlineData("quarantine replay")]
    [InlineData("quarantine replay 7 --all")]
    [InlineData("patients history 1 --count 0")]
    public async Task Wrong_use_ends_with_2_and_nothing_on_standard_output(string words)
    {
        Assert.Equal(ExitCode.Usage, await _operator.Types("http://127.0.0.1:1", words.Split(' ')));
        Assert.Empty(_operator.Out);
    }

    [Fact]
    public async Task Help_names_the_exit_codes_and_each_verbs_example()
    {
        Assert.Equal(ExitCode.Done, await _operator.Types("http://127.0.0.1:1", "--help"));
        Assert.Equal(ExitCode.Done, await _operator.Types("http://127.0.0.1:1", "train", "--help"));
        Assert.Contains("5  a verification found a mismatch", _operator.Out, StringComparison.Ordinal);
        Assert.Contains("healthml train --set", _operator.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replaying_everything_without_yes_asks_and_so_does_nothing_in_a_script()
    {
        await using var silo = await StubSilo.Start(_ => Reply.Json("{}"));
        Assert.Equal(ExitCode.Usage, await _operator.Types(silo.Address, "quarantine", "replay", "--all"));
        Assert.Empty(silo.Asked);
    }

    [Fact]
    public async Task Replaying_everything_for_one_reason_says_so_to_the_server()
    {
        await using var silo = await StubSilo.Start(_ => Reply.Json("{}"));
        await _operator.Types(silo.Address, "quarantine", "replay", "--all", "--reason", "unknown unit", "--yes");
        Assert.Equal(("POST", "/api/v1/quarantine/replay", "?reason=unknown%20unit"),
            (silo.Asked.Single().Method, silo.Asked.Single().Path, silo.Asked.Single().Query));
    }

    [Theory]
    [InlineData(0, ExitCode.Done)]
    [InlineData(2, ExitCode.Mismatch)]
    public async Task A_replay_that_differs_ends_with_5(int mismatches, int exitCode)
    {
        await using var silo = await StubSilo.Start(_ => Reply.Json(
            $$"""{"patients":3,"predictions":9,"mismatches":{{mismatches}},"examples":[],"seconds":1.5}"""));
        Assert.Equal(exitCode, await _operator.Types(silo.Address, "verify", "replay", "--output", "json"));
        Assert.Equal(mismatches, JsonDocument.Parse(_operator.Out).RootElement.GetProperty("mismatches").GetInt32());
    }

    [Fact]
    public async Task A_patients_id_is_escaped_in_the_path()
    {
        await using var silo = await StubSilo.Start(_ => Reply.Json("""{"noScore":{"reason":"StaleData","detail":"Newest input is too old."}}"""));
        Assert.Equal(ExitCode.Done, await _operator.Types(silo.Address, "patients", "risk", "a/b?c", "--model", "deterioration"));
        Assert.Equal("?model=deterioration", silo.Asked.Single().Query);
        Assert.Equal("/api/v1/patients/a%2Fb%3Fc/risk", silo.Asked.Single().Path);
        Assert.Contains("Newest input is too old.", _operator.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_risk_lists_the_largest_contributions_first()
    {
        await using var silo = await StubSilo.Start(_ => Reply.Json("""
            {"model":"deterioration","version":3,"ring":"production","score":0.71,"threshold":0.4,"band":"high","label":"deterioration-24h",
             "asOf":"2026-03-01T08:00:00Z","validUntil":"2026-03-01T08:05:00Z",
             "contributions":[{"feature":"age","contribution":0.1},{"feature":"lactate","contribution":-0.9}]}
            """));
        await _operator.Types(silo.Address, "patients", "risk", "1042");
        Assert.Contains("0.71", _operator.Out, StringComparison.Ordinal);
        Assert.True(_operator.Out.IndexOf("lactate", StringComparison.Ordinal) < _operator.Out.IndexOf("age  ", StringComparison.Ordinal), _operator.Out);
    }

    [Fact]
    public async Task Text_from_records_cannot_steer_the_terminal()
    {
        await using var silo = await StubSilo.Start(_ => Reply.Json("""[{"name":"evil\u001b[2J","enabled":true}]"""));
        await _operator.Types(silo.Address, "sources", "list");
        Assert.DoesNotContain('\u001b', _operator.Out);
    }
}
