using System.CommandLine;
using HealthMLOps.Simulation.Commands;

namespace HealthMLOps.Simulation;

/// <summary>A synthetic hospital's EHR on the command line.</summary>
internal static class SimulatorProgram
{
    private static Task<int> Main(string[] arguments)
    {
        var root = new RootCommand("A synthetic hospital's EHR: past stays as files, live wards as notifications.")
        {
            HistoryCommand.Create(), StreamCommand.Create(),
        };
        return root.Parse(arguments).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
    }
}
