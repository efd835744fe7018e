using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace HealthMLOps.Access;

/// <summary>Sets up the token server: OpenIddict without stores of its own, client credentials by <c>private_key_jwt</c> alone.</summary>
public static class TokenServer
{
    public static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(5);

    public static IServiceCollection AddTokenServer(this IServiceCollection services)
    {
        services.AddSingleton<AssertionRules>().AddSingleton<IConfigureOptions<OpenIddictServerOptions>, Identity>();
        services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode().AllowClientCredentialsFlow().DisableScopeValidation().DisableAccessTokenEncryption();
            server.SetTokenEndpointUris(TokenEndpoints.TokenPath);
            server.SetAccessTokenLifetime(TokenLife);
            server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32))); // Required, and never used: access tokens are signed only.
            server.AddEventHandler<ValidateTokenContext>(handler => handler.UseSingletonHandler<AssertionRules>()
                .SetOrder(OpenIddictServerHandlers.Protection.ResolveTokenValidationParameters.Descriptor.Order + 500));
            server.AddEventHandler<ProcessAuthenticationContext>(handler => handler.UseSingletonHandler<AssertionRules>().SetOrder(int.MaxValue - 100_000));
            // Who is allowed was decided by then; the token server without stores asks for these to be there.
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(_ => default));
            // TLS ends at the silo or before it, as configured; the token server sees what is left.
            server.UseAspNetCore().DisableTransportSecurityRequirement().EnableTokenEndpointPassthrough();
        });
        return services;
    }

    /// <summary>Key and issuer are known only when the silo is up; the options are read at the first request.</summary>
    private sealed class Identity(AccessKeys keys, PublicAddress address) : IConfigureOptions<OpenIddictServerOptions>
    {
        public void Configure(OpenIddictServerOptions options)
        {
            options.Issuer = new Uri(address.Issuer);
            options.SigningCredentials.Add(new SigningCredentials(keys.Newest, AccessKeys.Algorithm));
            options.ClientAuthenticationMethods.Clear();
            options.ClientAuthenticationMethods.Add("private_key_jwt");
        }
    }
}
