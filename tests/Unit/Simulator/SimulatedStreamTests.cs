using System.Text.Json;
using HealthMLOps.Simulation.Sending;

namespace HealthMLOps.Tests.Unit.Simulator;

public sealed class SimulatedStreamTests
{
    [Theory]
    [InlineData("Topic")]
    [InlineData("Classic")]
    [InlineData("Mixed")]
    public async Task Every_event_arrives_in_spite_of_a_busy_receiver(string mode)
    {
        await using var receiver = await BusyReceiver.Open();
        var record = new FileInfo(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".ndjson"));
        Tally tally;
        using (var stream = new LiveStream(Options(receiver, record) with { Mode = Enum.Parse<SendMode>(mode) }, TextWriter.Null))
        {
            await stream.Run(TestContext.Current.CancellationToken);
            tally = stream.Tally;
        }

        Assert.True(tally.Sent > 500, $"Only {tally.Sent} events were sent.");
        Assert.Equal(tally.Sent, tally.Acked);
        Assert.Equal(0, tally.Failed);
        Assert.True(tally.Retried > 0);
        Assert.Empty(receiver.Unauthorised);
        Assert.Equal(receiver.Accepted.Keys.Order(StringComparer.Ordinal), Recorded(record).Order(StringComparer.Ordinal));
        Assert.Empty(await File.ReadAllLinesAsync(record.FullName + ".unacknowledged", TestContext.Current.CancellationToken));
        if (mode != "Classic")
        {
            Assert.Equal("handshake", receiver.Kinds.First());
            Assert.Equal(receiver.EventNumbers.Count, receiver.EventNumbers.Keys.Max());
        }
        record.Delete();
        File.Delete(record.FullName + ".unacknowledged");
    }

    [Fact]
    public async Task A_spent_budget_ends_the_run_and_leaves_what_was_not_acknowledged_on_record()
    {
        await using var receiver = await BusyReceiver.Open();
        var record = new FileInfo(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".ndjson"));
        Tally tally;
        using (var stream = new LiveStream(Options(receiver, record) with { RequestsMax = 12, Until = null, Rate = 0 }, TextWriter.Null))
        {
            await stream.Run(TestContext.Current.CancellationToken);
            tally = stream.Tally;
        }

        Assert.Equal(12, tally.Requests);
        var unacknowledged = await File.ReadAllLinesAsync(record.FullName + ".unacknowledged", TestContext.Current.CancellationToken);
        Assert.Equal(tally.Sent, tally.Acked + unacknowledged.Length);
        Assert.Equal(tally.Acked, Recorded(record).Length);
        record.Delete();
        File.Delete(record.FullName + ".unacknowledged");
    }

    private static StreamOptions Options(BusyReceiver receiver, FileInfo record) => new()
    {
        To = receiver.Address, Source = "general-hospital", Secret = "open-sesame", Seed = 5, Patients = 6,
        Start = SimulatedWard.Until, Until = SimulatedWard.Until.AddHours(12), Rate = 0, Record = record,
    };

    private static string[] Recorded(FileInfo record) => [.. File.ReadLines(record.FullName).Select(line =>
    {
        using var one = JsonDocument.Parse(line);
        return $"{one.RootElement.GetProperty("type").GetString()}/{one.RootElement.GetProperty("id").GetString()}/{one.RootElement.GetProperty("versionId").GetString()}";
    })];
}
