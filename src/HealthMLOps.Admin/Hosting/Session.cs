namespace HealthMLOps.Hosting;

/// <summary>What one command works with: the server, the screen and the operator.</summary>
public sealed record Session(SiloClient Silo, Screen Screen, Terminal Terminal) : IDisposable
{
    /// <summary>Asks before an act that can't be taken back.</summary>
    /// <exception cref="CommandFailed">The operator said no, or there is nobody to ask.</exception>
    public void Confirm(string question, bool saidYes)
    {
        if (saidYes) return;
        if (!Terminal.IsInteractive) throw new CommandFailed(ExitCode.Usage, $"{question} Nobody is here to answer: repeat with --yes.");
        Terminal.Error.Write($"{question} [y/N] ");
        if (Terminal.In.ReadLine()?.Trim() is not ("y" or "Y" or "yes")) throw new CommandFailed(ExitCode.Refused, "Nothing was done.");
    }

    public void Dispose() => Silo.Dispose();
}
