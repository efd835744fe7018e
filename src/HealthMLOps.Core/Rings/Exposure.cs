namespace HealthMLOps.Rings;

/// <summary>How much a version has done since it entered its ring.</summary>
/// <param name="Events">Scores that it has given.</param>
/// <param name="MaturedLabels">Those among them whose horizon is over, so that the outcome can be known.</param>
[GenerateSerializer, Immutable, Alias("ring-exposure")]
public sealed record Exposure([property: Id(0)] long Events, [property: Id(1)] long MaturedLabels)
{
    public static readonly Exposure None = new(0, 0);
}
