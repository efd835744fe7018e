namespace HealthMLOps.Tests.Benchmarks;

/// <summary>The table, a line at a time, as Markdown.</summary>
internal sealed class Report
{
    private readonly TextWriter _out;

    public Report(TextWriter output)
    {
        _out = output;
        _out.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}");
        _out.WriteLine();
        _out.WriteLine("| what | median | range | unit |");
        _out.WriteLine("|---|---|---|---|");
    }

    /// <summary>Things that did not do what they should while they were measured.</summary>
    public int Failures { get; private set; }

    public void Line(string what, string unit, params IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        _out.WriteLine($"| {what} | {Shown(sorted[sorted.Count / 2])} | {(sorted.Count == 1 ? "" : $"{Shown(sorted[0])} - {Shown(sorted[^1])}")} | {unit} |");
        _out.Flush();
    }

    public void Note(string text) => _out.WriteLine($"| {text} | | | |");

    public void Require(bool holds, string what)
    {
        if (holds) return;
        Failures++;
        _out.WriteLine($"| FAILED: {what} | | | |");
    }

    private static string Shown(double value) => value >= 100 ? $"{value:N0}" : $"{value:G3}";
}
