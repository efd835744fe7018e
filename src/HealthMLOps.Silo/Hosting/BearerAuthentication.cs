using System.Security.Claims;
using System.Text.Encodings.Web;
using HealthMLOps.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace HealthMLOps.Hosting;

/// <summary>Turns a bearer credential into a person or a sender. Everything else stays a stranger, and strangers are refused by default.</summary>
public sealed class BearerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, Credentials credentials)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return Task.FromResult(AuthenticateResult.NoResult());
        var presented = header[Prefix.Length..].Trim();
        if (credentials.IsOwner(presented)) return Known("owner", new Claim(ClaimTypes.Role, Roles.Owner));
        return credentials.SourceOf(presented) is { } source
            ? Known("sender:" + source.Value, new Claim(ClaimTypes.Role, Roles.Sender), new Claim(Roles.SourceClaim, source.Value))
            : Task.FromResult(AuthenticateResult.Fail("unknown credential"));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        return Problem.Write(Context, StatusCodes.Status401Unauthorized, "unauthorized", "A bearer credential is needed.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem.Write(Context, StatusCodes.Status403Forbidden, "forbidden", "This credential may not do that.");

    private static Task<AuthenticateResult> Known(string name, params Claim[] claims)
    {
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name), .. claims], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }
}
