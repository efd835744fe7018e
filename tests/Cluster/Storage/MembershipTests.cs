using System.Net;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace HealthMLOps.Tests.Cluster.Storage;

/// <summary>Our membership statements keep the contract of Orleans' ADO.NET provider, on both databases.</summary>
public sealed class MembershipTests(Stores stores)
{
    private static readonly DateTime Noon = A.Noon.UtcDateTime;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_silo_joins_once_and_only_on_the_version_that_it_has_read(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        using var host = Hosting(store.Options, store.Database);
        var table = await Table(host);
        var version = (await table.ReadAllAsync(Stop)).Version;
        Assert.Equal(0, version.Version);

        Assert.True(await table.InsertRowAsync(Member(1), version.Next(), Stop));
        Assert.False(await table.InsertRowAsync(Member(2), version.Next(), Stop));
        var after = (await table.ReadAllAsync(Stop)).Version;
        Assert.Equal(1, after.Version);
        Assert.False(await table.InsertRowAsync(Member(1), after.Next(), Stop));
        Assert.True(await table.InsertRowAsync(Member(2), after.Next(), Stop));

        var all = await table.ReadAllAsync(Stop);
        Assert.Equal((2, 2), (all.Version.Version, all.Members.Count));
        Assert.Equal(Member(2).SiloAddress, Assert.Single((await table.ReadRowAsync(Member(2).SiloAddress, Stop)).Members).Item1.SiloAddress);
        Assert.Empty((await table.ReadRowAsync(Member(3).SiloAddress, Stop)).Members);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_suspicion_is_noted_only_on_the_version_that_was_read(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        using var host = Hosting(store.Options, store.Database);
        var table = await Table(host);
        var first = (await table.ReadAllAsync(Stop)).Version;
        Assert.True(await table.InsertRowAsync(Member(1), first.Next(), Stop));
        var read = await table.ReadRowAsync(Member(1).SiloAddress, Stop);
        var (member, etag) = Assert.Single(read.Members);

        member.AddSuspector(Member(2).SiloAddress, Noon.AddSeconds(5));
        member.Status = SiloStatus.Dead;
        Assert.False(await table.UpdateRowAsync(member, etag, first.Next(), Stop));
        Assert.True(await table.UpdateRowAsync(member, etag, read.Version.Next(), Stop));
        Assert.False(await table.UpdateRowAsync(Member(9), etag, (await table.ReadAllAsync(Stop)).Version.Next(), Stop));

        var later = await table.ReadAllAsync(Stop);
        var dead = Assert.Single(later.Members).Item1;
        Assert.Equal((2, SiloStatus.Dead, Member(2).SiloAddress), (later.Version.Version, dead.Status, Assert.Single(dead.SuspectTimes ?? []).Item1));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_sign_of_life_moves_no_version_and_the_dead_are_cleared_away(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        using var host = Hosting(store.Options, store.Database);
        var table = await Table(host);
        Assert.True(await table.InsertRowAsync(Member(1), (await table.ReadAllAsync(Stop)).Version.Next(), Stop));
        var dead = Member(2);
        dead.Status = SiloStatus.Dead;
        Assert.True(await table.InsertRowAsync(dead, (await table.ReadAllAsync(Stop)).Version.Next(), Stop));

        var alive = Member(1);
        alive.IAmAliveTime = Noon.AddMinutes(3);
        await table.UpdateIAmAliveAsync(alive, Stop);
        await table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Noon.AddMinutes(2)), Stop);

        var all = await table.ReadAllAsync(Stop);
        var left = Assert.Single(all.Members).Item1;
        Assert.Equal((2, Member(1).SiloAddress, Noon.AddMinutes(3)), (all.Version.Version, left.SiloAddress, left.IAmAliveTime));
        await table.DeleteMembershipTableEntriesAsync(Cluster, Stop);
        var anew = await (await Table(host)).ReadAllAsync(Stop);
        Assert.Equal((0, 0), (anew.Version.Version, anew.Members.Count));
    }

    [Fact]
    public async Task Three_silos_of_one_machine_join_over_SQLite_and_see_one_leave()
    {
        await using var store = await stores.Fresh(StorageProvider.Sqlite);
        using var first = Hosting(store.Options, store.Database);
        using var second = Hosting(store.Options, store.Database);
        using var third = Hosting(store.Options, store.Database);
        foreach (var silo in (IHost[])[first, second, third]) await silo.StartAsync(Stop);

        var management = first.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        Assert.Equal(3, (await management.GetHosts(onlyActive: true, Stop)).Count);
        await third.StopAsync(Stop);
        Assert.Equal(2, (await management.GetHosts(onlyActive: true, Stop)).Count);
        await second.StopAsync(Stop);
        await first.StopAsync(Stop);
    }

    private const string Cluster = "test";

    private static async Task<IMembershipTable> Table(IHost host)
    {
        var table = host.Services.GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, Stop);
        return table;
    }

    private static MembershipEntry Member(int which) => new()
    {
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11110 + which), 7), HostName = "host", SiloName = $"silo-{which}",
        Status = SiloStatus.Active, ProxyPort = 30000 + which, StartTime = Noon, IAmAliveTime = Noon.AddMinutes(which == 1 ? 1 : 0), SuspectTimes = [],
    };

    private static IHost Hosting(StorageOptions options, Database database)
    {
        var host = Host.CreateApplicationBuilder();
        host.Logging.SetMinimumLevel(LogLevel.Warning);
        host.UseOrleans(silo => silo
            .ConfigureEndpoints(IPAddress.Loopback, Ports.Free(), Ports.Free())
            .Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = ("healthml", Cluster))
            .UseAdoNetClustering(clustering =>
            {
                clustering.Invariant = options.Provider == StorageProvider.Sqlite ? "System.Data.SQLite" : "Npgsql";
                clustering.DataSource = database.Source;
            }));
        return host.Build();
    }
}
