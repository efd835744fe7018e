using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Orleans.Configuration;

namespace HealthMLOps.Transport;

/// <summary>Puts TLS under HTTP and between the silos, as the settings say.</summary>
public static class TransportHosting
{
    private const string Web = "web";
    private const string Cluster = "cluster";

    /// <summary>The certificates that are configured. A silo whose certificate can't be used must not start: <see cref="OpenCertificates"/>.</summary>
    public static IServiceCollection AddTransport(this IServiceCollection services, TransportSettings settings)
    {
        if (settings is { TlsCertificate: { } certificate, TlsKey: { } key }) services.AddKeyedSingleton(Web, (provider, _) => Files(provider, certificate, key));
        if (settings is not { ClusterCertificate: { } silo, ClusterKey: { } siloKey, ClusterCa: { } authority }) return services;
        return services.AddKeyedSingleton(Cluster, (provider, _) => Files(provider, silo, siloKey)).AddSingleton(_ => new ClusterTrust(authority));
    }

    /// <exception cref="Clinical.InvalidConfiguration">A certificate, key or authority can't be used.</exception>
    public static void OpenCertificates(this IServiceProvider services, TransportSettings settings)
    {
        if (settings.HasWebTls) _ = services.GetRequiredKeyedService<CertificateFiles>(Web);
        if (!settings.HasClusterTls) return;
        var (own, trust) = (services.GetRequiredKeyedService<CertificateFiles>(Cluster), services.GetRequiredService<ClusterTrust>());
        // What the other silos would refuse is better said here.
        foreach (var side in Enum.GetValues<PeerSide>())
            if (trust.Refusal(own.Current().TargetCertificate, [.. own.Current().IntermediateCertificates], side) is { } why)
                throw new Clinical.InvalidConfiguration($"The silo's own certificate '{settings.ClusterCertificate}' would be refused as the {side} side by the authorities in '{settings.ClusterCa}': {why}.");
    }

    /// <summary>TLS 1.2 or later on https addresses, with the certificate that the files hold at the time of each handshake.</summary>
    public static void UseTls(this KestrelServerOptions kestrel, TransportSettings settings)
    {
        if (!settings.HasWebTls) return;
        var files = kestrel.ApplicationServices.GetRequiredKeyedService<CertificateFiles>(Web);
        kestrel.ConfigureHttpsDefaults(https =>
        {
            https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            https.ServerCertificateSelector = (_, _) => files.Current().TargetCertificate;
            // The context sends the intermediates along, which the selector can't.
            https.OnAuthenticate = (_, options) => (options.ServerCertificateSelectionCallback, options.ServerCertificateContext) = (null, files.Current());
        });
    }

    /// <summary>Mutual TLS on every connection that a silo accepts or opens; the gateway, where one is open, takes silos only.</summary>
    public static void UseClusterTls(this ISiloBuilder silo, TransportSettings settings)
    {
        if (!settings.HasClusterTls) return;
        silo.Configure<SiloConnectionOptions>(connections =>
        {
            connections.ConfigureSiloInboundConnection(connection => connection.UseMiddleware(Tls(connection, PeerSide.Accepting)));
            connections.ConfigureSiloOutboundConnection(connection => connection.UseMiddleware(Tls(connection, PeerSide.Calling)));
            connections.ConfigureGatewayInboundConnection(connection => connection.UseMiddleware(Tls(connection, PeerSide.Accepting)));
        });
    }

    private static ClusterTls Tls(IConnectionBuilder connection, PeerSide side)
    {
        var services = connection.ApplicationServices;
        return new ClusterTls(side, services.GetRequiredKeyedService<CertificateFiles>(Cluster), services.GetRequiredService<ClusterTrust>(), services.GetRequiredService<ILogger<ClusterTls>>());
    }

    private static CertificateFiles Files(IServiceProvider services, string certificate, string key) =>
        new(certificate, key, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<CertificateFiles>>());
}
