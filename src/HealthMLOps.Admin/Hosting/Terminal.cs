namespace HealthMLOps.Hosting;

/// <summary>The operator's side: where output, questions, settings and time come from.</summary>
/// <param name="IsInteractive">A person can answer questions here.</param>
public sealed record Terminal(
    TextWriter Out, TextWriter Error, TextReader In, bool IsInteractive, Func<string, string?> Environment, TimeProvider Clock)
{
    public static Terminal OfProcess() => new(
        Console.Out, Console.Error, Console.In, !Console.IsInputRedirected && !Console.IsErrorRedirected,
        System.Environment.GetEnvironmentVariable, TimeProvider.System);
}
