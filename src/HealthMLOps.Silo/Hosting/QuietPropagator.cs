using System.Diagnostics;

namespace HealthMLOps.Hosting;

/// <summary>Takes a caller's trace number and nothing else of their trace: <c>tracestate</c> and <c>baggage</c> are free text, which would stand in each span of ours and travel on to whoever we call.</summary>
public sealed class QuietPropagator : DistributedContextPropagator
{
    private readonly DistributedContextPropagator _numbers = CreateW3CPropagator();

    public override IReadOnlyCollection<string> Fields => _numbers.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => _numbers.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        _numbers.ExtractTraceIdAndState(carrier, getter, out traceId, out _);
        traceState = null;
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
