using System.Globalization;
using HealthMLOps.Tests.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var names = args.Where(a => a != "--once").ToList();
if (names.Exists(n => n is not ("reader" or "timeline" or "import" or "serving" or "audit" or "protection")))
    throw new ArgumentException("Usage: HealthMLOps.Tests.Benchmarks [--once] [reader] [timeline] [import] [serving] [audit] [protection]   (--once: each once and small; otherwise medians of full runs)");
bool Asked(string name) => names.Count == 0 || names.Contains(name);

var size = args.Contains("--once") ? RunSize.Once : RunSize.Full;
var report = new Report(Console.Out);
Console.SetOut(TextWriter.Null); // The silo's log has no place in the table.

if (Asked("reader")) ReaderBenchmark.Run(size, report);
if (Asked("timeline")) TimelineBenchmark.Run(size, report);
if (Asked("import")) await ImportBenchmark.Run(size, report);
if (Asked("serving")) await ServingBenchmark.Run(size, report);
if (Asked("audit")) await AuditBenchmark.Run(size, report);
if (Asked("protection")) await ProtectionBenchmark.Run(size, report);
return report.Failures == 0 ? 0 : 1;
