namespace HealthMLOps.Models;

/// <summary>What the room needs.</summary>
public static class ModelServices
{
    public static IServiceCollection AddModels(this IServiceCollection services) => services
        .AddSingleton<PlanBoard>().AddSingleton<LoadedModels>().AddSingleton<ScoringSessions>().AddSingleton<ModelRegistrar>()
        .AddSingleton<PlanKeeper>().AddHostedService(provider => provider.GetRequiredService<PlanKeeper>());
}
