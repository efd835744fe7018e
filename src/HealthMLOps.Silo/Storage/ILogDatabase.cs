namespace HealthMLOps.Storage;

/// <summary>What the log's one writing loop needs of a database. It is called by one caller at a time.</summary>
internal interface ILogDatabase : IAsyncDisposable
{
    /// <summary>Tries one transaction. Every outcome but <see cref="CommitOutcome.Committed"/> has left nothing behind; an exception has left that unknown, unless <see cref="IsRefusal"/>.</summary>
    Task<CommitOutcome> TryCommit(LogBatch batch);

    /// <summary>Waits until no former transaction of the writer can commit any more, and says how far it has come.</summary>
    Task<WriterReading> ReadBack(WriterId writer);

    /// <summary>The database has refused the content of a batch (not the batch as such), and rolled it back.</summary>
    bool IsRefusal(Exception failure);
}

internal sealed record WriterReading(WriterMark Mark, bool Fenced);

internal abstract record CommitOutcome
{
    private CommitOutcome() { }

    public sealed record Committed : CommitOutcome;

    /// <param name="Sequences">The turns, by the sequence they were given, whose (patient, number) is taken.</param>
    public sealed record Conflicts(IReadOnlySet<long> Sequences) : CommitOutcome;

    /// <summary>The writer's row is fenced or not where this batch expects it.</summary>
    public sealed record Refused : CommitOutcome;
}
