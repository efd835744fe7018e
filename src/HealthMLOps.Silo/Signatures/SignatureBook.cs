using System.Text.Json;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Hosting;

namespace HealthMLOps.Signatures;

/// <summary>Signatures after 21 CFR 11: printed name, time, meaning, a credential repeated at the moment of signing, bound to the record's exact bytes.</summary>
public sealed class SignatureBook(SignatureStore store, Reauthentication reauthentication, AuditBook record, ClinicalClock clock)
{
    /// <summary>Signatures over one record are few; more would be a fault.</summary>
    private const int OverOneMax = 1_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Signs, on the record and durably when it returns. Signing the same again gives the signature that stands.</summary>
    /// <param name="caller">Who signs.</param>
    /// <param name="signing">What, and what it shall mean.</param>
    /// <param name="credential">The caller's credential, repeated in this very request.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="SignatureRefused">The request is malformed, the role is not the caller's, or the credential isn't.</exception>
    public async Task<Signature> Sign(Caller caller, Signing signing, string credential, CancellationToken cancellation)
    {
        if (signing.Fault is { } fault) throw new SignatureRefused("signature", fault);
        var roles = caller.Roles.Select(AuditBook.NameOf).ToArray();
        if (roles.Length == 0 || (signing.Role is not null && !roles.Contains(signing.Role)))
            throw new SignatureRefused("role", $"{caller.PrintedName} signs in one of the roles: {string.Join(", ", roles)}.");
        var role = signing.Role ?? roles[0];
        var attempt = record.By(caller, "signature.sign") with { Role = role, Object = signing.Subject };
        if (!await reauthentication.Proves(caller, credential, cancellation))
        {
            await record.Record(attempt with { Outcome = "reauthentication-failed" });
            throw new SignatureRefused("reauthentication", "The credential in the request is not the caller's own, or its login is too old; a signature needs it repeated, or a token of a fresh login.");
        }
        var signature = new Signature
        {
            Id = $"sig-{Guid.CreateVersion7():N}", Person = caller.Person, PrintedName = caller.PrintedName, Role = role,
            Meaning = signing.Meaning, Digest = signing.Digest, Subject = signing.Subject, At = clock.Now.ToUniversalTime(),
        };
        await record.Record(attempt with { Payload = JsonSerializer.Serialize(signature, Json) });
        return await store.Add(signature, cancellation);
    }

    /// <summary>All signatures over the record with that SHA-256, oldest first.</summary>
    public Task<IReadOnlyList<Signature>> Over(string digest, CancellationToken cancellation) => store.Find(digest, null, null, OverOneMax, cancellation);
}
