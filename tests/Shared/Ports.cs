using System.Net;
using System.Net.Sockets;

namespace HealthMLOps.Tests.Shared;

/// <summary>Ports of this machine.</summary>
public static class Ports
{
    /// <summary>A loopback port that nobody listened on a moment ago.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
