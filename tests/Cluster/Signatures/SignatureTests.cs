using System.Data.Common;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Signatures;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthMLOps.Tests.Cluster.Signatures;

public sealed class SignatureTests(Stores stores)
{
    private static readonly Caller Owner = new("owner", "owner", "Olivia Owner", [Role.Owner, Role.Compliance], "HOPERAT");
    private static readonly Signing Approval = new("approve", "rollout-plan sepsis@3 canary", new string('a', 64));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_signature_carries_name_time_and_meaning_is_bound_to_the_digest_and_is_on_the_record(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        var (book, credential) = Book(store, log);

        var signed = await book.Sign(Owner, Approval with { Role = "compliance" }, credential, Stop);

        Assert.Equal(("owner", "Olivia Owner", "compliance", "approve", Approval.Subject, Approval.Digest),
            (signed.Person, signed.PrintedName, signed.Role, signed.Meaning, signed.Subject, signed.Digest));
        Assert.Equal(signed, Assert.Single(await book.Over(Approval.Digest, Stop)));
        Assert.Empty(await book.Over(new string('b', 64), Stop));
        var entry = Assert.Single(await new AuditStore(store.Database).Find(new AuditQuestion(), 10, Stop)).Event.Entry;
        Assert.Equal(("signature.sign", "ok", "owner", "compliance", Approval.Subject), (entry.Action, entry.Outcome, entry.Person, entry.Role, entry.Object));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Signing_the_same_again_gives_the_signature_that_stands(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        var (book, credential) = Book(store, log);

        var first = await book.Sign(Owner, Approval, credential, Stop);

        Assert.Equal(first, await book.Sign(Owner, Approval, credential, Stop));
        Assert.NotEqual(first, await book.Sign(Owner, Approval with { Meaning = "review" }, credential, Stop));
        Assert.Equal(2, (await book.Over(Approval.Digest, Stop)).Count);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_wrong_credential_signs_nothing_and_the_attempt_is_on_the_record(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        var (book, credential) = Book(store, log);

        var refusal = await Assert.ThrowsAsync<SignatureRefused>(() => book.Sign(Owner, Approval, "guess", Stop));
        Assert.Equal("reauthentication", refusal.Code);
        // Somebody else who knows the owner's credential is still somebody else.
        var other = Owner with { Person = "p-anna", Roles = [Role.Operator] };
        Assert.Equal("reauthentication", (await Assert.ThrowsAsync<SignatureRefused>(() => book.Sign(other, Approval, credential, Stop))).Code);

        Assert.Empty(await book.Over(Approval.Digest, Stop));
        Assert.Equal(["reauthentication-failed", "reauthentication-failed"], (await new AuditStore(store.Database).Find(new AuditQuestion(), 10, Stop)).Select(e => e.Event.Entry.Outcome));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_signature_in_a_role_that_the_signer_has_not_is_refused(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        var (book, credential) = Book(store, log);

        var refusal = await Assert.ThrowsAsync<SignatureRefused>(() => book.Sign(Owner, Approval with { Role = "clinician-reviewer" }, credential, Stop));

        Assert.Equal("role", refusal.Code);
        Assert.Contains("owner, compliance", refusal.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_database_refuses_to_change_or_remove_a_signature(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        var (book, credential) = Book(store, log);
        var signed = await book.Sign(Owner, Approval, credential, Stop);

        await Assert.ThrowsAnyAsync<DbException>(() => store.Database.Change("UPDATE signatures SET meaning = 'reject'", Stop));
        await Assert.ThrowsAnyAsync<DbException>(() => store.Database.Change("DELETE FROM signatures", Stop));

        Assert.Equal(signed, Assert.Single(await book.Over(Approval.Digest, Stop)));
    }

    private static (SignatureBook Book, string Credential) Book(Store store, EventLog log)
    {
        var files = Credentials.Read(store.Options.DataFolder, new Dictionary<SourceName, IEnumerable<string>>(), _ => null);
        var clock = new ClinicalClock(TimeProvider.System);
        var access = new AccessStore(store.Database);
        var board = new AccessBoard(access, new BreakGlassBoard(store.Database, access, store.Seal(), TimeProvider.System), TimeProvider.System, NullLogger<AccessBoard>.Instance);
        return (new SignatureBook(new SignatureStore(store.Database), new Reauthentication(new SecretHolders(files, board, TimeProvider.System), null!, TimeProvider.System), new AuditBook(log, clock, store.Seal()), clock),
            File.ReadAllText(Path.Combine(store.Options.DataFolder, Credentials.OwnerFile)).Trim());
    }
}
