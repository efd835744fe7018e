using System.Globalization;
using HealthMLOps.Tests.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var size = args is ["--once"] ? RunSize.Once
    : args is [] ? RunSize.Full
    : throw new ArgumentException("Usage: HealthMLOps.Tests.Benchmarks [--once]   (--once: each benchmark once and small; otherwise medians of full runs)");
var report = new Report(Console.Out);
Console.SetOut(TextWriter.Null); // The silo's log has no place in the table.

ReaderBenchmark.Run(size, report);
TimelineBenchmark.Run(size, report);
await ImportBenchmark.Run(size, report);
await ServingBenchmark.Run(size, report);
return report.Failures == 0 ? 0 : 1;
