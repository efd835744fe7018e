using HealthMLOps.Audit;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary>What one person does alone in managing people: shut somebody out, change one's own credential. Each act is on the record before it takes effect.</summary>
public sealed class PeopleDesk(AccessStore store, AccessBoard board, AccessActs acts, OwnerCredential owner, AuditBook record, TimeProvider time)
{
    public const string SecretPrefix = "hmp_";

    public static readonly TimeSpan CredentialLifeDefault = TimeSpan.FromDays(365);
    public static readonly TimeSpan CredentialLifeMax = TimeSpan.FromDays(3650);

    /// <summary>The longest time for which a former credential may go on beside the new one.</summary>
    public static readonly TimeSpan OverlapMax = TimeSpan.FromDays(7);

    /// <summary>Shuts a person out: one person's act, at once.</summary>
    /// <exception cref="AccessRefused">It would leave nobody who manages people.</exception>
    public async Task Disable(Caller by, string id, CancellationToken cancellation)
    {
        var changed = Known(id) with { IsDisabled = true };
        board.Current.KeepsManagers(changed, time.GetUtcNow());
        if (by.Roles.Contains(Role.Owner)) board.Current.KeepsConfirmers(changed, time.GetUtcNow());
        await Record(by, "person.disable", id);
        await store.Disable(id, cancellation);
        await board.Reload(cancellation);
    }

    /// <summary>Gives the caller a new credential of their own; the former ones end after the overlap.</summary>
    /// <returns>The secret, which is kept nowhere.</returns>
    public async Task<(PersonCredential Credential, string Secret)> RotateOwn(Caller by, TimeSpan life, TimeSpan overlap, CancellationToken cancellation)
    {
        var person = Known(by.Person);
        await Record(by, "credential.rotate", person.Id);
        var secret = SecretFiles.NewSecret(SecretPrefix);
        return (await acts.GiveOneself(person.Id, SecretHolders.DigestOf(secret), life, overlap, cancellation), secret);
    }

    /// <summary>A new owner credential, asked for with the former one, which opens nothing any more.</summary>
    public async Task<string> RotateOwner(Caller by, CancellationToken cancellation)
    {
        await Record(by, "owner.rotate", "owner");
        return await owner.Rotate(cancellation);
    }

    /// <summary>Puts named people in the owner's place.</summary>
    /// <exception cref="AccessRefused">No two named persons could manage people then.</exception>
    public async Task DisableOwner(Caller by, CancellationToken cancellation)
    {
        if (!board.Current.CanBeManaged(time.GetUtcNow()))
            throw new AccessRefused(409, "no-administrator", "The owner can be disabled once two persons with live credentials exist who manage people in different roles: it-security, operator or compliance.");
        await Record(by, "owner.disable", "owner");
        await store.SetOwner(isDisabled: true, cancellation);
        await board.Reload(cancellation);
    }

    private Person Known(string id) => board.Current.People.TryGetValue(id, out var person)
        ? person : throw new AccessRefused(404, "unknown-person", "No person has that id.");

    private Task Record(Caller by, string action, string what) => record.Record(record.By(by, action) with { Object = what });
}
