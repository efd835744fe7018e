using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Features;
using HealthMLOps.Hosting;
using HealthMLOps.Models;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Patients;

/// <summary>One patient: loads the timeline, lets Core decide, appends, then swaps the new state in.</summary>
/// <remarks>
/// Memory never runs ahead of the log. Two activations of one patient can't both append: (patient, number) is unique, and
/// the loser reloads and tries again. The snapshot only saves time; the log alone decides.
/// </remarks>
[GrainType("patient")]
public sealed class PatientGrain(
    IEventLog log, PatientStore store, PatientScorer scorer, FeatureLibrary library, PlanBoard plans, WriterFences fences, Erasures erasures, ClinicalClock clock)
    : Grain, IPatientGrain
{
    /// <summary>Turns between two snapshots.</summary>
    public const int TurnsPerSnapshot = 32;

    /// <summary>Attempts of one append against other activations before the caller is told.</summary>
    public const int AppendAttemptsMax = 5;

    private PatientState _state = PatientState.Empty;
    private long _snapshotNumber;
    private PatientKey _patient;
    private bool _isErased;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _patient = new PatientKey(this.GetPrimaryKeyString());
        await fences.FenceTheDead(cancellationToken);
        _isErased = await erasures.IsErased(_patient, cancellationToken);
        if (!_isErased) await Reload(cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (!_isErased && _state.Number > _snapshotNumber) store.SaveSnapshot(_patient, _state);
        return Task.CompletedTask;
    }

    public async Task<ImmutableArray<Admission>> Admit(AdmitFacts request)
    {
        if (_isErased) return [.. request.Facts.Select(_ => Admission.Erased)];
        for (var attempt = 1; ; attempt++)
        {
            var facts = request.Facts.Select(f => f.Fact).ToImmutableArray();
            var change = _state.Timeline.Admit(facts, NeverSeen(request.Facts));
            var admissions = await WithoutLogged(request.Facts, facts, change.Admissions);
            var fresh = Fresh(request.Facts, admissions);
            if (fresh.IsEmpty) return admissions;
            var timeline = change.MustReplay ? await store.Replay(_patient, fresh.Select(f => f.Fact)) : change.After;
            var now = NotBefore(fresh);
            var predictions = await Scored(request.Origin, timeline, fresh, now);
            var turn = new PatientTurn { Recorded = now, Facts = [.. fresh.Select(f => f.Fact)], Predictions = predictions };
            if (await Append(turn, timeline, Index(request, fresh), Names(fresh))) return admissions;
            if (attempt == AppendAttemptsMax) throw Outrun();
        }
    }

    public async Task<PatientRisk> Risk(string model)
    {
        for (var attempt = 1; attempt <= AppendAttemptsMax; attempt++)
            if (await TryRisk(model) is { } risk) return risk;
        throw Outrun();
    }

    /// <summary>The risk, or null where another activation was faster to append and the state was read anew.</summary>
    private async Task<PatientRisk?> TryRisk(string model)
    {
        if (_state.Number == 0) return new PatientRisk { Known = false };
        var plan = plans.Current;
        var stay = _state.Timeline.OpenEncounter(clock.Now, clock.Now);
        if (plan.Serving(model, stay?.Unit) is not { } served)
            return new PatientRisk { Known = true, NoScore = plan.WhyNot(model).Reason, Detail = plan.WhyNot(model).Detail, Unit = stay?.Unit };
        var latest = _state.Latest(served.Version);
        if (plans.IsStopped(served.Version))
            return new PatientRisk { Known = true, NoScore = NoScoreReason.Halted, Detail = $"{served.Version} is halted.", Unit = stay?.Unit, Version = served.Version, Withdrawn = latest?.Prediction.AsOf };
        var now = latest is not null && latest.Prediction.AsOf > clock.Now ? latest.Prediction.AsOf : clock.Now;
        if (scorer.Outside(_state.Timeline, served, now) is { } outside)
            return new PatientRisk { Known = true, NoScore = NoScoreReason.OutsidePopulation, Detail = outside, Unit = stay?.Unit, Version = served.Version };
        if (latest is null || latest.Turn < _state.FactsTurn || now - latest.Prediction.AsOf >= served.Contract.ValidFor
            || latest.Prediction.PlanEpoch < plans.Orders.RestartedEpoch)
        {
            var prediction = await scorer.ScoreOne(await Answerable(_state.Timeline, [], now), served, now);
            var turn = new PatientTurn { Recorded = now, Facts = [], Predictions = [prediction] };
            if (!await Append(turn, _state.Timeline, [])) return null;
            latest = _state.Latest(served.Version)!;
        }
        var inputs = served.Features.Explain(await Answerable(_state.Timeline, [], latest.Prediction.AsOf), latest.Prediction.AsOf, latest.Prediction.AsOf);
        return new PatientRisk
        {
            Known = true,
            Prediction = latest.Prediction,
            Turn = latest.Turn,
            Encounter = _state.Timeline.OpenEncounter(now, now)?.Resource,
            Basis = [.. inputs.SelectMany(i => i.Used).Select(u => u.Resource).Distinct()],
            Unit = stay?.Unit,
            Version = served.Version,
        };
    }

    public Task<ImmutableArray<StoredPrediction>> ShadowScores(string model)
    {
        var plan = plans.Current;
        return Task.FromResult(_state.Predictions.Where(p => p.Prediction.Model.Model == model && plan.Find(p.Prediction.Model) is { IsShadow: true }).ToImmutableArray());
    }

    public async Task<PatientFeatures?> Features(FeatureQuestion question)
    {
        if (_state.Number == 0) return null;
        var set = library.Named(question.Set);
        var now = clock.Now;
        var (asOf, knownAt) = (question.AsOf ?? now, question.KnownAt ?? now);
        var timeline = _state.Timeline.CanAnswer(asOf, knownAt) ? _state.Timeline : await store.AsKnown(_patient, knownAt);
        return PatientAnswers.Features(set, timeline, asOf, knownAt);
    }

    public Task<string?> Unit() => Task.FromResult(_state.Timeline.OpenEncounter(clock.Now, clock.Now)?.Unit);

    public async Task Erase()
    {
        try { await erasures.Erase(_patient, CancellationToken.None); }
        catch
        {
            DeactivateOnIdle(); // It may be erased: read the ledger to know.
            throw;
        }
        (_isErased, _state) = (true, PatientState.Empty);
    }

    public Task Forget()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private async Task Reload(CancellationToken cancellation)
    {
        (_state, _snapshotNumber) = await store.Load(_patient, cancellation);
    }

    /// <summary>Appends a turn and swaps the state in; false when another activation was faster and the state was read anew.</summary>
    private async Task<bool> Append(
        PatientTurn turn, Timeline timeline, IReadOnlyList<IndexedResource> resources, IReadOnlyList<OutboxEntry>? promised = null)
    {
        var number = _state.Number + 1;
        AppendResult result;
        try
        {
            result = await log.Append(new PatientAppend(_patient, number, turn.Recorded, store.Encode(turn), resources, promised ?? []));
        }
        catch (LogBusy)
        {
            throw;
        }
        catch
        {
            DeactivateOnIdle(); // The append may have landed: reload to know.
            throw;
        }
        if (result is AppendResult.Lost)
        {
            await Reload(CancellationToken.None);
            return false;
        }
        _state = _state.After(number, timeline, turn);
        if (number - _snapshotNumber >= TurnsPerSnapshot)
        {
            store.SaveSnapshot(_patient, _state);
            _snapshotNumber = number;
        }
        return true;
    }

    /// <summary>A version is news only once. The timeline holds the newest alone and forgets what is beyond its bounds, so where it can't tell, the log is asked.</summary>
    private async Task<ImmutableArray<Admission>> WithoutLogged(
        ImmutableArray<ArrivedFact> arrived, ImmutableArray<Fact> facts, ImmutableArray<Admission> admissions)
    {
        var doubtful = new List<Fact>();
        for (var i = 0; i < facts.Length; i++)
            if (admissions[i] == Admission.Older || (admissions[i] == Admission.Created && !arrived[i].IsNew && _state.Timeline.MayHaveForgotten(facts[i]))) doubtful.Add(facts[i]);
        if (doubtful.Count == 0) return admissions;
        var known = await store.KnownAmong(doubtful);
        var logged = known.Count == 0 ? [] : await store.Identities(_patient);
        var told = admissions.ToBuilder();
        for (var i = 0; i < facts.Length; i++)
            if (told[i] != Admission.Repeated && !logged.Add(FactIdentity.Of(facts[i]))) told[i] = Admission.Repeated;
        return told.ToImmutable();
    }

    private static ImmutableArray<ArrivedFact> Fresh(ImmutableArray<ArrivedFact> facts, ImmutableArray<Admission> admissions) =>
        [.. facts.Where((_, i) => admissions[i] != Admission.Repeated)];

    /// <summary>Names on their way into the identity vault: they commit with the facts.</summary>
    private OutboxEntry[] Names(ImmutableArray<ArrivedFact> fresh) =>
        [.. fresh.Where(f => !f.SealedName.IsDefaultOrEmpty).Select(f => new VaultedName(_patient, f.Fact.Version, [.. f.SealedName]).ToOutbox())];

    private List<IndexedResource> Index(AdmitFacts request, ImmutableArray<ArrivedFact> fresh)
    {
        var rows = new List<IndexedResource>(fresh.Length + 1);
        if (_state.Number == 0 && !request.SealedPatient.IsEmpty)
            rows.Add(new IndexedResource(request.PatientResource, _patient, default, FactStanding.Active, [.. request.SealedPatient]));
        foreach (var (fact, sealedId, isNew) in fresh)
            if (fact.Standing != FactStanding.Moved)
                rows.Add(new IndexedResource(fact.Resource, _patient, fact.Version, fact.Standing, [.. sealedId]) { IsNew = isNew });
        return rows;
    }

    /// <summary>Now; but never before the facts arrived, where another silo's clock runs ahead of this one's.</summary>
    private DateTimeOffset NotBefore(ImmutableArray<ArrivedFact> facts)
    {
        var now = clock.Now;
        foreach (var arrived in facts)
            if (arrived.Fact.Recorded > now) now = arrived.Fact.Recorded;
        return now;
    }

    private async ValueTask<ImmutableArray<Prediction>> Scored(FactOrigin origin, Timeline timeline, ImmutableArray<ArrivedFact> fresh, DateTimeOffset now) =>
        origin == FactOrigin.History || plans.Current.Models.IsEmpty || Nobody.Is(_patient)
            ? []
            : await scorer.Score(await Answerable(timeline, fresh.Select(f => f.Fact), now), plans.Current, now);

    /// <summary>The timeline, or the whole log's where bounded memory could give another answer than it (values dated ahead push others out).</summary>
    private async ValueTask<Timeline> Answerable(Timeline timeline, IEnumerable<Fact> joining, DateTimeOffset now) =>
        timeline.CanAnswer(now, now) ? timeline : await store.AsKnown(_patient, now, joining);

    /// <summary>Resources that no log holds yet, so that the timeline needs no doubt about what it has forgotten.</summary>
    private static HashSet<ResourceKey> NeverSeen(ImmutableArray<ArrivedFact> facts) =>
        [.. facts.Where(f => f.IsNew).Select(f => f.Fact.Resource)];

    private static LogBusy Outrun() => new($"A patient's turn lost {AppendAttemptsMax} appends to another activation.", TimeSpan.FromSeconds(1));
}
