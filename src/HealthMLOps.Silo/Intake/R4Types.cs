using System.Collections.Frozen;
using Hl7.Fhir.Model;

namespace HealthMLOps.Intake;

/// <summary>Which resource types FHIR R4 has.</summary>
internal static class R4Types
{
    private static readonly FrozenSet<string> Names =
        ModelInfo.SupportedResources.Except(["Resource", "DomainResource"]).ToFrozenSet(StringComparer.Ordinal);

    public static bool Has(string name) => Names.Contains(name);
}
