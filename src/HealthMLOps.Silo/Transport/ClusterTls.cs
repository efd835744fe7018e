using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Orleans.Runtime.Messaging;

namespace HealthMLOps.Transport;

/// <summary>Puts mutual TLS 1.3 under the connections of one side: both ends prove that they are silos of this cluster before a byte of Orleans passes.</summary>
/// <param name="side">Which side this silo is.</param>
/// <param name="own">This silo's certificate.</param>
/// <param name="trust">Who else is a silo.</param>
/// <param name="logger">Told of refusals.</param>
public sealed partial class ClusterTls(PeerSide side, CertificateFiles own, ClusterTrust trust, ILogger<ClusterTls> logger) : IConnectionMiddleware
{
    /// <summary>A peer that has not finished its handshake by then is cut off.</summary>
    public static readonly TimeSpan HandshakeTimeMax = TimeSpan.FromSeconds(5);

    /// <summary>Sent as the server's name; the role in the certificate decides, not this.</summary>
    private const string Name = "silo.healthml.internal";

    public async Task OnConnectionAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var bare = context.Transport;
        await using var tls = new SslStream(new PipeStream(bare));
        if (!await Greet(tls, context)) return; // Not calling on ends the connection.
        context.Transport = new Encrypted(PipeReader.Create(tls, new StreamPipeReaderOptions(leaveOpen: true)), PipeWriter.Create(tls, new StreamPipeWriterOptions(leaveOpen: true)));
        try { await next(context); }
        finally
        {
            await context.Transport.Input.CompleteAsync();
            await context.Transport.Output.CompleteAsync();
            context.Transport = bare;
        }
    }

    private async Task<bool> Greet(SslStream tls, ConnectionContext connection)
    {
        string? refusal = null;
        bool Accepts(object sender, X509Certificate? peer, X509Chain? sent, SslPolicyErrors errors)
        {
            refusal = trust.Refusal(peer as X509Certificate2, sent?.ChainPolicy.ExtraStore, side == PeerSide.Calling ? PeerSide.Accepting : PeerSide.Calling);
            return refusal is null;
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed);
        patience.CancelAfter(HandshakeTimeMax);
        try
        {
            if (side == PeerSide.Accepting) await tls.AuthenticateAsServerAsync(Accepting(Accepts), patience.Token);
            else await tls.AuthenticateAsClientAsync(Calling(Accepts), patience.Token);
            return true;
        }
        catch (Exception failed) when (failed is AuthenticationException or IOException or OperationCanceledException)
        {
            Refused(side, connection.RemoteEndPoint?.ToString(), refusal ?? (failed is OperationCanceledException ? "no handshake in time" : failed.Message));
            // A caller must learn at once that there is no connection; who is called just hangs up.
            if (side == PeerSide.Calling) throw new ConnectionAbortedException($"The silo at {connection.RemoteEndPoint} was refused: {refusal ?? failed.Message}.", failed);
            return false;
        }
    }

    private SslServerAuthenticationOptions Accepting(RemoteCertificateValidationCallback accepts) => new()
    {
        ServerCertificateContext = own.Current(), ClientCertificateRequired = true, RemoteCertificateValidationCallback = accepts,
        EnabledSslProtocols = SslProtocols.Tls13, AllowTlsResume = false, // Each connection is judged by the authorities of its own time.
    };

    private SslClientAuthenticationOptions Calling(RemoteCertificateValidationCallback accepts) => new()
    {
        TargetHost = Name, ClientCertificateContext = own.Current(), RemoteCertificateValidationCallback = accepts,
        EnabledSslProtocols = SslProtocols.Tls13, AllowTlsResume = false,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a silo connection as its {Side} side, peer {Peer}: {Reason}")]
    private partial void Refused(PeerSide side, string? peer, string reason);

    private sealed record Encrypted(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
