namespace HealthMLOps.Rings;

/// <summary>What the room needs.</summary>
public static class RingServices
{
    public static IServiceCollection AddRings(this IServiceCollection services) => services
        .AddSingleton<RingBook>().AddSingleton<PlanStore>().AddSingleton<HaltLog>().AddSingleton<LatchedHalts>().AddSingleton<PlanPostOffice>()
        .AddSingleton<KillSwitch>().AddSingleton<RingDesk>()
        .AddSingleton<IGateSource, ValidationReportSource>().AddSingleton<IGateSource, DrillSource>().AddSingleton<GateBook>()
        .AddSingleton<LeaseKeeper>().AddHostedService(provider => provider.GetRequiredService<LeaseKeeper>());
}
