using System.Net;
using System.Security.Cryptography.X509Certificates;
using HealthMLOps.Tests.Shared;

namespace HealthMLOps.Tests.EndToEnd.Processes;

/// <summary>A silo as operators run it.</summary>
public sealed class SiloProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private SiloProcess(Site site, int port, WallClock? clock, string[] more, X509Certificate2? authority = null)
    {
        (Site, Port) = (site, port);
        Address = new Uri($"{(authority is null ? "http" : "https")}://127.0.0.1:{port}");
        string[] database = site.Connection is { } connection ? ["--postgres", connection] : [];
        _process = ChildProcess.Start("HealthMLOps.Silo",
            ["serve", "--data", site.Data, "--config", site.Config, "--urls", Address.OriginalString, "--unvalidated", .. database, .. more], clock?.Environment);
        (Clock, More, Http) = (clock, more, Client(Address, authority));
    }

    public Site Site { get; }

    public int Port { get; }

    public Uri Address { get; }

    /// <summary>What it was told at start beside folders, address and database.</summary>
    public string[] More { get; }

    /// <summary>Its wall clock where that is not the machine's; whoever made it disposes it.</summary>
    public WallClock? Clock { get; }

    /// <summary>A client without any credential.</summary>
    public HttpClient Http { get; }

    /// <summary>All that it has logged so far.</summary>
    public string Log => _process.Said + _process.Complained;

    public bool HasEnded => _process.HasEnded;

    /// <summary>Starts a silo and waits until it says that it is ready.</summary>
    public static Task<SiloProcess> Start(Site site, int port, params string[] more) => Start(site, port, null, more);

    /// <summary>As <see cref="Start(Site, int, string[])"/>, with a wall clock of its own.</summary>
    public static Task<SiloProcess> Start(Site site, int port, WallClock? clock, params string[] more) => Started(new SiloProcess(site, port, clock, more));

    /// <summary>Starts a silo that speaks https, with a certificate of this authority.</summary>
    public static Task<SiloProcess> StartSecure(Site site, X509Certificate2 authority, params string[] more) => Started(new SiloProcess(site, Ports.Free(), null, more, authority));

    /// <summary>Starts a silo and waits for nothing.</summary>
    public static SiloProcess Launch(Site site, int port, params string[] more) => new(site, port, null, more);

    private static async Task<SiloProcess> Started(SiloProcess silo)
    {
        try
        {
            await silo.Ready();
            return silo;
        }
        catch (Exception failure)
        {
            await silo.DisposeAsync();
            throw new InvalidOperationException($"The silo did not become ready: {failure.Message}\n{silo.Log}", failure);
        }
    }

    /// <summary>Starts a silo that is expected to refuse, and waits for its end.</summary>
    /// <returns>Exit code and what it said.</returns>
    public static async Task<(int ExitCode, string Said)> Refused(Site site, params string[] more)
    {
        await using var silo = new SiloProcess(site, Ports.Free(), null, more);
        var code = await silo._process.Ended();
        return (code, silo.Log);
    }

    /// <summary>SIGKILL, then a new process on the same port and data.</summary>
    public async Task<SiloProcess> KilledAndStartedAgain()
    {
        await DisposeAsync();
        return await Start(Site, Port, Clock, More);
    }

    public void Pause() => _process.Pause();

    public void Resume() => _process.Resume();

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> Stop() => _process.Stop();

    public Task<int> Ended() => _process.Ended();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private Task Ready() => Until.Holds($"the silo on port {Port} is ready", async () =>
    {
        if (_process.HasEnded) throw new InvalidOperationException($"The silo ended at its start: {Log}");
        try
        {
            using var answer = await Http.GetAsync("/health/ready");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception absent) when (absent is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    });

    private static HttpClient Client(Uri address, X509Certificate2? authority)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (authority is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        }
        return new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }
}
