using HealthMLOps.Audit;

namespace HealthMLOps.Access;

/// <summary>Two persons for what opens a door: one asks, another in another role confirms. Both are on the record before anything takes effect.</summary>
/// <remarks>The owner of a silo acts alone while nobody exists who could confirm: so the first people come in. From then on the owner asks like everybody.</remarks>
public sealed class SecondPerson(AskedActStore store, AccessActs acts, AccessBoard board, AccessConfiguration configuration, AuditBook record, TimeProvider time)
{
    /// <summary>Asks for it, or does it where nobody could confirm yet.</summary>
    /// <returns>What now waits for a second person; null where it took effect.</returns>
    /// <exception cref="AccessRefused">It can't be done, whoever confirms.</exception>
    public async Task<AskedAct?> Ask(Caller by, AccessAct act, CancellationToken cancellation)
    {
        if (act.Concerns == by.Person) throw new AccessRefused(403, "own-roles", "Nobody changes what they themselves may do.");
        await acts.Check(act, cancellation);
        if (by.Roles.Contains(Role.Owner) && !SomebodyConfirms())
        {
            await acts.Do(act, by, by.Person, null, cancellation);
            return null;
        }
        await record.Record(record.By(by, "access.ask") with { Object = $"{act.Action} {act.Subject}", Payload = act.ToText() });
        return await store.Add(act, by, time.GetUtcNow(), cancellation);
    }

    /// <summary>The second person says yes, and it takes effect.</summary>
    /// <param name="by">The second person.</param>
    /// <param name="number">What was asked.</param>
    /// <param name="digest">Of what they have seen.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="AccessRefused">Not this person, not this act, or not any more.</exception>
    /// <returns>What was asked, and the second half of the credential that it made, if it made one.</returns>
    public async Task<(AskedAct Asked, string? Half)> Confirm(Caller by, long number, string digest, CancellationToken cancellation)
    {
        var asked = await Known(number, cancellation);
        if (Refusal(by, asked, digest) is { } refusal)
        {
            await record.Record(record.By(by, "access.confirm") with { Object = asked.Id, Outcome = refusal.Code, Correlation = asked.Id });
            throw refusal;
        }
        await acts.Check(asked.Act, cancellation);
        await record.Record(record.By(by, "access.confirm") with { Object = $"{asked.Id} {asked.Act.Action} {asked.Act.Subject}", Correlation = asked.Id });
        if (!await store.Confirm(number, by.Person, time.GetUtcNow(), cancellation)) throw Over(await Known(number, cancellation));
        var half = await acts.Do(asked.Act, by, asked.AskedBy, asked.Id, CancellationToken.None); // Confirmed is confirmed, whether or not the caller still waits.
        await store.Done(number, time.GetUtcNow(), CancellationToken.None);
        return (await Known(number, CancellationToken.None), half);
    }

    /// <summary>Takes back what was asked; anybody who could confirm it may also say no.</summary>
    public async Task<AskedAct> Withdraw(Caller by, long number, CancellationToken cancellation)
    {
        var asked = await Known(number, cancellation);
        await record.Record(record.By(by, "access.withdraw") with { Object = $"{asked.Id} {asked.Act.Action} {asked.Act.Subject}", Correlation = asked.Id });
        return await store.Withdraw(number, by.Person, time.GetUtcNow(), cancellation) ? await Known(number, cancellation) : throw Over(await Known(number, cancellation));
    }

    private AccessRefused? Refusal(Caller by, AskedAct asked, string digest)
    {
        if (asked.StateAt(time.GetUtcNow()) is not ("asked" or "confirmed")) return Over(asked);
        if (time.GetUtcNow() >= asked.Expires) return new AccessRefused(409, "not-open", $"{asked.Id} was asked more than {FourEyes.OpenFor.TotalHours:F0} h ago; ask again.");
        if (IsGone(asked.AskedBy)) return new AccessRefused(409, "asker-gone", $"Who asked for {asked.Id} may not ask any more.");
        if (by.Person == asked.AskedBy) return new AccessRefused(403, "two-persons", "Who asked can't confirm: a second person must.");
        if (!FourEyes.CanConfirm(by.Roles)) return new AccessRefused(403, "two-persons", "The owner's credential confirms nothing: a named person must.");
        if (!FourEyes.IsAnotherRole(asked.AskedRoles, by.Roles))
            return new AccessRefused(403, "other-role", $"The second person acts in another role than the asker's: {string.Join(", ", asked.AskedRoles.Select(RoleNames.Of))}.");
        if (asked.Act.Concerns == by.Person) return new AccessRefused(403, "own-roles", "Nobody confirms what they themselves may do.");
        if (board.Current.Credentials.Values.FirstOrDefault(c => c.Id == by.Account)?.ToldTo == asked.AskedBy)
            return new AccessRefused(403, "told-credential", $"{asked.AskedBy} was told this credential when it was made. Give yourself a new one first (healthml users credential rotate).");
        return digest == asked.Digest ? null : new AccessRefused(409, "digest", $"What was asked has the digest {asked.Digest}; the request confirms another.");
    }

    private bool IsGone(string asker) => asker == SecretHolders.Owner ? board.Current.OwnerIsDisabled
        : board.Current.People.TryGetValue(asker, out var person) && (person.IsDisabled || !RolePermissions.Has(person.Roles, Permission.ManageUsers) && !RolePermissions.Has(person.Roles, Permission.ConfirmAccess));

    private AccessRefused Over(AskedAct asked) => new(409, "not-open", $"{asked.Id} is {asked.StateAt(time.GetUtcNow())}; only what is asked can be confirmed or withdrawn.");

    /// <summary>Whether a named person who could confirm gets in now, here or through an OpenID provider.</summary>
    private bool SomebodyConfirms()
    {
        var now = time.GetUtcNow();
        return board.Current.Live(now).Any(person => FourEyes.CanConfirm(person.Roles)) || configuration.Issuers.Any(issuer => FourEyes.CanConfirm(issuer.Roles.Values));
    }

    private async Task<AskedAct> Known(long number, CancellationToken cancellation) =>
        await store.Find(number, cancellation) ?? throw new AccessRefused(404, "unknown-request", "Nothing was asked under that id; ids are like 'ask-7'.");
}
