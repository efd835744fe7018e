namespace HealthMLOps.Audit;

/// <summary>The record is not what it was: an entry, the tree or a checkpoint has been changed, removed or rolled back behind our back.</summary>
[GenerateSerializer, Alias("record-broken")]
public sealed class RecordBroken(string message) : Exception(message);
