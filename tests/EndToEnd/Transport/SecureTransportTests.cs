using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Charts;
using HealthMLOps.Tests.EndToEnd.Processes;
using HealthMLOps.Tests.Shared;
using Npgsql;

namespace HealthMLOps.Tests.EndToEnd.Transport;

/// <summary>Real silos over TLS: https towards clients, mutual TLS among themselves.</summary>
public sealed class SecureTransportTests(Sites sites)
{
    private const int Patients = 8;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_admin_client_reaches_a_silo_over_https_by_its_authority_alone_and_the_certificate_is_exchanged_under_way()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        using var authority = new ACertificateAuthority(site.Folder, "hospital");
        using var other = new ACertificateAuthority(site.Folder, "other");
        var (certificate, key) = authority.Issue("web", role: null);
        await using var silo = await SiloProcess.StartSecure(site, authority.Own, "--tls-certificate", certificate, "--tls-key", key);

        Assert.Equal("https", silo.Address.Scheme);
        await HealthmlProcess.Run(silo, "status", "--ca", authority.File);
        Assert.Equal((3, true), await Fails(silo, "status"));
        Assert.Equal((3, true), await Fails(silo, "status", "--ca", other.File));
        using var answer = await silo.Http.GetAsync(new Uri("/health/live", UriKind.Relative), Stop);
        Assert.StartsWith("max-age=", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")), StringComparison.Ordinal);

        var before = await Serial(silo.Port, authority.Own);
        authority.Issue("web", role: null);
        Assert.NotEqual(before, await Serial(silo.Port, authority.Own));
    }

    [Fact]
    public async Task Silos_of_one_authority_are_one_cluster_and_everybody_else_stays_outside()
    {
        using var site = await sites.Fresh(StorageProvider.Postgres);
        var folder = Path.Combine(site.Folder, "certificates");
        await HealthmlProcess.Alone("certificates", "authority", "--out", folder);
        string[] Member(string name) =>
            ["--cluster-certificate", Path.Combine(folder, name + ".pem"), "--cluster-key", Path.Combine(folder, name + ".key"), "--cluster-ca", Path.Combine(folder, "ca.pem")];
        foreach (var name in (string[])["one", "two"]) await HealthmlProcess.Alone("certificates", "silo", name, "--authority", folder, "--out", folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "one.key")));

        var port = Ports.Free();
        await using var one = await SiloProcess.Start(site, Ports.Free(), ["--silo-port", Text(port), .. Member("one")]);
        await using var two = await site.Start(Member("two"));
        var patients = Enumerable.Range(0, Patients).Select(_ => A.NewId("tls")).ToArray();
        await Served(one, two, patients, version: 1);
        Assert.Equal(2, await Active(site));

        // Who comes without TLS, or with another authority's certificate, is not let in.
        using var other = new ACertificateAuthority(site.Folder, "other");
        var (foreign, foreignKey) = other.Issue("foreign");
        await using (var plain = SiloProcess.Launch(site, Ports.Free(), "--silo-port", Text(Ports.Free())))
        await using (var stranger = SiloProcess.Launch(site, Ports.Free(), "--silo-port", Text(Ports.Free()), "--cluster-certificate", foreign, "--cluster-key", foreignKey, "--cluster-ca", other.File))
        {
            await Until.Holds("both were refused", () => Refusals(one, two).Count(r => r.Contains("as its Accepting side", StringComparison.Ordinal)) >= 2
                && Refusals(one, two).Any(r => r.Contains("UntrustedRoot", StringComparison.Ordinal) || r.Contains("PartialChain", StringComparison.Ordinal)));
            await Served(one, two, patients, version: 2);
            Assert.Equal(2, await Active(site));
            Assert.False(await IsReady(plain) || await IsReady(stranger));
        }

        // The right authority alone is not enough: the certificate must name the silo's role.
        await HealthmlProcess.Alone("certificates", "server", "web", "--host", "127.0.0.1", "--authority", folder, "--out", folder);
        using var web = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "web.pem"), Path.Combine(folder, "web.key"));
        Assert.False(await IsLetIn(port, web));
        Assert.False(await IsLetIn(port, null));
        var (code, said) = await SiloProcess.Refused(site, Member("web"));
        Assert.Equal(2, code);
        Assert.Contains("would be refused", said, StringComparison.Ordinal);
        using var silo = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "two.pem"), Path.Combine(folder, "two.key"));
        Assert.True(await IsLetIn(port, silo));
        await Served(one, two, patients, version: 3);
    }

    [Fact]
    public async Task A_silo_that_would_listen_readable_for_others_does_not_start()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        var (code, said) = await SiloProcess.Refused(site, "--urls", "http://0.0.0.0:0");
        Assert.Equal(2, code);
        Assert.Contains("plain http is allowed on this machine's own addresses", said, StringComparison.Ordinal);
    }

    /// <summary>Each patient is written through one silo and read through the other, whichever of them holds the grain.</summary>
    private static async Task Served(SiloProcess one, SiloProcess two, string[] patients, int version)
    {
        foreach (var patient in patients)
        {
            var answer = await new Caller(one, one.Site.Owner).Put(A.Pulse(patient + "-pulse", patient, 60 + version, A.Morning, version));
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.Text);
            Assert.Equal(version, (await new Caller(two, two.Site.Owner).History(patient)).Count);
        }
    }

    private static async Task<long> Active(Site site)
    {
        await using var source = NpgsqlDataSource.Create(site.Connection!);
        await using var command = source.CreateCommand("SELECT count(*) FROM membership WHERE status = 3");
        return (long)(await command.ExecuteScalarAsync(Stop))!;
    }

    private static IEnumerable<string> Refusals(params SiloProcess[] silos) =>
        silos.SelectMany(s => s.Log.Split('\n')).Where(line => line.Contains("Refused a silo connection", StringComparison.Ordinal));

    private static async Task<bool> IsReady(SiloProcess silo)
    {
        try { return (await silo.Http.GetAsync(new Uri("/health/ready", UriKind.Relative), Stop)).IsSuccessStatusCode; }
        catch (HttpRequestException) { return false; }
    }

    /// <summary>Whether a silo's port keeps a connection open after the handshake with this certificate: it then speaks first.</summary>
    private static async Task<bool> IsLetIn(int port, X509Certificate2? certificate)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Stop);
        await using var tls = new SslStream(client.GetStream(), false, (_, shown, _, _) => shown is not null);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "silo", ClientCertificates = certificate is null ? null : [certificate], EnabledSslProtocols = SslProtocols.Tls13,
            }, Stop);
            return await tls.ReadAsync(new byte[1], Stop) == 1;
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException) { return false; }
    }

    private static async Task<string> Serial(int port, X509Certificate2 authority)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Stop);
        await using var tls = new SslStream(client.GetStream());
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = policy }, Stop);
        return tls.RemoteCertificate!.GetSerialNumberString();
    }

    private static async Task<(int Code, bool NamesTheAuthority)> Fails(SiloProcess silo, params string[] arguments)
    {
        await using var command = HealthmlProcess.Start(silo, arguments);
        var code = await command.Ended();
        return (code, command.Notes.Contains("--ca", StringComparison.Ordinal));
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
