using System.Collections.Immutable;
using System.Diagnostics;
using HealthMLOps.Clinical;
using HealthMLOps.Features;

namespace HealthMLOps.Access;

/// <summary>What a feature set needs to read, and so the least that a client who serves it must be allowed (45 CFR 164.502(b)).</summary>
public static class MinimumNecessary
{
    private const Interactions ReadAndSearch = Interactions.Read | Interactions.Search;

    /// <summary>Vital signs of the catalogue, by concept; every other measurement there is a laboratory result.</summary>
    private static readonly string[] VitalSigns =
    [
        "heart-rate", "respiratory-rate", "body-temperature", "systolic-bp", "diastolic-bp", "mean-bp", "invasive-systolic-bp", "invasive-diastolic-bp",
        "invasive-mean-bp", "spo2", "oxygen-flow", "fio2", "height", "weight", "bmi",
    ];

    /// <summary>Concepts that EHRs put into no one category.</summary>
    private static readonly string[] Uncategorised = ["glasgow-coma", "consciousness", "pain-score", "urine-output"];

    /// <summary>The resource types, and categories of Observation, that the set reads; by type and category.</summary>
    public static ImmutableArray<ScopeNeed> Of(FeatureSet set) =>
        [.. set.Features.SelectMany(OfFeature).Distinct().OrderBy(need => need.ResourceType, StringComparer.Ordinal).ThenBy(need => need.Category, StringComparer.Ordinal)];

    /// <summary>The same for one feature.</summary>
    public static IEnumerable<ScopeNeed> OfFeature(FeatureDefinition feature) => feature.Source switch
    {
        FeatureSource.Measured measured => [OfConcept(measured.Selection.Concept)],
        FeatureSource.Combined combined => [OfConcept(combined.First.Concept), OfConcept(combined.Second.Concept)],
        FeatureSource.EarlyWarning => [OfConcept("heart-rate"), OfConcept("consciousness")],
        FeatureSource.Age or FeatureSource.Sex => [Reading("Patient")],
        FeatureSource.Events events => [Reading(TypeOf(events.Selection.Kind))],
        FeatureSource.EncountersStarted or FeatureSource.PriorAdmissions or FeatureSource.HoursSinceAdmission or FeatureSource.LengthOfStayDays
            or FeatureSource.EncounterClass or FeatureSource.EncounterUnit => [Reading("Encounter")],
        _ => throw new UnreachableException(),
    };

    private static ScopeNeed OfConcept(string? concept) => new("Observation", ReadAndSearch,
        concept is null || Uncategorised.Contains(concept) ? null : VitalSigns.Contains(concept) ? "vital-signs" : "laboratory");

    private static string TypeOf(SeriesKind kind) => kind switch
    {
        SeriesKind.Condition => "Condition",
        SeriesKind.MedicationOrder => "MedicationRequest",
        SeriesKind.MedicationGiven => "MedicationAdministration",
        SeriesKind.ServiceOrder => "ServiceRequest",
        SeriesKind.Procedure => "Procedure",
        SeriesKind.Coverage => "Coverage",
        _ => throw new UnreachableException(),
    };

    private static ScopeNeed Reading(string type) => new(type, ReadAndSearch);
}
