using System.Collections.Immutable;
using HealthMLOps.Rings;

namespace HealthMLOps.Models;

/// <summary>Where this silo's leased copy of the plan hangs: swapped whole, read without waiting.</summary>
public sealed class PlanBoard
{
    private readonly Lock _gate = new();
    private volatile ServingPlan _current = ServingPlan.Empty;
    private volatile PublishedPlan _orders = PublishedPlan.Empty;
    private volatile HaltOrder[] _latched = [];
    private volatile PlanLease? _lease;

    /// <summary>Who may score here.</summary>
    public ServingPlan Current => _current;

    /// <summary>The placements and halts that this silo knows.</summary>
    public PublishedPlan Orders => _orders;

    /// <summary>Halts that reached this silo before the plan did.</summary>
    public ImmutableArray<HaltOrder> Latched => [.. _latched];

    /// <summary>Whether this silo may show a score at all at this moment.</summary>
    public bool IsLive => _lease is { IsLive: true };

    public void Post(ServingPlan plan) => _current = plan;

    /// <summary>Takes over a newer plan; an older one, read before and arriving late, changes nothing.</summary>
    /// <returns>Whether it was news.</returns>
    public bool Take(PublishedPlan orders)
    {
        lock (_gate)
        {
            if (orders.Epoch <= _orders.Epoch) return false;
            _orders = orders;
            _latched = [.. _latched.Where(l => orders.Halts.All(h => h.Id != l.Id && h.Scope != l.Scope) && !orders.Lifted.Contains(l.Id))];
            return true;
        }
    }

    /// <summary>A lease on the plan of that epoch. One on an older plan than this silo knows is worth nothing.</summary>
    public void Lease(PlanLease lease, long epoch)
    {
        lock (_gate)
            if (epoch >= _orders.Epoch) _lease = lease;
    }

    public void DropLease() => _lease = null;

    /// <summary>Stops here and now, whatever the database says.</summary>
    public void Latch(HaltOrder order)
    {
        lock (_gate)
            if (_latched.All(l => l.Id != order.Id) && _orders.Halts.All(h => h.Id != order.Id) && !_orders.Lifted.Contains(order.Id)) _latched = [.. _latched, order];
    }

    /// <summary>The halt that an answer falls under, or null.</summary>
    public HaltOrder? HaltOn(ModelVersion version, string? unit, string site, string channel) =>
        Array.Find(_latched, l => l.Scope.Covers(version, unit, site, channel)) ?? _orders.HaltOn(version, unit, site, channel);

    /// <summary>Whether the version is stopped everywhere, so that it need not even score.</summary>
    public bool IsStopped(ModelVersion version) => _latched.Concat(_orders.Halts).Any(h =>
        h.Scope.Kind is HaltKind.Global or HaltKind.Model or HaltKind.Version && h.Scope.Covers(version, null, "", ""));
}
