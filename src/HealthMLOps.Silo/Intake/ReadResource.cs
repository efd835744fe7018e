namespace HealthMLOps.Intake;

/// <summary>What the reader made of one resource.</summary>
public abstract record ReadResource
{
    private ReadResource() { }

    public sealed record Used(IdentifiedFact Fact) : ReadResource;

    /// <summary>A type of R4 that no model uses, or a resource about no patient: accepted and not kept.</summary>
    public sealed record Unused(string Type) : ReadResource;

    /// <param name="Code">One of <see cref="RefusalCodes"/>.</param>
    /// <param name="Element">Where, in FHIRPath's spelling, such as <c>Observation.component[1].valueQuantity</c>; empty for the whole.</param>
    /// <param name="Reason">Why, without any value of the patient.</param>
    public sealed record Refused(string Code, string Element, string Reason) : ReadResource;
}
