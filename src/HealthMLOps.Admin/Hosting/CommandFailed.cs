namespace HealthMLOps.Hosting;

/// <summary>The command ends here, with a sentence for the operator and an exit code for the script.</summary>
public sealed class CommandFailed(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="Hosting.ExitCode"/>, never 0.</summary>
    public int ExitCode { get; } = exitCode;
}
