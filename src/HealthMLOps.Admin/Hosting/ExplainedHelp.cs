using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace HealthMLOps.Hosting;

/// <summary>The usual help, with a verb's example below it, or the exit codes at the root.</summary>
public sealed class ExplainedHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is Verb verb) output.WriteLine($"Example:\n  {verb.Example}\n");
        else if (parseResult.CommandResult.Command is RootCommand) output.WriteLine(ExitCode.Explanation + "\n");
        return ExitCode.Done;
    }
}
