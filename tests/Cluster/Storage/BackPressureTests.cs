using HealthMLOps.Storage;

namespace HealthMLOps.Tests.Cluster.Storage;

public sealed class BackPressureTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public Task A_queue_full_by_count_says_when_to_come_back(StorageProvider provider) =>
        RefusesWhileBlocked(provider, new LogLimits { QueueCountMax = 10, BatchCountMax = 1, RetryAfter = TimeSpan.FromSeconds(3) });

    [Theory, MemberData(nameof(Both))]
    public Task A_queue_full_by_bytes_says_when_to_come_back(StorageProvider provider) =>
        RefusesWhileBlocked(provider, new LogLimits { QueueBytesMax = 2000, BatchCountMax = 1, RetryAfter = TimeSpan.FromSeconds(3) });

    private async Task RefusesWhileBlocked(StorageProvider provider, LogLimits limits)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog("log", limits);
        await using var blocker = await store.Database.Source.OpenConnectionAsync(Stop);
        await using var block = await blocker.BeginTransactionAsync(Stop);
        await using var hold = blocker.CreateCommand();
        hold.Transaction = block;
        hold.CommandText = "UPDATE writers SET payload_bytes = 0";
        await hold.ExecuteNonQueryAsync(Stop);

        var taken = new List<Task<AppendResult>>();
        var refusal = await Assert.ThrowsAsync<LogBusy>(() =>
        {
            for (var patient = 1; patient < 1000; patient++) taken.Add(log.Append(A.Turn(patient, 1)));
            return Task.CompletedTask;
        });
        Assert.Equal(TimeSpan.FromSeconds(3), refusal.RetryAfter);
        Assert.InRange(taken.Count, 1, 20);

        await block.CommitAsync(Stop);
        Assert.Equal(Enumerable.Range(1, taken.Count).Select(n => (long)n), (await Task.WhenAll(taken)).Select(A.Committed));
    }
}
