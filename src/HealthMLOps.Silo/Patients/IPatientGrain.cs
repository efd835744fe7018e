using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Patients;

/// <summary>One patient's timeline, features and latest scores. Key: the pseudonym <c>pt-…</c>. Called by Intake with facts and by the risk endpoints.</summary>
[Alias("patient-grain")]
public interface IPatientGrain : IGrainWithStringKey
{
    /// <summary>Admits facts, scores on them, and appends both as one turn. When it returns, everything not repeated is durable; a repeat changes nothing.</summary>
    /// <exception cref="Storage.LogBusy">The log's queue is full; nothing was written.</exception>
    [Alias("admit")]
    Task<ImmutableArray<Admission>> Admit([Immutable] AdmitFacts request);

    /// <summary>The patient's current prediction of a model: the stored one while it is valid, else a new one, appended before it is answered.</summary>
    [Alias("risk")]
    Task<PatientRisk> Risk(string model);

    /// <summary>The newest stored predictions of a model's shadow versions; writes nothing. For monitoring alone, never for a clinician.</summary>
    [Alias("shadow-scores")]
    Task<ImmutableArray<StoredPrediction>> ShadowScores(string model);

    /// <summary>Feature values as of a time, using what was known by another. Null where no resource has ever referred to the patient.</summary>
    [Alias("features")]
    Task<PatientFeatures?> Features([Immutable] FeatureQuestion question);

    /// <summary>The unit that the patient is in now; null where no encounter is open, or its place belongs to none.</summary>
    [Alias("unit")]
    Task<string?> Unit();

    /// <summary>Destroys the patient's data key and enters them in the erasure ledger. Durable when it returns; from then on nothing is admitted and nothing is answered. A repeat changes nothing.</summary>
    [Alias("erase")]
    Task Erase();

    /// <summary>Drops the state held in memory; the next call reads it back from storage.</summary>
    [Alias("forget")]
    Task Forget();
}
