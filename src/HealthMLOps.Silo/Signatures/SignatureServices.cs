namespace HealthMLOps.Signatures;

/// <summary>What the room needs.</summary>
public static class SignatureServices
{
    public static IServiceCollection AddSignatures(this IServiceCollection services) =>
        services.AddSingleton<SignatureStore>().AddSingleton<Reauthentication>().AddSingleton<SignatureBook>();
}
