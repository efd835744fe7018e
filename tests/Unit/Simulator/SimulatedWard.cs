using HealthMLOps.Simulation.History;
using HealthMLOps.Simulation.Wards;

namespace HealthMLOps.Tests.Unit.Simulator;

/// <summary>Lives that several tests look at.</summary>
internal static class SimulatedWard
{
    public static readonly DateTimeOffset Until = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static HistoryOptions Options(int patients, ulong seed = 7) =>
        new(new DirectoryInfo(Path.Combine(Path.GetTempPath(), "healthml-sim-" + Guid.NewGuid().ToString("N"))), patients, 365, seed, Until, Packing.Plain);

    public static PatientLife[] Lives(int patients, ulong seed = 7) =>
        [.. Enumerable.Range(0, patients).AsParallel().AsOrdered().Select(number => HistoryExport.Past(Options(patients, seed), number))];
}
