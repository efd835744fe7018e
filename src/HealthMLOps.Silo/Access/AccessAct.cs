using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HealthMLOps.Access;

/// <summary>What needs two persons in managing people, programs and keys: everything that opens a door. Shutting one is a single person's act.</summary>
/// <remarks>Its text is stored as it was asked and never changes; who confirms names its digest. Secrets are in it as SHA-256 only.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "act")]
[JsonDerivedType(typeof(AddPerson), "person.add")]
[JsonDerivedType(typeof(SetRoles), "person.roles")]
[JsonDerivedType(typeof(NewCredential), "credential.rotate")]
[JsonDerivedType(typeof(AddClient), "client.add")]
[JsonDerivedType(typeof(NewSourceSecret), "source-secret.rotate")]
[JsonDerivedType(typeof(EnableOwner), "owner.enable")]
[JsonDerivedType(typeof(RotateOwner), "owner.rotate")]
[JsonDerivedType(typeof(RotateRing), "keys.rotate")]
[JsonDerivedType(typeof(RotateRecordKey), "record.key-rotate")]
public abstract record AccessAct
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    private AccessAct() { }

    /// <summary>As the record names it.</summary>
    [JsonIgnore] public abstract string Action { get; }

    /// <summary>What it is done to, in words for the record and for who confirms.</summary>
    [JsonIgnore] public abstract string Subject { get; }

    /// <summary>The person who gains by it; null = none in particular.</summary>
    [JsonIgnore] public virtual string? Concerns => null;

    public string ToText() => JsonSerializer.Serialize(this, Json);

    public static AccessAct Read(string text) => JsonSerializer.Deserialize<AccessAct>(text, Json) ?? throw new JsonException("An asked act is null.");

    /// <summary>SHA-256 of an act's text, lower-case hexadecimal.</summary>
    public static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public sealed record AddPerson(Person Person, string Digest, TimeSpan Life) : AccessAct
    {
        public override string Action => "person.add";
        public override string Subject => $"{Person.Id} {string.Join(' ', Person.Roles.Select(RoleNames.Of))}";
        public override string Concerns => Person.Id;
    }

    public sealed record SetRoles(string Person, ImmutableArray<Role> Roles, ImmutableArray<string>? Units) : AccessAct
    {
        public override string Action => "person.roles";
        public override string Subject => $"{Person} {string.Join(' ', Roles.Select(RoleNames.Of))}";
        public override string Concerns => Person;
    }

    public sealed record NewCredential(string Person, string Digest, TimeSpan Life, TimeSpan Overlap) : AccessAct
    {
        public override string Action => "credential.rotate";
        public override string Subject => Person;
        public override string Concerns => Person;
    }

    public sealed record AddClient(MachineClient Client) : AccessAct
    {
        public override string Action => "client.add";
        public override string Subject => $"{Client.Id} {string.Join(' ', Client.Roles.Select(RoleNames.Of))}";
    }

    public sealed record NewSourceSecret(string Source, string Digest, int KeepFormerHours) : AccessAct
    {
        public override string Action => "source-secret.rotate";
        public override string Subject => Source;
    }

    public sealed record EnableOwner : AccessAct
    {
        public override string Action => "owner.enable";
        public override string Subject => "owner";
    }

    public sealed record RotateOwner : AccessAct
    {
        public override string Action => "owner.rotate";
        public override string Subject => "owner";
    }

    /// <param name="Newest">The ring's newest key when it was asked: a ring that has moved on is not changed again.</param>
    public sealed record RotateRing(Guid Newest) : AccessAct
    {
        public override string Action => "keys.rotate";
        public override string Subject => "key ring";
    }

    /// <param name="Current">The key that is replaced; each silo signs with its own.</param>
    public sealed record RotateRecordKey(string Current) : AccessAct
    {
        public override string Action => "record.key-rotate";
        public override string Subject => "record key " + Current;
    }
}
