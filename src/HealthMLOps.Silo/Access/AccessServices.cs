using HealthMLOps.Egress;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;

namespace HealthMLOps.Access;

/// <summary>What the room needs, and its routes.</summary>
public static class AccessServices
{
    /// <summary>By this the framework knows that authentication stands in the pipeline already.</summary>
    private const string AuthenticationIsPlaced = "__AuthenticationMiddlewareSet";

    public static IServiceCollection AddAccess(this IServiceCollection services, PolicyFolder policy) => services
        .AddSingleton(AccessConfiguration.Read(policy)).AddSingleton(EgressRegister.Read(policy)).AddSingleton<EgressGate>()
        .AddSingleton<AccessStore>().AddSingleton<AccessBoard>().AddHostedService(provider => provider.GetRequiredService<AccessBoard>())
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<AccessBoard>())
        .AddSingleton<AccessKeys>().AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<AccessKeys>())
        .AddSingleton<BreakGlassBoard>().AddSingleton<PublicAddress>().AddSingleton<ForeignKeys>().AddSingleton<BundleScope>().AddSingleton<TokenReader>()
        .AddSingleton<RefusalTally>().AddHostedService(provider => provider.GetRequiredService<RefusalTally>())
        .AddSingleton<SecretHolders>().AddSingleton<CallerAuthentication>().AddSingleton<CallerLimits>().AddSingleton<PeopleDesk>().AddSingleton<OwnerCredential>()
        .AddSingleton<AccessActs>().AddSingleton<AskedActStore>().AddSingleton<SecondPerson>().AddSingleton<IdentityVault>()
        .AddAuthentication().Services.AddTokenServer()
        .AddCors(cors => cors.AddDefaultPolicy(browsers => browsers
            .WithOrigins([.. AccessConfiguration.Read(policy).CorsOrigins]).WithMethods("GET", "POST", "PUT", "DELETE").WithHeaders("Authorization", "Content-Type", CallerAuthentication.PurposeHeader)));

    /// <summary>The order in which a request meets them: browsers' origins, the gate, then the token server where it is asked.</summary>
    public static void UseAccess(this WebApplication app)
    {
        // Else the framework puts authentication before all of ours: the token server's refusals would leave without limits and headers.
        ((IApplicationBuilder)app).Properties[AuthenticationIsPlaced] = true;
        app.UseCors();
        app.UseMiddleware<AccessGate>();
        app.UseWhen(http => http.Request.Path.Equals("/" + TokenEndpoints.TokenPath, StringComparison.Ordinal), tokens => tokens.UseAuthentication());
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
