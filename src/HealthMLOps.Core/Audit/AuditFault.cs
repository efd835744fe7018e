namespace HealthMLOps.Audit;

/// <summary>The first thing that is wrong with a record.</summary>
/// <param name="Check">Which check failed: "format", "order", "digest", "chain", "root", "signature", "fork", "cut".</param>
/// <param name="Entry">The first bad entry's leaf, or the earliest that can be; null where the fault is in no entry.</param>
/// <param name="Line">The line of the file, from 1.</param>
/// <param name="Detail">What is wrong: thing, actual, expected.</param>
public sealed record AuditFault(string Check, long? Entry, long Line, string Detail);
