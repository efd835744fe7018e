using System.Net;
using System.Net.Sockets;

namespace HealthMLOps.Tests.EndToEnd.Processes;

/// <summary>A wire between a program and a server that can be cut: while it is, bytes wait and nobody is told, as in a partitioned network.</summary>
public sealed class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _to;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _whole = Closed();

    public Wire(int to)
    {
        _to = to;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = Accept();
    }

    public int Port { get; }

    public void Cut() => _whole = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Mend() => _whole.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Mend();
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        while (!_end.IsCancellationRequested)
        {
            TcpClient near;
            try { near = await _listener.AcceptTcpClientAsync(_end.Token); }
            catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException) { return; }
            _ = Carry(near);
        }
    }

    private async Task Carry(TcpClient near)
    {
        using var here = near;
        using var far = new TcpClient();
        try
        {
            near.NoDelay = far.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, _to, _end.Token);
            await Task.WhenAny(Pump(near.GetStream(), far.GetStream()), Pump(far.GetStream(), near.GetStream()));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or IOException) { } // An end hung up: so does the wire.
    }

    private async Task Pump(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await from.ReadAsync(buffer, _end.Token)) > 0)
        {
            await _whole.Task;
            await to.WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }

    private static TaskCompletionSource Closed()
    {
        var whole = new TaskCompletionSource();
        whole.SetResult();
        return whole;
    }
}
