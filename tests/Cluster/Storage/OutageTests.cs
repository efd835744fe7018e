using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Audit;
using HealthMLOps.Tests.Shared;

namespace HealthMLOps.Tests.Cluster.Storage;

public sealed class OutageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crash_of_the_database_under_load_neither_loses_nor_doubles_an_append()
    {
        await using var server = await PostgresServer.Start();
        await using var database = Database.Open(new StorageOptions { Provider = StorageProvider.Postgres, RootKey = A.RootKey, ConnectionString = await server.NewDatabase() });
        await Migrator.Apply(database, Stop);
        await using var log = new EventLog(database, new LogLimits { CommitAttemptsMax = 30, RetryPauseMax = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);
        await log.Open("silo", Stop);
        const int crashes = 3;

        var running = true;
        var callers = Enumerable.Range(1, 16).Select(patient => Task.Run(async () =>
        {
            var sequences = new List<long>();
            while (Volatile.Read(ref running)) sequences.Add(A.Committed(await log.Append(A.Turn(patient, sequences.Count + 1))));
            await log.Record(A.Access(patient));
            return sequences;
        }, Stop)).ToArray();
        for (var crash = 0; crash < crashes; crash++)
        {
            var before = (await log.Statistics(Stop)).Turns;
            await server.Halt();
            await server.Resume();
            A.Committed(await log.Append(A.Turn(1000, crash + 1)));
            Assert.True((await log.Statistics(Stop)).Turns > before);
        }
        Volatile.Write(ref running, false);
        var acknowledged = await Task.WhenAll(callers);

        var stored = await log.ReadAll(Stop).ToListAsync(Stop);
        Assert.Equal(acknowledged.Sum(a => a.Count) + crashes, stored.Count);
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored.Select(t => t.Sequence).Order());
        for (var patient = 1; patient <= 16; patient++)
            Assert.Equal(acknowledged[patient - 1], stored.Where(t => t.Patient == A.Patient(patient)).Select(t => t.Sequence));
        await Chains.Hold(database, log.Writer, 16);
    }

    [Fact]
    public async Task A_database_that_stays_away_is_said_so_and_the_log_goes_on_when_it_returns()
    {
        await using var server = await PostgresServer.Start();
        await using var database = Database.Open(new StorageOptions { Provider = StorageProvider.Postgres, RootKey = A.RootKey, ConnectionString = await server.NewDatabase() });
        await Migrator.Apply(database, Stop);
        await using var log = new EventLog(database, new LogLimits { CommitAttemptsMax = 2, RetryPause = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);
        await log.Open("silo", Stop);
        A.Committed(await log.Append(A.Turn(1, 1)));

        await server.Halt();
        var said = await Assert.ThrowsAsync<LogUnavailable>(() => log.Append(A.Turn(1, 2)));
        Assert.Contains("2 attempts", said.Message, StringComparison.Ordinal);

        await server.Resume();
        Assert.Equal(2, A.Committed(await log.Append(A.Turn(1, 2))));
    }
}
