using System.Diagnostics.CodeAnalysis;
using Serilog.Core;
using Serilog.Events;

namespace HealthMLOps.Hosting;

/// <summary>A log's <c>{@x}</c> gives the name of x's type and none of its members, whatever x is: what identifies can't be told from what does not.</summary>
public sealed class NothingTakenApart : IDestructuringPolicy
{
    public bool TryDestructure(object value, ILogEventPropertyValueFactory propertyValueFactory, [NotNullWhen(true)] out LogEventPropertyValue? result)
    {
        result = new ScalarValue($"[{value.GetType().Name}]");
        return true;
    }
}
