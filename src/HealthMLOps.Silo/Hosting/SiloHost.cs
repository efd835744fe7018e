using System.Net;
using System.Security.Cryptography;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Demo;
using HealthMLOps.Features;
using HealthMLOps.Intake;
using HealthMLOps.Models;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;
using HealthMLOps.Rings;
using HealthMLOps.Signatures;
using HealthMLOps.Storage;
using HealthMLOps.Training;
using HealthMLOps.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Orleans.Configuration;
using Prometheus;
using Serilog;

namespace HealthMLOps.Hosting;

/// <summary>Builds one silo: Orleans and HTTP in one process, over the embedded database or PostgreSQL.</summary>
public static class SiloHost
{
    /// <summary>Largest request body; larger ones are refused with 413.</summary>
    public const long BodyBytesMax = 64 << 20;

    private const int PortMin = 15_000;
    private const int PortMax = 32_000;

    /// <summary>Runs a production silo until it is told to stop.</summary>
    public static async Task<int> Serve(SiloSettings settings)
    {
        DemoFolder.RefuseForServing(settings.DataFolder);
        await using var app = await Build(settings, new ClinicalClock(TimeProvider.System));
        await app.RunAsync();
        return 0;
    }

    /// <summary>Opens storage, checks policy and keys, and puts the silo together. Nothing listens yet.</summary>
    /// <param name="settings">What the operator asked for.</param>
    /// <param name="clock">The ward's time.</param>
    /// <param name="replace">Puts other parts in place of ours: a measurement leaves one out to know what it costs. The product passes none.</param>
    public static async Task<WebApplication> Build(SiloSettings settings, ClinicalClock clock, Action<IServiceCollection>? replace = null)
    {
        TransportRules.Check(settings);
        Directory.CreateDirectory(settings.DataFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var policy = await PolicyFolder.Open(settings.ConfigFolder);
        var sources = SourceBook.Read(policy);
        var rootKey = Convert.FromBase64String(SecretFiles.ReadOrCreate(
            Path.Combine(settings.DataFolder, "keys", "identity"), () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(IdentityKeys.KeyBytes))));
        var storage = new StorageOptions
        {
            Provider = settings.PostgresConnection is null ? StorageProvider.Sqlite : StorageProvider.Postgres,
            DataFolder = settings.DataFolder,
            ConnectionString = settings.PostgresConnection,
            RootKey = rootKey,
        };

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = [], ContentRootPath = AppContext.BaseDirectory });
        builder.Host.UseSerilog((_, log) => SiloLogs.Configure(log, settings), writeToProviders: false);
        builder.WebHost.UseUrls(settings.Urls.Split(';')).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            kestrel.UseTls(settings.Transport);
        });
        // The thread that looked at the lease last also hands the bytes to the kernel: an answer must not wait in a queue between
        // the two, where a pause of this machine would keep it until after a halt.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.UseOrleans(silo => Silo(silo, settings, storage));

        var services = builder.Services;
        services.AddSingleton(settings).AddSingleton(policy).AddSingleton(sources).AddSingleton(clock).AddSingleton<Readiness>();
        services.AddSingleton(new IdentityKeys(rootKey));
        services.AddSingleton(Credentials.Read(settings.DataFolder, sources.Secrets, Environment.GetEnvironmentVariable));
        services.AddSingleton(ConceptCatalog.Read(policy.Read("codes").Single(f => f.Name == "codes/concepts.json").Json));
        services.AddSingleton<System.Diagnostics.DistributedContextPropagator, QuietPropagator>();
        services.AddSingleton<FeatureLibrary>();
        services.AddPatients().AddModels().AddTraining().AddIntake().AddAudit().AddSignatures().AddRings();
        services.AddAccess(policy).AddTransport(settings.Transport);
        services.AddSingleton<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>(new Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider()); // No cookie outlives the process.
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, IdentityGuard>();
        services.AddHostedService<ReadyWatch>().AddHostedService<FenceWatch>();
        services.AddOpenApi();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(45));

        replace?.Invoke(services);
        var app = builder.Build();
        app.Services.OpenCertificates(settings.Transport);
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<FailureAnswers>();
        app.UseMiddleware<KnownMethods>();
        app.UseRouting();
        app.UseHttpMetrics();
        app.UseAccess();
        app.UseOrleansDashboard();
        app.MapHealth(settings);
        app.MapOpenApi("/openapi/{documentName}.json").Requires(Permission.Public);
        app.MapAccess();
        app.MapIntake();
        app.MapPatients();
        app.MapErasures();
        app.MapKeys();
        app.MapVerifications();
        app.MapRiskAssessment();
        app.MapCapabilities();
        app.MapModels();
        app.MapTraining();
        app.MapAudit();
        app.MapAuditEvents();
        app.MapSignatures();
        app.MapRings();
        app.MapStatus();
        app.MapDashboard();
        _ = app.Services.GetRequiredService<RingBook>();
        _ = app.Services.GetRequiredService<FeatureLibrary>(); // Policy errors end the start, not the first request.
        return app;
    }

    private static void Silo(ISiloBuilder silo, SiloSettings settings, StorageOptions storage)
    {
        silo.AddHealthMlStorage(storage);
        silo.AddGrainService<PlanPost>();
        silo.AddOrleansDashboard();
        silo.UseClusterTls(settings.Transport);
        if (storage.Provider == StorageProvider.Sqlite)
        {
            silo.UseLocalhostClustering(settings.SiloPort == 0 ? FreePort() : settings.SiloPort, gatewayPort: 0);
            return;
        }
        silo.ConfigureEndpoints(TransportRules.SiloAddress(settings), settings.SiloPort == 0 ? FreePort() : settings.SiloPort, gatewayPort: 0, listenOnAnyHostAddress: settings.AdvertisedAddress is not null);
        silo.Configure<ClusterMembershipOptions>(membership => membership.ProbeTimeout = settings.ProbeTimeout);
    }

    /// <remarks>Below the range from which outgoing connections take theirs, so that none takes it between this look and the silo's start.</remarks>
    private static int FreePort()
    {
        while (true)
        {
            using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, Random.Shared.Next(PortMin, PortMax));
            try { probe.Start(); }
            catch (System.Net.Sockets.SocketException) { continue; } // Somebody listens there.
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
    }
}
