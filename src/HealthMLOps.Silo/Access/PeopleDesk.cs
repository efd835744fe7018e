using System.Collections.Immutable;
using HealthMLOps.Audit;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary>Takes people in, changes what they may do, gives them credentials. Each act is on the record before it takes effect.</summary>
public sealed class PeopleDesk(AccessStore store, AccessBoard board, Credentials owner, AuditBook record, TimeProvider time)
{
    public static readonly TimeSpan CredentialLifeDefault = TimeSpan.FromDays(365);
    public static readonly TimeSpan CredentialLifeMax = TimeSpan.FromDays(3650);

    /// <summary>The longest time for which a former credential may go on beside the new one.</summary>
    public static readonly TimeSpan OverlapMax = TimeSpan.FromDays(7);

    /// <summary>Adds a person and their first credential.</summary>
    /// <returns>The secret, which is kept nowhere.</returns>
    /// <exception cref="AccessRefused">The id is taken.</exception>
    public async Task<(PersonCredential Credential, string Secret)> Add(Caller by, Person person, TimeSpan credentialLife, CancellationToken cancellation)
    {
        await Record(by, "person.add", person.Id, string.Join(' ', person.Roles.Select(RoleNames.Of)));
        if (!await store.Add(person with { Created = time.GetUtcNow(), CreatedBy = by.Person }, cancellation))
            throw new AccessRefused(409, "person-exists", $"A person '{person.Id}' exists; ids are never used twice.");
        return await Issue(person.Id, credentialLife, TimeSpan.Zero, cancellation);
    }

    /// <exception cref="AccessRefused">It would be the caller's own, or leave nobody who manages people.</exception>
    public async Task<Person> SetRoles(Caller by, string id, ImmutableArray<Role> roles, ImmutableArray<string>? units, CancellationToken cancellation)
    {
        var person = Known(id);
        if (person.Id == by.Person) throw new AccessRefused(403, "own-roles", "Nobody changes what they themselves may do.");
        var changed = person with { Roles = roles, Units = units };
        KeepAnAdministrator(changed);
        await Record(by, "person.roles", id, string.Join(' ', roles.Select(RoleNames.Of)));
        await store.Change(changed, cancellation);
        await board.Reload(cancellation);
        return changed;
    }

    /// <exception cref="AccessRefused">It would leave nobody who manages people.</exception>
    public async Task Disable(Caller by, string id, CancellationToken cancellation)
    {
        var changed = Known(id) with { IsDisabled = true };
        KeepAnAdministrator(changed);
        await Record(by, "person.disable", id, null);
        await store.Change(changed, cancellation);
        await board.Reload(cancellation);
    }

    /// <summary>Gives a new credential; the former ones end after the overlap.</summary>
    public async Task<(PersonCredential Credential, string Secret)> Rotate(Caller by, string id, TimeSpan life, TimeSpan overlap, CancellationToken cancellation)
    {
        var person = Known(id);
        if (person.IsDisabled) throw new AccessRefused(409, "person-disabled", $"'{id}' is disabled; a disabled person gets no credential.");
        await Record(by, "credential.rotate", id, null);
        return await Issue(id, life, overlap, cancellation);
    }

    /// <summary>A new owner credential, in its file; the former one opens nothing any more.</summary>
    public async Task<string> RotateOwner(Caller by)
    {
        await Record(by, "owner.rotate", "owner", null);
        return owner.RotateOwner();
    }

    /// <summary>Puts named people in the owner's place, or the owner back.</summary>
    /// <exception cref="AccessRefused">No named person could manage people then.</exception>
    public async Task SetOwner(Caller by, bool isDisabled, CancellationToken cancellation)
    {
        if (isDisabled && !board.Current.Administrators(time.GetUtcNow()).Any())
            throw new AccessRefused(409, "no-administrator", "The owner can be disabled once a person with the role it-security and a live credential exists.");
        await Record(by, isDisabled ? "owner.disable" : "owner.enable", "owner", null);
        await store.SetOwner(isDisabled, cancellation);
        await board.Reload(cancellation);
    }

    private Person Known(string id) => board.Current.People.TryGetValue(id, out var person)
        ? person : throw new AccessRefused(404, "unknown-person", "No person has that id.");

    private async Task<(PersonCredential, string)> Issue(string person, TimeSpan life, TimeSpan overlap, CancellationToken cancellation)
    {
        var secret = SecretFiles.NewSecret("hmp_");
        var now = time.GetUtcNow();
        var number = board.Current.Credentials.Values.Count(c => c.Person == person) + 1;
        var credential = new PersonCredential($"{person}/{number}", person, SecretHolders.DigestOf(secret), now, now + life);
        await store.Add(credential, now + overlap, cancellation);
        await board.Reload(cancellation);
        return (credential, secret);
    }

    private void KeepAnAdministrator(Person changed)
    {
        if (!board.Current.OwnerIsDisabled || (!changed.IsDisabled && RolePermissions.Has(changed.Roles, Permission.ManageUsers))) return;
        if (board.Current.Administrators(time.GetUtcNow()).All(p => p.Id == changed.Id))
            throw new AccessRefused(409, "last-administrator", "While the owner is disabled, one person who manages people must remain.");
    }

    private Task Record(Caller by, string action, string what, string? detail) =>
        record.Record(record.By(by, action) with { Object = detail is null ? what : $"{what} {detail}" });
}
