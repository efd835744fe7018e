namespace HealthMLOps.Clinical;

/// <summary>Where one version of a resource stands among the others: by <c>meta.lastUpdated</c>, then by version number, then by content.</summary>
/// <param name="LastUpdatedTicks">UTC ticks of <c>meta.lastUpdated</c>; of the arrival where neither it nor a version was sent; 0 where only a version was sent.</param>
/// <param name="Number">The integer <c>meta.versionId</c>, 0 where it is absent or no integer.</param>
/// <param name="ContentHash">Hash of the resource's JSON tokens: tells a repeat from a change, and settles ties without regard to arrival.</param>
/// <remarks>The order is total, so any permutation of the same versions ends in the same state.</remarks>
[GenerateSerializer, Immutable, Alias("resource-version")]
public readonly record struct ResourceVersion(
    [property: Id(0)] long LastUpdatedTicks, [property: Id(1)] long Number, [property: Id(2)] ulong ContentHash) : IComparable<ResourceVersion>
{
    public int CompareTo(ResourceVersion other) =>
        LastUpdatedTicks != other.LastUpdatedTicks ? LastUpdatedTicks.CompareTo(other.LastUpdatedTicks)
        : Number != other.Number ? Number.CompareTo(other.Number)
        : ContentHash.CompareTo(other.ContentHash);

    public static bool operator <(ResourceVersion a, ResourceVersion b) => a.CompareTo(b) < 0;
    public static bool operator >(ResourceVersion a, ResourceVersion b) => a.CompareTo(b) > 0;
    public static bool operator <=(ResourceVersion a, ResourceVersion b) => a.CompareTo(b) <= 0;
    public static bool operator >=(ResourceVersion a, ResourceVersion b) => a.CompareTo(b) >= 0;
}
