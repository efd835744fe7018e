using System.Collections.Immutable;

namespace HealthMLOps.Models;

/// <summary>The register of all model versions. One grain, key <see cref="Key"/>. Called by the control plane and by each silo's plan keeper.</summary>
[Alias("registry-grain")]
public interface IRegistryGrain : IGrainWithStringKey
{
    const string Key = "registry:models";

    /// <summary>Registers a stored package as the next version of its model; durable when it returns. The same package again answers the version that it has.</summary>
    [Alias("register")]
    Task<RegisteredModel> Register([Immutable] ModelContract contract, string packageDigest, DateTimeOffset at, string by);

    /// <summary>Everything registered, with the epoch of this state.</summary>
    [Alias("list")]
    Task<ModelRegister> List();
}

/// <summary>All registered versions. The epoch grows with each change.</summary>
[GenerateSerializer, Immutable, Alias("model-register")]
public sealed record ModelRegister([property: Id(0)] long Epoch, [property: Id(1)] ImmutableArray<RegisteredModel> Models)
{
    public ModelRegister() : this(0, []) { }
}

[GenerateSerializer, Immutable, Alias("registered-model")]
public sealed record RegisteredModel(
    [property: Id(0)] ModelVersion Version, [property: Id(1)] string PackageDigest, [property: Id(2)] ModelContract Contract,
    [property: Id(3)] DateTimeOffset RegisteredAt, [property: Id(4)] string RegisteredBy);
