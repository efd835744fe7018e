namespace HealthMLOps.Patients;

/// <summary>What the room needs.</summary>
public static class PatientServices
{
    public static IServiceCollection AddPatients(this IServiceCollection services) => services
        .AddSingleton<PatientStore>().AddSingleton<PatientScorer>().AddSingleton<ResourceNames>()
        .AddSingleton<HistoryReader>().AddSingleton<ReplayCheck>().AddSingleton<RiskAnswers>().AddSingleton<ScoreGuard>().AddSingleton<Storage.WriterFences>();
}
