using System.Threading.Channels;

namespace HealthMLOps.Storage;

/// <summary>What waits for the next commit, bounded in count and in bytes.</summary>
internal sealed class LogQueue(LogLimits limits)
{
    private readonly Channel<LogRequest> _channel = Channel.CreateBounded<LogRequest>(
        new BoundedChannelOptions(limits.QueueCountMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _bytes;
    private long _tickets;

    /// <summary>The newest ticket given out.</summary>
    public long LastTicket => Volatile.Read(ref _tickets);

    /// <exception cref="LogBusy">The queue is full, or the log is closing.</exception>
    public void Enter(LogRequest request)
    {
        if (!TryEnter(request, limits.QueueBytesMax))
            throw new LogBusy($"The event log has {_channel.Reader.Count} requests with {Volatile.Read(ref _bytes)} bytes waiting; it takes up to {limits.QueueCountMax} and {limits.QueueBytesMax} bytes.", limits.RetryAfter);
    }

    /// <summary>Enters what may be dropped: only while the queue is less than half full.</summary>
    public void EnterIfQuiet(LogRequest request)
    {
        if (_channel.Reader.Count < limits.QueueCountMax / 2) TryEnter(request, limits.QueueBytesMax / 2);
    }

    /// <summary>Waits for requests and takes one batch; null when the queue is closed and empty.</summary>
    public async ValueTask<List<LogRequest>?> NextBatch()
    {
        if (!await _channel.Reader.WaitToReadAsync()) return null;
        var batch = new List<LogRequest>();
        long bytes = 0;
        while (batch.Count < limits.BatchCountMax && bytes < limits.BatchBytesMax && _channel.Reader.TryRead(out var request))
        {
            bytes += request.Bytes;
            batch.Add(request);
        }
        Interlocked.Add(ref _bytes, -bytes);
        return batch;
    }

    /// <summary>Takes no more; what waits is still handed out.</summary>
    public void Close() => _channel.Writer.TryComplete();

    private bool TryEnter(LogRequest request, long bytesMax)
    {
        var before = Interlocked.Add(ref _bytes, request.Bytes) - request.Bytes;
        // A request larger than the limit is let in when nothing else waits, or it could never be.
        var fits = before == 0 || before + request.Bytes <= bytesMax;
        request.Ticket = Interlocked.Increment(ref _tickets);
        if (fits && _channel.Writer.TryWrite(request)) return true;
        Interlocked.Add(ref _bytes, -request.Bytes);
        return false;
    }
}
