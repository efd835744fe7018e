using System.Data.Common;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>The log's one writing loop: takes what waits, commits it as one transaction, tells each caller.</summary>
/// <remarks>
/// Invariant: the mark is the writer's row in the database, or null where a broken commit left that unknown; it is then read
/// back, behind that commit's lock, before anything else is written. No caller hears of success before its commit.
/// </remarks>
internal sealed class GroupCommit(WriterId writer, ILogDatabase database, LogLimits limits, TimeProvider clock)
{
    private readonly LogQueue _queue = new(limits);

    /// <summary>Patients that lost an append, and the newest request that can't have known: what they pipelined behind it is lost too.</summary>
    private readonly Dictionary<PatientKey, long> _lostUpTo = [];

    private readonly TaskCompletionSource _fenced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WriterMark? _mark = WriterMark.Start;
    private volatile Exception? _stopped;
    private Task _loop = Task.CompletedTask;

    /// <summary>Completes when a commit has found that this writer is fenced.</summary>
    public Task WhenFenced => _fenced.Task;

    public void Start() => _loop = Task.Run(Run);

    public Task<AppendResult> Append(PatientAppend append)
    {
        var request = new AppendRequest(append);
        Enter(request);
        return request.Done;
    }

    public Task Record(AuditAppend audit)
    {
        var request = new AuditRequest(audit);
        Enter(request);
        return request.Done;
    }

    public void Save(StoredSnapshot snapshot)
    {
        if (_stopped is null) _queue.EnterIfQuiet(new SnapshotRequest(snapshot));
    }

    /// <summary>Commits what waits, then ends.</summary>
    public async Task Stop()
    {
        _queue.Close();
        await _loop;
        _stopped ??= Closed();
    }

    private void Enter(LogRequest request)
    {
        // A fresh exception for each caller: one instance thrown by many would mix their stack traces.
        if (_stopped is { } reason) throw reason is WriterFenced ? Fenced() : Closed();
        _queue.Enter(request);
    }

    private async Task Run()
    {
        while (await _queue.NextBatch() is { } batch)
        {
            if (_stopped is not null)
            {
                Fail(batch, _stopped);
                continue;
            }
            try
            {
                await Commit(WithoutDoomed(batch));
            }
            catch (Exception bug)
            {
                // Nothing more may be written when the loop itself can't say what is stored.
                _stopped = bug;
                Fail(batch, bug);
            }
        }
    }

    private List<LogRequest> WithoutDoomed(List<LogRequest> batch)
    {
        if (_lostUpTo.Count == 0) return batch;
        var standing = new List<LogRequest>(batch.Count);
        foreach (var request in batch)
        {
            if (request is AppendRequest append && _lostUpTo.TryGetValue(append.Append.Patient, out var ticket) && request.Ticket <= ticket)
                append.Complete(new AppendResult.Lost());
            else
                standing.Add(request);
        }
        var newest = batch[^1].Ticket;
        foreach (var (patient, ticket) in _lostUpTo)
        {
            if (ticket <= newest) _lostUpTo.Remove(patient);
        }
        return standing;
    }

    private async Task Commit(List<LogRequest> requests)
    {
        LogBatch? inDoubt = null;
        for (var attempt = 1; requests.Count > 0;)
        {
            LogBatch? batch = null;
            try
            {
                if (_mark is null)
                {
                    var reading = await database.ReadBack(writer);
                    _mark = reading.Mark;
                    if (inDoubt is not null && inDoubt.Changes && _mark.IsAt(inDoubt.After)) { Complete(requests, inDoubt); return; }
                    if (reading.Fenced) { Fence(requests); return; }
                }
                batch = LogBatch.Of(writer, _mark, requests);
                switch (await database.TryCommit(batch))
                {
                    case CommitOutcome.Committed: Complete(requests, batch); return;
                    case CommitOutcome.Conflicts lost: requests = WithoutLost(requests, batch, lost.Sequences); break;
                    default: if (await IsFenced(batch)) { Fence(requests); return; } break;
                }
            }
            catch (Exception failure) when (database.IsRefusal(failure))
            {
                await CommitApart(requests, failure);
                return;
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or IOException)
            {
                _mark = null;
                inDoubt = batch ?? inDoubt;
                if (++attempt > limits.CommitAttemptsMax) { Fail(requests, Unconfirmed(failure)); return; }
                await Task.Delay(PauseBefore(attempt), clock);
            }
        }
    }

    /// <summary>Whether the row refused a batch because it is fenced. Any other reason means that somebody else writes as this writer.</summary>
    private async Task<bool> IsFenced(LogBatch batch)
    {
        _mark = null;
        var reading = await database.ReadBack(writer);
        if (reading.Fenced) return true;
        throw new InvalidOperationException(
            $"Writer {writer.Value} is at sequence {reading.Mark.Sequence} in the database but at {batch.Before.Sequence} here: another process writes under its number.");
    }

    /// <summary>The turns that lost, and what their patients appended behind them, are told so; the others go on.</summary>
    private List<LogRequest> WithoutLost(List<LogRequest> requests, LogBatch batch, IReadOnlySet<long> lost)
    {
        var newest = _queue.LastTicket;
        var standing = new List<LogRequest>(requests.Count);
        var sequence = batch.Before.Sequence;
        foreach (var request in requests)
        {
            if (request is AppendRequest append && (lost.Contains(++sequence) || _lostUpTo.ContainsKey(append.Append.Patient)))
            {
                _lostUpTo[append.Append.Patient] = newest;
                append.Complete(new AppendResult.Lost());
            }
            else
            {
                standing.Add(request);
            }
        }
        return standing;
    }

    /// <summary>Finds the request that the database refuses by halving, so that it costs its own caller only.</summary>
    private async Task CommitApart(List<LogRequest> requests, Exception refusal)
    {
        if (requests.Count == 1)
        {
            requests[0].Fail(refusal);
            return;
        }
        var half = requests.Count / 2;
        await Commit(requests[..half]);
        await Commit(requests[half..]);
    }

    private void Complete(List<LogRequest> requests, LogBatch batch)
    {
        _mark = batch.After;
        var sequence = batch.Before.Sequence;
        foreach (var request in requests)
        {
            if (request is AppendRequest append) append.Complete(new AppendResult.Committed(++sequence));
            else if (request is AuditRequest audit) audit.Complete();
        }
    }

    private void Fence(List<LogRequest> requests)
    {
        _stopped = Fenced();
        _fenced.TrySetResult();
        Fail(requests, _stopped);
    }

    private static void Fail(List<LogRequest> requests, Exception failure)
    {
        foreach (var request in requests) request.Fail(failure);
    }

    private TimeSpan PauseBefore(int attempt)
    {
        var pause = limits.RetryPause * Math.Pow(2, attempt - 2);
        return pause < limits.RetryPauseMax ? pause : limits.RetryPauseMax;
    }

    private WriterFenced Fenced() => new($"Writer {writer.Value} is fenced: a successor has taken over, and this process must not serve any more.");

    private LogUnavailable Closed() => new($"The log of writer {writer.Value} is closed.", _stopped);

    private LogUnavailable Unconfirmed(Exception failure) =>
        new($"The database did not confirm the append in {limits.CommitAttemptsMax} attempts; whether it is stored is unknown.", failure);
}
