using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary>Turns a bearer credential into a caller: the owner, a person, a sender, or what a token says. Everything else stays a stranger.</summary>
public sealed class CallerAuthentication(SecretHolders holders, TokenReader tokens, BreakGlassBoard glass, TimeProvider time)
{
    public const string Scheme = "Bearer";

    /// <summary>The request's header that states a purpose of use.</summary>
    public const string PurposeHeader = "X-Purpose-Of-Use";

    private const string Prefix = Scheme + " ";
    private const string PasswordPrefix = "Basic ";

    /// <summary>What a stranger is asked for: browsers ask a person for a password at the dashboard alone.</summary>
    public static string Challenge(HttpContext http) => OrleansDashboard.IsBelow(http) ? PasswordPrefix + "realm=\"credential as password\", charset=\"UTF-8\"" : Scheme;

    /// <summary>Sets the request's caller where a credential is known.</summary>
    /// <returns>Why a credential that was presented is not known; null where it is, or where none came.</returns>
    public async ValueTask<string?> Identify(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.Length == 0) return null;
        var presented = header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..].Trim()
            : OrleansDashboard.IsBelow(http) && header.StartsWith(PasswordPrefix, StringComparison.OrdinalIgnoreCase) ? OrleansDashboard.Password(header[PasswordPrefix.Length..].Trim())
            : null;
        if (presented is null) return "unknown-scheme";
        var (caller, why) = TokenReader.IsToken(presented) ? await tokens.Read(presented, http.Request.Path, http.RequestAborted) : (holders.Of(presented), "unknown-credential");
        if (caller is null) return why;
        http.Features.Set(WithPurpose(caller, http.Request.Headers[PurposeHeader].ToString()));
        return null;
    }

    private Caller WithPurpose(Caller caller, string stated)
    {
        if (stated.Length == 0) return caller;
        if (!Purposes.Known.Contains(stated)) return caller with { Purpose = Purposes.Unknown }; // The words themselves go nowhere, the record included.
        return caller with { Purpose = stated, Glass = stated == Purposes.BreakGlass ? glass.OpenFor(caller.Person, time.GetUtcNow())?.Scope : null };
    }
}
