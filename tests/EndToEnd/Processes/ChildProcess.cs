using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace HealthMLOps.Tests.EndToEnd.Processes;

/// <summary>A program of ours as a process of its own: what it says is kept, signals go to its id alone, and it is gone after disposal.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly StringBuilder _complained = new();
    private bool _disposed;

    private ChildProcess(Process process) => _process = process;

    /// <param name="program">Name of an executable beside the tests.</param>
    /// <param name="arguments">Each as it is; no shell reads them.</param>
    /// <param name="environment">Variables beside those of the tests.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, program))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var child = new ChildProcess(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Keep(child._said, line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Keep(child._complained, line.Data);
        child._process.Start();
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    public bool HasEnded => _process.HasExited;

    public string Said { get { lock (_said) return _said.ToString(); } }

    public string Complained { get { lock (_complained) return _complained.ToString(); } }

    public string? LastLine { get { lock (_said) return _said.ToString().TrimEnd('\n').Split('\n')[^1] is { Length: > 0 } line ? line : null; } }

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public async Task Kill()
    {
        Signal(9);
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it holds its sockets and locks, and does nothing.</summary>
    public void Pause() => Signal(19);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signal(18);

    /// <summary>SIGTERM; returns the exit code.</summary>
    public Task<int> Stop()
    {
        Signal(15);
        return Ended();
    }

    /// <summary>Waits for its own end and returns the exit code.</summary>
    public async Task<int> Ended(TimeSpan? patience = null)
    {
        using var deadline = new CancellationTokenSource(patience ?? Until.Patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        if (!_process.HasExited) await Kill();
        _process.Dispose();
    }

    private void Keep(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text) text.Append(line).Append('\n');
    }

    private void Signal(int number)
    {
        if (!_process.HasExited) _ = kill(_process.Id, number);
    }

#pragma warning disable CA5392, SYSLIB1054, IDE1006 // One call of the C library, by its own name.
    [DllImport("libc")]
    private static extern int kill(int process, int signal);
#pragma warning restore CA5392, SYSLIB1054, IDE1006
}
