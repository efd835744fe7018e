namespace HealthMLOps.Tests.Benchmarks;

/// <summary>How much each benchmark does.</summary>
/// <param name="Repeats">Runs of each; the table shows the median.</param>
/// <param name="ImportPatients">Patients of one import run, each with <see cref="AWard.ImportedEach"/> observations.</param>
/// <param name="LoadTime">How long clients send in one run.</param>
/// <param name="Warmup">How long they send before, unmeasured: compilation in tiers takes seconds.</param>
/// <param name="Loops">Repetitions inside a computation benchmark.</param>
internal sealed record RunSize(int Repeats, int ImportPatients, TimeSpan LoadTime, TimeSpan Warmup, int Loops)
{
    public static readonly RunSize Once = new(1, 30, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(1), 200);
    public static readonly RunSize Full = new(5, 250, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8), 5_000);
}
