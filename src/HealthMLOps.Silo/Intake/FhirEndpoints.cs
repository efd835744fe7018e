using HealthMLOps.Access;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;

namespace HealthMLOps.Intake;

/// <summary>Direct ingest under <c>/fhir</c>: single resources and bundles. A 2xx means durable.</summary>
public static class FhirEndpoints
{
    public static void MapFhir(this IEndpointRouteBuilder routes)
    {
        var fhir = routes.MapGroup("/fhir").WithTags("fhir");
        fhir.MapPost("/", PostBundle).Requires(Permission.Ingest).InScope(ScopeOf.Bundle);
        fhir.MapPost("/{type:regex(^[A-Z][A-Za-z]+$)}", (string type, HttpContext http, FhirDoor door) => door.Single(http, type, null)).Requires(Permission.Ingest).InScope(ScopeOf.Writing);
        fhir.MapPut("/{type:regex(^[A-Z][A-Za-z]+$)}/{id}", (string type, Phi id, HttpContext http, FhirDoor door) => door.Single(http, type, id)).Requires(Permission.Ingest).InScope(ScopeOf.Writing);
        fhir.MapDelete("/{type:regex(^[A-Z][A-Za-z]+$)}/{id}", Delete).Requires(Permission.Ingest).InScope(ScopeOf.Writing);
    }

    private static async Task<IResult> PostBundle(HttpContext http, FhirDoor door) => await door.Bundle(http);

    private static async Task<IResult> Delete(string type, Phi id, HttpContext http, SiloSettings settings, SourceBook sources, Ingest ingest)
    {
        if (http.SourceOf(settings) is not { } source || !sources.IsEnabled(source)) return PatientEndpoints.UnknownSource();
        if (!R4Types.Has(type)) return Problem.Of(404, RefusalCodes.UnknownResourceType, "FHIR R4 has no such resource type.");
        if (!FhirReference.IsId(id.Reveal())) return Problem.Of(400, RefusalCodes.WrongValue, "A FHIR id has 1 to 64 of A-Z, a-z, 0-9, '-' and '.'.");
        await ingest.Take(source, [new IngestEntry { Type = type, Id = id }], FactOrigin.Live, http.RequestAborted);
        return Results.NoContent();
    }
}

/// <summary>Reads a direct-ingest request, takes it in, and answers as FHIR does.</summary>
public sealed class FhirDoor(SiloSettings settings, SourceBook sources, Ingest ingest, QuarantineDesk quarantine, BundleScope scope)
{
    public async Task<IResult> Single(HttpContext http, string type, Phi? id)
    {
        var (source, body, problem) = await Body(http, StrictJson.ResourceBytesMax);
        if (problem is not null) return problem;
        var (document, refused) = StrictJson.Parse(body);
        using (document)
        {
            refused ??= ResourceAddress.Mismatch(document!.RootElement, type, id);
            if (refused is not null)
            {
                await quarantine.Keep(source, refused, body, new QuarantineContext { Form = QuarantinedForm.Document, Type = type, Id = id }, http.RequestAborted);
                return FhirAnswers.Refused(refused);
            }
            var resource = document!.RootElement;
            var fallback = id ?? EntriesOf.ContentId(resource);
            var results = await ingest.Take(source, [new IngestEntry { Resource = resource, Id = fallback }], FactOrigin.Live, http.RequestAborted);
            return FhirAnswers.Single(http, results[0], id is not null);
        }
    }

    public async Task<IResult> Bundle(HttpContext http)
    {
        var (source, body, problem) = await Body(http, (int)SiloHost.BodyBytesMax);
        if (problem is not null) return problem;
        var (document, refused) = StrictJson.Parse(body, (int)SiloHost.BodyBytesMax);
        using (document)
        {
            if (refused is null && !EntriesOf.IsBundle(document!.RootElement))
                refused = new ReadResource.Refused(RefusalCodes.UnknownResourceType, "resourceType", "POST /fhir takes a Bundle; a single resource goes to /fhir/{type}.");
            if (refused is not null)
            {
                // A program may write some types only, and here nobody can tell of which this is: nothing is kept that a replay would take past its scopes.
                if (http.Caller().Scopes is null) await quarantine.Keep(source, refused, body, new QuarantineContext { Form = QuarantinedForm.Document }, http.RequestAborted);
                return FhirAnswers.Refused(refused);
            }
            var (entries, type) = EntriesOf.Bundle(document!.RootElement);
            var beyond = await scope.Judge(http, entries);
            var taken = await ingest.Take(source, [.. entries.Where((_, i) => beyond[i] is null)], FactOrigin.Live, http.RequestAborted);
            var next = 0;
            var results = beyond.Select(refusal => refusal is null ? taken[next++] : new EntryResult.Refused(refusal)).ToList();
            return type is null ? FhirAnswers.Refused(((EntryResult.Refused)results[0]).Why) : FhirAnswers.Bundle(type, results);
        }
    }

    private async Task<(SourceName Source, ReadOnlyMemory<byte> Body, IResult? Problem)> Body(HttpContext http, int bytesMax)
    {
        if (http.SourceOf(settings) is not { } source || !sources.IsEnabled(source)) return (default, default, PatientEndpoints.UnknownSource());
        if (!MediaTypes.IsFhirJson(http))
            return (default, default, Problems.Problem.Of(415, "media-type", $"The body is {MediaTypes.Fhir} (or {MediaTypes.Json})."));
        return await RequestBody.Read(http, bytesMax) is { } body
            ? (source, body, null)
            : (default, default, Problems.Problem.Of(413, RefusalCodes.TooLarge, $"The body has more than {bytesMax} bytes."));
    }
}
