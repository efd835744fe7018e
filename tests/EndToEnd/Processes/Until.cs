namespace HealthMLOps.Tests.EndToEnd.Processes;

/// <summary>Waits for a real process to get somewhere: asks again and again, up to a deadline.</summary>
public static class Until
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <exception cref="TimeoutException">The deadline passed; the message says what was waited for.</exception>
    public static async Task Holds(string what, Func<Task<bool>> condition, TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? Patience);
        while (!await condition())
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"Not within {(patience ?? Patience).TotalSeconds} s: {what}.");
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    public static Task Holds(string what, Func<bool> condition, TimeSpan? patience = null) =>
        Holds(what, () => Task.FromResult(condition()), patience);
}
