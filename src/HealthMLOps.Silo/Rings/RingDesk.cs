using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Hosting;
using HealthMLOps.Models;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;
using HealthMLOps.Signatures;
using HealthMLOps.Storage;

namespace HealthMLOps.Rings;

/// <summary>Carries out what people ask of a rollout: checks it, puts it on the record, does it, and waits until every silo serves by it.</summary>
public sealed class RingDesk(
    IGrainFactory grains, PlanStore plans, PlanBoard board, RingBook rings, KillSwitch silos, SignatureBook signatures, SealedText words, AuditBook book, ClinicalClock clock)
{
    public async Task<IResult> Show(string model, CancellationToken cancellation)
    {
        var policy = rings.Of(model);
        var rollout = await Grain(model).Show();
        var json = RingAnswers.Whole(rollout, await plans.Read(cancellation), policy, words, clock.Now);
        if (rollout.Open is { } open)
            json["evidence"] = RingAnswers.Gates(open, policy, await Grain(model).Look(await Horizon(open.Version)), rollout.Find(open.Version), clock.Now);
        return Results.Json(json);
    }

    public async Task<IResult> Propose(HttpContext http, string command, RegisteredModel version, RingStage target, IEnumerable<string> units)
    {
        var by = http.Caller().Person;
        return await Act(http, "ring.propose", version.Version, new RolloutEvent.Proposed(command, version.Version, version.PackageDigest, target, [.. units], by));
    }

    /// <summary>Signs the open plan with the caller's credential, repeated.</summary>
    public async Task<IResult> Approve(HttpContext http, string command, string model, string digest, string? role, string credential)
    {
        var rollout = await Grain(model).Show();
        if (rollout.Open is not { } open) return Problem.Of(409, "no-plan", $"{model} has no open plan; propose one first.");
        if (digest != open.Digest()) return Problem.Of(409, "digest", $"The open plan of {model} has the digest {open.Digest()}; look at it again and approve that.");
        if (http.Caller().Person == open.By) return await Refused(http, "ring.approve", open.Version, new RolloutRefused("four-eyes", $"'{open.By}' proposed this plan and can't approve it: another person must."));
        try
        {
            var signature = await signatures.Sign(http.Caller(), new Signing("approve", open.Subject, digest) { Role = role }, credential, http.RequestAborted);
            return await Act(http, "ring.approve", open.Version, new RolloutEvent.Approved(command, signature));
        }
        catch (SignatureRefused refused) { return Problem.Of(refused.Code == "reauthentication" ? 403 : 422, refused.Code, refused.Message); }
    }

    public async Task<IResult> Advance(HttpContext http, string command, string model)
    {
        var rollout = await Grain(model).Show();
        if (rollout.Open is not { } open) return Problem.Of(409, "no-plan", $"{model} has no open plan; propose one first.");
        var look = await Grain(model).Look(await Horizon(open.Version));
        return await Act(http, "ring.advance", open.Version, new RolloutEvent.Advanced(command, open.Id, look.Exposure, look.Evidence, http.Caller().Person));
    }

    public async Task<IResult> RollBack(HttpContext http, string command, string model, string reason) =>
        await Act(http, "ring.rollback", null, new RolloutEvent.RolledBack(command, http.Caller().Person, reason), model);

    public async Task<IResult> Demote(HttpContext http, string command, ModelVersion version, RingStage to, string reason) =>
        await Act(http, "ring.demote", version, new RolloutEvent.Demoted(command, version, to, http.Caller().Person, reason));

    private async Task<IResult> Act(HttpContext http, string action, ModelVersion? version, RolloutEvent happened, string? named = null)
    {
        var model = named ?? version!.Value.Model;
        var policy = rings.Of(model);
        Rollout before, expected;
        try
        {
            before = await Grain(model).Show();
            expected = before.After(happened, policy, clock.Now);   // Refused before it is recorded as done.
            await book.Record(book.By(http.Caller(), action) with
            {
                Object = version?.ToString() ?? model, Correlation = happened.Command, Payload = RingAnswers.Whole(expected, board.Orders, policy, words, clock.Now).ToJsonString(),
            });
            var after = await Grain(model).Record(happened);
            var json = RingAnswers.Whole(after, await plans.Read(http.RequestAborted), policy, words, clock.Now);
            json["spreadMs"] = Math.Round(await silos.Spread(await plans.Read(http.RequestAborted)), 3);
            return Results.Json(json);
        }
        catch (RolloutRefused refused) { return await Refused(http, action, version, refused, model); }
    }

    private async Task<IResult> Refused(HttpContext http, string action, ModelVersion? version, RolloutRefused refused, string? model = null)
    {
        await book.Record(book.By(http.Caller(), action) with { Object = version?.ToString() ?? model, Outcome = "refused-" + refused.Code });
        return Problem.Of(409, refused.Code, refused.Message);
    }

    private async Task<TimeSpan> Horizon(ModelVersion version)
    {
        var register = await grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).List();
        return register.Models.FirstOrDefault(m => m.Version == version)?.Contract.IntendedUse.Horizon ?? TimeSpan.MaxValue;
    }

    private IRolloutGrain Grain(string model) => grains.GetGrain<IRolloutGrain>(ControlKey.Of(RolloutGrain.Kind, model));
}
