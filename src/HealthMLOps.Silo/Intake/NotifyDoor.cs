using HealthMLOps.Clinical;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;

namespace HealthMLOps.Intake;

/// <summary>Reads a notification's body at the door, has it committed or quarantined, and acknowledges.</summary>
public sealed class NotifyDoor(SourceBook sources, NotificationIntake intake, QuarantineDesk quarantine)
{
    private const int BodyBytesMax = 16 << 20;

    /// <summary>Names the resource, as <c>Type/id</c>, that a sender has deleted; its body is then empty of content.</summary>
    private const string DeletedResourceHeader = "X-Medplum-Deleted-Resource";

    public async Task<IResult> Topic(HttpContext http, string named)
    {
        if (Source(named) is not { } source) return UnknownSource();
        if (await RequestBody.Read(http, BodyBytesMax) is not { } body) return TooLarge();
        if (http.Request.Headers[DeletedResourceHeader].ToString() is { Length: > 0 } deleted && FhirReference.Split(deleted) is { } gone)
            return Acknowledged(await intake.Take(source, new IngestEntry { Type = gone.Type, Id = gone.Id }, http.RequestAborted));
        if (body.IsEmpty) return Acknowledged(await intake.Ping(source, http.RequestAborted));
        if (!MediaTypes.IsFhirJson(http)) return WrongMediaType();
        var (document, refused) = StrictJson.Parse(body, BodyBytesMax);
        using (document)
        {
            if (refused is null)
            {
                var taken = await intake.Take(source, document!.RootElement, firstArrived: null, http.RequestAborted);
                if (taken.Refused is null) return Acknowledged(taken);
                refused = taken.Refused;
            }
            return await Quarantined(source, refused, body, new QuarantineContext { Form = QuarantinedForm.Notification }, http.RequestAborted);
        }
    }

    /// <summary>A resource at its own address, as base R4 rest-hook sends it; an empty POST is a ping.</summary>
    public async Task<IResult> Classic(HttpContext http, string named, string type, Phi id)
    {
        if (Source(named) is not { } source) return UnknownSource();
        if (!R4Types.Has(type) || !FhirReference.IsId(id.Reveal())) return WrongAddress();
        if (await RequestBody.Read(http, BodyBytesMax) is not { } body) return TooLarge();
        if (body.IsEmpty) return Acknowledged(await intake.Pending(source, [new ResolvedReference(type, id)], http.RequestAborted));
        if (!MediaTypes.IsFhirJson(http)) return WrongMediaType();
        var (document, refused) = StrictJson.Parse(body, BodyBytesMax);
        using (document)
        {
            refused ??= ResourceAddress.Mismatch(document!.RootElement, type, id);
            if (refused is not null)
                return await Quarantined(source, refused, body, new QuarantineContext { Form = QuarantinedForm.Document, Type = type, Id = id }, http.RequestAborted);
            return Acknowledged(await intake.Take(source, new IngestEntry { Resource = document!.RootElement }, http.RequestAborted));
        }
    }

    public async Task<IResult> Delete(HttpContext http, string named, string type, Phi id)
    {
        if (Source(named) is not { } source) return UnknownSource();
        if (!R4Types.Has(type) || !FhirReference.IsId(id.Reveal())) return WrongAddress();
        return Acknowledged(await intake.Take(source, new IngestEntry { Type = type, Id = id }, http.RequestAborted));
    }

    /// <summary>Answers a sender's check that somebody is there.</summary>
    public IResult Check(string named) => Source(named) is null ? UnknownSource() : FhirAnswers.Acknowledged([], "This address takes notifications.");

    private async Task<IResult> Quarantined(
        SourceName source, ReadResource.Refused refused, ReadOnlyMemory<byte> body, QuarantineContext context, CancellationToken cancellation)
    {
        await quarantine.Keep(source, refused, body, context, cancellation);
        return FhirAnswers.Refused(refused with { Code = refused.Code == RefusalCodes.Malformed ? RefusalCodes.WrongValue : refused.Code });
    }

    private SourceName? Source(string named) =>
        SourceName.IsName(named) && sources.IsEnabled(new SourceName(named)) ? new SourceName(named) : null;

    private static IResult Acknowledged(TakenNotification taken) => FhirAnswers.Acknowledged(taken.Results, taken.Said);

    private static IResult UnknownSource() => Problem.Of(404, "unknown-source", "The address names no configured source.");

    private static IResult WrongAddress() => Problem.Of(404, "address", "The address is {Type}/{id} of an R4 resource.");

    private static IResult TooLarge() => Problem.Of(413, RefusalCodes.TooLarge, $"The body has more than {BodyBytesMax} bytes.");

    private static IResult WrongMediaType() => Problem.Of(415, "media-type", $"The body is {MediaTypes.Fhir} (or {MediaTypes.Json}).");
}
