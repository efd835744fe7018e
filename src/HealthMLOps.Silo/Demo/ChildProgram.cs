using System.Diagnostics;

namespace HealthMLOps.Demo;

/// <summary>A program that the demo starts beside the silo, and ends with it.</summary>
public sealed class ChildProgram : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Task _output;
    private readonly Task _errors;
    private string _lastError = "";

    private ChildProgram(Process process, Action<string> line)
    {
        _process = process;
        _output = Read(process.StandardOutput, line);
        _errors = Read(process.StandardError, text => _lastError = text);
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts one of the programs that the build puts beside the silo.</summary>
    /// <param name="folder">Its folder beside the silo's program.</param>
    /// <param name="name">Its executable.</param>
    /// <param name="line">Called for each line that it prints.</param>
    /// <param name="arguments">What it is told.</param>
    public static ChildProgram Start(string folder, string name, Action<string> line, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "programs", folder, name + ".dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return new ChildProgram(Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start."), line);
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="InvalidOperationException">It ended with a failure; the message carries the last line of its errors.</exception>
    public async Task Ended(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        await Task.WhenAll(_output, _errors);
        if (_process.ExitCode != 0)
            throw new InvalidOperationException($"{Path.GetFileNameWithoutExtension(_process.StartInfo.ArgumentList[0])} ended with {_process.ExitCode}: {_lastError}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            using var patience = new CancellationTokenSource(StopPatience);
            try { await _process.WaitForExitAsync(patience.Token); }
            catch (OperationCanceledException) { _process.Kill(entireProcessTree: true); }
        }
        _process.Dispose();
    }

    private static async Task Read(StreamReader reader, Action<string> line)
    {
        while (await reader.ReadLineAsync() is { } text) line(text);
    }
}
