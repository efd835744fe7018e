namespace HealthMLOps.Simulation.Sending;

/// <summary>One HTTP request to be made until it is answered.</summary>
/// <param name="Path">Relative to the runtime's base address.</param>
internal sealed record Parcel(HttpMethod Method, string Path, ParcelKind Kind, ReadOnlyMemory<byte> Body, IReadOnlyList<ChartEvent> Events);

internal enum ParcelKind { Handshake, Heartbeat, Notification, Put, Batch }
