using HealthMLOps.Egress;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;

namespace HealthMLOps.Access;

/// <summary>What the room needs, and its routes.</summary>
public static class AccessServices
{
    public static IServiceCollection AddAccess(this IServiceCollection services, PolicyFolder policy) => services
        .AddSingleton(AccessConfiguration.Read(policy)).AddSingleton(EgressRegister.Read(policy)).AddSingleton<EgressGate>()
        .AddSingleton<AccessStore>().AddSingleton<AccessBoard>().AddHostedService(provider => provider.GetRequiredService<AccessBoard>())
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<AccessBoard>())
        .AddSingleton<AccessKeys>().AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<AccessKeys>())
        .AddSingleton<BreakGlassBoard>().AddSingleton<PublicAddress>().AddSingleton<ForeignKeys>().AddSingleton<TokenReader>()
        .AddSingleton<RefusalTally>().AddHostedService(provider => provider.GetRequiredService<RefusalTally>())
        .AddSingleton<SecretHolders>().AddSingleton<CallerAuthentication>().AddSingleton<CallerLimits>().AddSingleton<PeopleDesk>()
        .AddSingleton<AccessActs>().AddSingleton<AskedActStore>().AddSingleton<SecondPerson>().AddSingleton<IdentityVault>()
        .AddAuthentication().Services.AddTokenServer()
        .AddCors(cors => cors.AddDefaultPolicy(browsers => browsers
            .WithOrigins([.. AccessConfiguration.Read(policy).CorsOrigins]).WithMethods("GET", "POST", "PUT", "DELETE").WithHeaders("Authorization", "Content-Type", CallerAuthentication.PurposeHeader)));

    /// <summary>The order in which a request meets them: headers, browsers' origins, the token server where it is asked, then the gate.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.UseCors();
        app.UseWhen(http => http.Request.Path.Equals("/" + TokenEndpoints.TokenPath, StringComparison.Ordinal), tokens => tokens.UseAuthentication());
        app.UseMiddleware<AccessGate>();
    }

    public static void MapAccess(this IEndpointRouteBuilder routes)
    {
        routes.MapTokens();
        routes.MapPeople();
        routes.MapClients();
        routes.MapSourceSecrets();
        routes.MapSecondPerson();
        routes.MapBreakGlass();
        routes.MapEgress();
        routes.MapIdentity();
    }
}
