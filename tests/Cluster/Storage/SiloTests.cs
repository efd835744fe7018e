using System.Net;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace HealthMLOps.Tests.Cluster.Storage;

/// <summary>A control grain as the house builds them: a state, a reminder, a key of <see cref="ControlKey"/>.</summary>
[Alias("storage-test-tally")]
public interface ITallyGrain : IGrainWithStringKey
{
    [Alias("add")] Task<int> Add(int amount);
    [Alias("wake")] Task WakeDaily();
    [Alias("wakes")] Task<bool> Wakes();
    [Alias("forget")] Task Forget();
}

[GenerateSerializer, Alias("storage-test-tally-state")]
public sealed class Tally
{
    [Id(0)] public int Sum { get; set; }
}

public sealed class TallyGrain([PersistentState("storage-test-tally")] IPersistentState<Tally> state) : Grain, ITallyGrain, IRemindable
{
    public async Task<int> Add(int amount)
    {
        state.State.Sum += amount;
        await state.WriteStateAsync();
        return state.State.Sum;
    }

    public async Task WakeDaily() => await this.RegisterOrUpdateReminder("daily", TimeSpan.FromDays(1), TimeSpan.FromDays(1));

    public async Task<bool> Wakes() => await this.GetReminder("daily") is not null;

    public async Task Forget()
    {
        if (await this.GetReminder("daily") is { } daily) await this.UnregisterReminder(daily);
        await state.ClearStateAsync();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}

public sealed class SiloTests(Stores stores)
{
    private static readonly string Key = ControlKey.Of("tally", "{sepsis}/20235");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task What_control_grains_wrote_survives_a_restart(StorageProvider provider)
    {
        var options = await stores.Empty(provider);
        using (var silo = await Start(options))
        {
            var grains = silo.Services.GetRequiredService<IGrainFactory>();
            Assert.Equal(3, await grains.GetGrain<ITallyGrain>(Key).Add(3));
            Assert.Equal(7, await grains.GetGrain<ITallyGrain>(Key).Add(4));
            await grains.GetGrain<ITallyGrain>(Key).WakeDaily();
            await silo.StopAsync(Stop);
        }

        using var later = await Start(options);
        var tally = later.Services.GetRequiredService<IGrainFactory>().GetGrain<ITallyGrain>(Key);
        Assert.True(await tally.Wakes());
        Assert.Equal(12, await tally.Add(5));
        await tally.Forget();
        Assert.False(await tally.Wakes());
        Assert.Equal(1, await tally.Add(1));
        await later.StopAsync(Stop);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_silo_appends_as_a_writer_of_its_own_address(StorageProvider provider)
    {
        using var silo = await Start(await stores.Empty(provider));
        var log = silo.Services.GetRequiredService<IEventLog>();

        A.Committed(await log.Append(A.Turn(1, 1)));

        var address = silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();
        Assert.Equal(new WriterState(log.Writer, address, 1, Fenced: false), Assert.Single(await log.Writers(Stop)));
        await silo.StopAsync(Stop);
    }

    [Fact]
    public async Task Two_silos_join_over_PostgreSQL()
    {
        var options = await stores.Empty(StorageProvider.Postgres);
        using var first = await Start(options);
        using var second = await Start(options);

        var management = first.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);

        Assert.Equal(2, (await management.GetHosts(onlyActive: true, Stop)).Count);
        await second.StopAsync(Stop);
        await first.StopAsync(Stop);
    }

    [Fact]
    public async Task A_second_process_is_refused_the_data_folder_by_name()
    {
        var options = await stores.Empty(StorageProvider.Sqlite);
        using (EmbeddedLock.Take(options.DataFolder))
        {
            var refusal = Assert.Throws<StorageUnusable>(() => EmbeddedLock.Take(options.DataFolder));
            Assert.Contains(options.DataFolder, refusal.Message, StringComparison.Ordinal);
        }
        EmbeddedLock.Take(options.DataFolder).Dispose();
    }

    private static async Task<IHost> Start(StorageOptions options)
    {
        var host = Host.CreateApplicationBuilder();
        host.Logging.SetMinimumLevel(LogLevel.Warning);
        host.UseOrleans(silo =>
        {
            if (options.Provider == StorageProvider.Sqlite) silo.UseLocalhostClustering(Ports.Free(), Ports.Free());
            else silo.ConfigureEndpoints(IPAddress.Loopback, Ports.Free(), Ports.Free());
            silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = ("healthml", "test"));
            silo.AddHealthMlStorage(options);
        });
        var built = host.Build();
        await built.StartAsync(Stop);
        return built;
    }
}
