namespace HealthMLOps.Simulation.Charting;

/// <summary>A code as the EHR writes it, with its system's URI.</summary>
internal sealed record Code(string System, string Value, string Display)
{
    public static Code Loinc(string value, string display) => new("http://loinc.org", value, display);
    public static Code Snomed(string value, string display) => new("http://snomed.info/sct", value, display);
    public static Code Icd10Cm(string value, string display) => new("http://hl7.org/fhir/sid/icd-10-cm", value, display);
    public static Code RxNorm(string value, string display) => new("http://www.nlm.nih.gov/research/umls/rxnorm", value, display);
    public static Code Atc(string value, string display) => new("http://www.whocc.no/atc", value, display);
    public static Code Local(string value, string display) => new("http://ehr.sim.example/codes", value, display);
}

/// <summary>A UCUM unit and how people write it.</summary>
internal sealed record Unit(string Code, string Text);
