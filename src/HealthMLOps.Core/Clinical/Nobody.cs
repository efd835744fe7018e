namespace HealthMLOps.Clinical;

/// <summary>Where versions stand of which it is not known whose they are: deletes and refusals that overtook their resource's creation.</summary>
/// <remarks>They are spread over a number of logs, so that none of them grows into a bottleneck. No patient's digest begins with 64 zero bits.</remarks>
public static class Nobody
{
    private const int Logs = 1_024;

    /// <summary>What the keys of these logs, and of no patient, begin with: 15 letters.</summary>
    public static readonly string Beginning = PatientKey.Of(default).Value[..15];

    public static PatientKey LogOf(ResourceKey resource) => PatientKey.Of(new ResourceKey(0, 1 + resource.Low % Logs));

    public static bool Is(PatientKey patient) => patient.Value.StartsWith(Beginning, StringComparison.Ordinal);
}
