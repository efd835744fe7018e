namespace HealthMLOps.Clinical;

/// <summary>Short names for the code systems of clinical data, and every spelling of each that is seen on the wire.</summary>
public static class CodeSystems
{
    public const string Loinc = "loinc";
    public const string Snomed = "snomed";
    public const string Icd10Cm = "icd-10-cm";
    public const string Icd10 = "icd-10";
    public const string Icd9Cm = "icd-9-cm";
    public const string RxNorm = "rxnorm";
    public const string Atc = "atc";
    public const string Ndc = "ndc";
    public const string ActCode = "act-code";

    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.Ordinal)
    {
        ["http://loinc.org"] = Loinc,
        ["urn:oid:2.16.840.1.113883.6.1"] = Loinc,
        ["http://snomed.info/sct"] = Snomed,
        ["urn:oid:2.16.840.1.113883.6.96"] = Snomed,
        ["http://hl7.org/fhir/sid/icd-10-cm"] = Icd10Cm,
        ["urn:oid:2.16.840.1.113883.6.90"] = Icd10Cm,
        ["http://hl7.org/fhir/sid/icd-10"] = Icd10,
        ["http://hl7.org/fhir/sid/icd-9-cm"] = Icd9Cm,
        ["urn:oid:2.16.840.1.113883.6.103"] = Icd9Cm,
        ["http://www.nlm.nih.gov/research/umls/rxnorm"] = RxNorm,
        ["urn:oid:2.16.840.1.113883.6.88"] = RxNorm,
        ["http://www.whocc.no/atc"] = Atc,
        ["http://hl7.org/fhir/sid/ndc"] = Ndc,
        ["urn:oid:2.16.840.1.113883.6.69"] = Ndc,
        ["http://terminology.hl7.org/CodeSystem/v3-ActCode"] = ActCode,
    };

    /// <summary>The short name of a system's URI; the URI itself where we have none.</summary>
    public static string Short(string uri) => ShortNames.TryGetValue(uri, out var name) ? name : uri;

    /// <summary>The coding with its system shortened and its code in the spelling that we compare by.</summary>
    public static Coding Normal(string systemUri, string code)
    {
        var system = Short(systemUri);
        return system is Icd10Cm or Icd10 or Icd9Cm
            ? new Coding(system, code.Replace(".", "", StringComparison.Ordinal).ToUpperInvariant())
            : new Coding(system, code);
    }
}
