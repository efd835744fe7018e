using System.Collections.Frozen;
using HealthMLOps.Clinical;

namespace HealthMLOps.Access;

/// <summary>This silo's copy of who may knock: every request reads it, none waits for the database.</summary>
/// <remarks>A change made here counts at once; one made on another silo within <see cref="Period"/>.</remarks>
public sealed partial class AccessBoard(AccessStore store, BreakGlassBoard glass, TimeProvider time, ILogger<AccessBoard> logger) : BackgroundService, ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>How long a disabled person may still be let in by another silo.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private volatile AccessSnapshot _current = AccessSnapshot.Empty;

    public AccessSnapshot Current => _current;

    /// <remarks>After the schema is there and before anything listens.</remarks>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(AccessBoard), ServiceLifecycleStage.RuntimeInitialize, Reload, _ => Task.CompletedTask);

    /// <summary>Reads all of it anew.</summary>
    public async Task Reload(CancellationToken cancellation)
    {
        // The epoch first: what changes while the rest is read is read again in the next round.
        var epoch = await store.Epoch(cancellation);
        await glass.Reload(cancellation);
        _current = new AccessSnapshot
        {
            Epoch = epoch,
            People = (await store.People(cancellation)).ToFrozenDictionary(p => p.Id),
            Credentials = (await store.Credentials(cancellation)).ToFrozenDictionary(c => c.Digest),
            Clients = (await store.Clients(cancellation)).ToFrozenDictionary(c => c.Id),
            SourceSecrets = (await store.SourceSecrets(cancellation)).ToFrozenDictionary(s => s.Digest),
            OwnerIsDisabled = await store.OwnerIsDisabled(cancellation),
            OwnerDigest = await store.OwnerDigest(cancellation),
        };
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await store.Epoch(stoppingToken) != _current.Epoch) await Reload(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException) { KeptFormer(e); } // The former copy stays; the next round tries again.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kept the former copy of who may knock: the database did not answer")]
    private partial void KeptFormer(Exception error);
}

/// <summary>Who may knock, at one moment.</summary>
public sealed record AccessSnapshot
{
    public static AccessSnapshot Empty { get; } = new();

    public string Epoch { get; init; } = "";
    public FrozenDictionary<string, Person> People { get; init; } = FrozenDictionary<string, Person>.Empty;

    /// <summary>By digest.</summary>
    public FrozenDictionary<string, PersonCredential> Credentials { get; init; } = FrozenDictionary<string, PersonCredential>.Empty;
    public FrozenDictionary<string, MachineClient> Clients { get; init; } = FrozenDictionary<string, MachineClient>.Empty;

    /// <summary>By digest.</summary>
    public FrozenDictionary<string, SourceSecret> SourceSecrets { get; init; } = FrozenDictionary<string, SourceSecret>.Empty;
    public bool OwnerIsDisabled { get; init; }

    /// <summary>Of the one credential that the owner has on every silo; null while each silo's file decides.</summary>
    public string? OwnerDigest { get; init; }

    /// <summary>The person and account of a credential that still opens something.</summary>
    public (Person Person, PersonCredential Credential)? Holder(string digest, DateTimeOffset now) =>
        Credentials.TryGetValue(digest, out var credential) && now < credential.Expires
        && People.TryGetValue(credential.Person, out var person) && !person.IsDisabled ? (person, credential) : null;

    /// <summary>The source of a sender's secret. A secret without a row here is as its file says.</summary>
    public SourceName? SourceOf(string digest, SourceName? byFile, DateTimeOffset now) =>
        SourceSecrets.TryGetValue(digest, out var secret) ? now < secret.Expires ? secret.Source : null : byFile;

    /// <summary>People who get in now.</summary>
    public IEnumerable<Person> Live(DateTimeOffset now) =>
        People.Values.Where(p => !p.IsDisabled && Credentials.Values.Any(c => c.Person == p.Id && now < c.Expires));

    /// <summary>Whether a named person with the permission gets in now, here or through an OpenID provider. From then on the owner's credential is nobody's second person.</summary>
    public bool IsHeldByAPerson(Permission permission, AccessConfiguration configuration, DateTimeOffset now) =>
        Live(now).SelectMany(p => p.Roles).Concat(configuration.Issuers.SelectMany(i => i.Roles.Values)).Any(role => RolePermissions.IsPersonal(role) && RolePermissions.Has(role, permission));

    /// <summary>Whether two named persons, in different roles, can manage people together: one asks, the other confirms.</summary>
    public bool CanBeManaged(DateTimeOffset now)
    {
        var live = Live(now).ToList();
        return live.Any(asker => RolePermissions.Has(asker.Roles, Permission.ManageUsers)
            && live.Any(second => second.Id != asker.Id && FourEyes.IsAnotherRole(asker.Roles, second.Roles)));
    }

    /// <summary>The owner's credential does not make itself alone again.</summary>
    /// <exception cref="AccessRefused">After the change nobody could confirm what the owner asks, though somebody could before.</exception>
    public void KeepsConfirmers(Person changed, DateTimeOffset now)
    {
        var live = Live(now).Where(person => FourEyes.CanConfirm(person.Roles)).ToList();
        if (live.Count > 0 && live.All(person => person.Id == changed.Id))
            throw new AccessRefused(409, "last-confirmer", $"'{changed.Id}' is the last who confirms what the owner asks; add another first, or let a named person disable them.");
    }

    /// <exception cref="AccessRefused">The owner is disabled, and after the change no two persons could manage people.</exception>
    public void KeepsManagers(Person changed, DateTimeOffset now)
    {
        if (!OwnerIsDisabled) return;
        var after = this with { People = People.Values.Select(p => p.Id == changed.Id ? changed : p).ToFrozenDictionary(p => p.Id) };
        if (!after.CanBeManaged(now)) throw new AccessRefused(409, "last-administrator", "While the owner is disabled, two persons who manage people in different roles must remain.");
    }
}
