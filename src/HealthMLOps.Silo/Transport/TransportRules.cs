using System.Net;
using HealthMLOps.Hosting;
using Npgsql;

namespace HealthMLOps.Transport;

/// <summary>What may not start: patient data and credentials that would cross a network readable.</summary>
public static class TransportRules
{
    /// <exception cref="ArgumentException">An address, the cluster or the database connection would be open to listeners, and nobody has allowed that.</exception>
    public static void Check(SiloSettings settings)
    {
        var (transport, addresses) = (settings.Transport, settings.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(BindingAddress.Parse).ToList());
        var secure = addresses.Where(address => address.Scheme == Uri.UriSchemeHttps).ToList();
        if (settings.Command == SiloCommand.Demo && (transport.HasWebTls || secure.Count > 0))
            throw new ArgumentException("The demo speaks plain http on this machine; --tls-certificate and https addresses are for 'serve'.");
        if (secure.Count > 0 && !transport.HasWebTls)
            throw new ArgumentException($"--urls names '{secure[0]}', which needs a certificate; --tls-certificate and --tls-key are not given.");
        if (transport.HasWebTls && secure.Count == 0)
            throw new ArgumentException($"--tls-certificate is given, but no address of --urls is https; got '{settings.Urls}'.");
        if (!transport.TlsProxy && addresses.Find(address => address.Scheme != Uri.UriSchemeHttps && !IsOfThisMachine(address)) is { } open)
            throw new ArgumentException(
                $"--urls names '{open}': plain http is allowed on this machine's own addresses (localhost, 127.0.0.1, [::1]). Give --tls-certificate and --tls-key and an https address, or --tls-proxy where a proxy in front speaks TLS.");
        CheckCluster(settings);
        CheckDatabase(settings);
    }

    /// <summary>The address at which other silos reach this one.</summary>
    public static IPAddress SiloAddress(SiloSettings settings) =>
        settings.AdvertisedAddress is { } named ? Dns.GetHostAddresses(named)[0] : IPAddress.Loopback;

    private static void CheckCluster(SiloSettings settings)
    {
        if (settings.PostgresConnection is null || settings.Transport.HasClusterTls || settings.Transport.ClusterPlain || IPAddress.IsLoopback(SiloAddress(settings))) return;
        throw new ArgumentException(
            $"Silos that reach this one at '{settings.AdvertisedAddress}' exchange patient data: --cluster-certificate, --cluster-key and --cluster-ca are not given. Give them ('healthml certificates' makes a set for a trial), or --cluster-plain where the network between the silos is encrypted otherwise.");
    }

    private static void CheckDatabase(SiloSettings settings)
    {
        if (settings.PostgresConnection is null || settings.Transport.PostgresPlain) return;
        var connection = new NpgsqlConnectionStringBuilder(settings.PostgresConnection);
        if (connection.SslMode is SslMode.VerifyCA or SslMode.VerifyFull) return;
        var hosts = (connection.Host ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Array.Find(hosts, host => !IsDatabaseOfThisMachine(host)) is { } far)
            throw new ArgumentException(
                $"--postgres names the host '{far}' with SSL Mode={connection.SslMode}: patient data and the password could be read or redirected on the way. Allowed are SSL Mode=VerifyFull or VerifyCA in the connection string, a database on this machine (localhost, 127.0.0.1, ::1, a Unix socket), or --postgres-plain where the network to the database is encrypted otherwise.");
    }

    /// <summary>Npgsql takes a Unix socket by its folder, or by '@' and its abstract name; otherwise a host may carry a port.</summary>
    private static bool IsDatabaseOfThisMachine(string host) => host is ['/' or '@', ..]
        || (IPEndPoint.TryParse(host, out var numbered) ? IPAddress.IsLoopback(numbered.Address) : host.Split(':')[0].Equals("localhost", StringComparison.OrdinalIgnoreCase));

    private static bool IsOfThisMachine(BindingAddress address) => address.IsUnixPipe
        || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var number) && IPAddress.IsLoopback(number));
}
