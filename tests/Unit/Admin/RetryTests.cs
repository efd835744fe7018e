using HealthMLOps.Hosting;

namespace HealthMLOps.Tests.Unit.Admin;

public sealed class RetryTests : IDisposable
{
    private readonly AnOperator _operator = new();

    public void Dispose() => _operator.Dispose();

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_busy_server_is_asked_again_when_it_said(int status)
    {
        var asked = 0;
        await using var silo = await StubSilo.Start(_ => ++asked == 1 ? new Reply(status, "", RetryAfter: "7") : Reply.Json("{}"));
        Assert.Equal(ExitCode.Done, await _operator.Types(silo.Address, "status"));
        Assert.Equal([TimeSpan.FromSeconds(7)], _operator.Clock.Waits);
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_given_up_after_the_last_try()
    {
        await using var silo = await StubSilo.Start(_ => new Reply(503, """{"detail":"Starting."}""", RetryAfter: "1"));
        Assert.Equal(ExitCode.Refused, await _operator.Types(silo.Address, "status"));
        Assert.Equal(Retries.TriesMax, silo.Asked.Count);
        Assert.Contains("Starting.", _operator.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_waits_for_an_absent_server_as_long_as_patience_lasts()
    {
        _operator.Keeps("Patient.ndjson", "{\"resourceType\":\"Patient\"}\n");
        Assert.Equal(ExitCode.Unreachable, await _operator.Types("http://127.0.0.1:1", "import", _operator.Data, "--patience", "20"));
        Assert.Equal(20, _operator.Clock.Waits.Sum(wait => wait.TotalSeconds));
    }

    [Fact]
    public void A_server_that_asks_for_an_hour_gets_a_minute() =>
        Assert.Equal(Retries.RetryAfterMax, Retries.Impatient.AfterBusy(triesMade: 1, TimeSpan.Zero, TimeSpan.FromHours(1)));
}
