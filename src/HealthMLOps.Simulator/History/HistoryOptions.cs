namespace HealthMLOps.Simulation.History;

/// <summary>Which past to write.</summary>
/// <param name="Days">First admissions are spread over this many days before <paramref name="Until"/>.</param>
internal sealed record HistoryOptions(DirectoryInfo Folder, int Patients, int Days, ulong Seed, DateTimeOffset Until, Packing Packing);

internal enum Packing { Plain, Gzip }
