using HealthMLOps.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace HealthMLOps.Access;

/// <summary>The address by which clients know this system. Tokens are made for it; a request's Host header is never believed.</summary>
public sealed class PublicAddress(SiloSettings settings, IServiceProvider services)
{
    private Uri? _bound;

    /// <summary>With a slash at the end.</summary>
    public Uri Root => settings.PublicUrl is { } configured ? Rooted(configured) : _bound ??= Rooted(Bound());

    public string Issuer => Root.AbsoluteUri;

    public string TokenEndpoint => Root.AbsoluteUri + TokenEndpoints.TokenPath;

    /// <summary>The configured address, or the first that the server listens on, once it does.</summary>
    private string Bound() => services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? settings.Urls.Split(';')[0];

    private static Uri Rooted(string address) => new(address.TrimEnd('/') + "/");
}
