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

    /// <summary>The operator's credential a second time, as a signature needs it.</summary>
    /// <param name="file">A file that holds it; null = it is asked for.</param>
    /// <exception cref="CommandFailed">There is neither a file nor somebody to ask.</exception>
    public Credential CredentialAgain(string? file)
    {
        if (file is not null) return Credential.Read(file);
        if (!Terminal.IsInteractive) throw new CommandFailed(ExitCode.Usage, "A signature needs your credential a second time: name its file with --credential-again.");
        Terminal.Error.Write("Your credential, to sign: ");
        return Credential.Of(Terminal.In.ReadLine() ?? "", "What was typed");
    }

    public void Dispose() => Silo.Dispose();
}
