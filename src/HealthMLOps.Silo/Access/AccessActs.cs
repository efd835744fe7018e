using System.Diagnostics;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Access;

/// <summary>Does what was asked and confirmed. Each act is on the record before it takes effect, and a repeat of one changes nothing more.</summary>
public sealed class AccessActs(
    AccessStore store, AccessBoard board, Credentials files, AuditBook record, KeyRing ring, RewrapWork rewrap, AuditSigner signer, TimeProvider time, OwnerCredential owner)
{
    private static readonly DateTimeOffset Open = DateTimeOffset.MaxValue;

    /// <summary>Refuses what can't be done, whoever says yes.</summary>
    /// <exception cref="AccessRefused">Thing, actual, allowed.</exception>
    public async Task Check(AccessAct act, CancellationToken cancellation)
    {
        switch (act)
        {
            case AccessAct.AddPerson add when board.Current.People.ContainsKey(add.Person.Id):
                throw new AccessRefused(409, "person-exists", $"A person '{add.Person.Id}' exists; ids are never used twice.");
            case AccessAct.AddClient add when board.Current.Clients.ContainsKey(add.Client.Id):
                throw new AccessRefused(409, "client-exists", $"A client '{add.Client.Id}' exists; ids are never used twice.");
            case AccessAct.SetRoles set:
                board.Current.KeepsManagers(Known(set.Person) with { Roles = set.Roles }, time.GetUtcNow());
                break;
            case AccessAct.NewCredential made when Known(made.Person).IsDisabled:
                throw new AccessRefused(409, "person-disabled", $"'{made.Person}' is disabled; a disabled person gets no credential.");
            case AccessAct.RotateRing rotate when ring.Keys[0].Id != rotate.Newest:
                throw new AccessRefused(409, "key-moved-on", "The key ring has a newer key than when this was asked.");
            case AccessAct.RotateRecordKey rotate when await signer.Current(cancellation) is var current && current != rotate.Current:
                throw new AccessRefused(409, "key-moved-on", $"This silo signs the record with {current}, not with {rotate.Current}: confirm at the silo whose key it is.");
        }
    }

    /// <param name="act">What.</param>
    /// <param name="by">Who confirmed, or the owner alone.</param>
    /// <param name="asker">Who asked, and was told the secret if the act has one.</param>
    /// <param name="request">What was asked, by id; null where nobody had to confirm.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The second half of a person's new credential, for the one who confirmed; null where there is none.</returns>
    public async Task<string?> Do(AccessAct act, Caller by, string asker, string? request, CancellationToken cancellation)
    {
        await record.Record(record.By(by, act.Action) with
        {
            Object = act.Subject, Correlation = request, Payload = act is AccessAct.AddClient added ? System.Text.Json.JsonSerializer.Serialize(added.Client.Scopes) : null,
        });
        var now = time.GetUtcNow();
        var half = request is not null && act is AccessAct.AddPerson or AccessAct.NewCredential ? SecretFiles.NewSecret("") : null;
        switch (act)
        {
            case AccessAct.AddPerson add:
                if (!await store.Add(add.Person with { Created = now, CreatedBy = asker }, cancellation) && !await IsTheSame(add.Person, cancellation))
                    throw new AccessRefused(409, "person-exists", $"A person '{add.Person.Id}' exists; ids are never used twice.");
                await Issue(add.Person.Id, add.Digest, half, add.Life, TimeSpan.Zero, asker, cancellation);
                break;
            case AccessAct.SetRoles set:
                await store.SetRoles(set.Person, set.Roles, set.Units, cancellation);
                break;
            case AccessAct.NewCredential made:
                await Issue(made.Person, made.Digest, half, made.Life, made.Overlap, asker, cancellation);
                break;
            case AccessAct.AddClient add:
                await store.Add(add.Client with { Created = now, CreatedBy = asker }, cancellation);
                break;
            case AccessAct.NewSourceSecret made:
                await Issue(new SourceName(made.Source), made.Digest, now.AddHours(made.KeepFormerHours), cancellation);
                break;
            case AccessAct.EnableOwner:
                await store.SetOwner(isDisabled: false, cancellation);
                break;
            case AccessAct.RotateOwner:
                await owner.Rotate(cancellation);
                break;
            case AccessAct.RotateRing rotate:
                if (ring.Keys[0].Id == rotate.Newest) ring.Rotate(now);
                rewrap.Begin();
                break;
            case AccessAct.RotateRecordKey:
                await signer.Rotate(cancellation);
                break;
            default: throw new UnreachableException();
        }
        await board.Reload(cancellation);
        return half;
    }

    /// <summary>A credential that one gives to oneself, which no one else is told.</summary>
    public async Task<PersonCredential> GiveOneself(string person, string digest, TimeSpan life, TimeSpan overlap, CancellationToken cancellation)
    {
        await Issue(person, digest, null, life, overlap, null, cancellation);
        await board.Reload(cancellation);
        return board.Current.Credentials[digest];
    }

    /// <param name="person">Whose.</param>
    /// <param name="digest">Of the secret, or of its first half.</param>
    /// <param name="half">The second half, which another was told; null = there is none.</param>
    /// <param name="life">How long it lasts.</param>
    /// <param name="overlap">How long the former ones go on.</param>
    /// <param name="toldTo">Who was told the secret, or its first half.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    private async Task Issue(string person, string digest, string? half, TimeSpan life, TimeSpan overlap, string? toldTo, CancellationToken cancellation)
    {
        if (half is not null) (digest, toldTo) = (SecretHolders.Joined(digest, SecretHolders.DigestOf(half)), null);
        var now = time.GetUtcNow();
        var known = await store.Credentials(cancellation);
        if (known.Any(c => c.Digest == digest)) return;
        var number = known.Count(c => c.Person == person) + 1;
        await store.Add(new PersonCredential($"{person}/{number}", person, digest, now, now + life) { ToldTo = toldTo }, now + overlap, cancellation);
    }

    private async Task Issue(SourceName source, string digest, DateTimeOffset end, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var held = board.Current.SourceSecrets;
        await store.Put(new SourceSecret(digest, source, Open), now, cancellation);
        var former = files.DigestsOf(source).Concat(held.Values.Where(s => s.Source == source).Select(s => s.Digest)).Distinct().Where(d => d != digest);
        foreach (var one in former.Where(d => !held.TryGetValue(d, out var known) || known.Expires > end))
            await store.Put(new SourceSecret(one, source, end), now, cancellation);
    }

    private async Task<bool> IsTheSame(Person person, CancellationToken cancellation) =>
        (await store.People(cancellation)).Any(p => p.Id == person.Id && !p.IsDisabled && p.PrintedName == person.PrintedName && p.Roles.SequenceEqual(person.Roles));

    private Person Known(string id) => board.Current.People.TryGetValue(id, out var person) ? person : throw new AccessRefused(404, "unknown-person", "No person has that id.");
}
