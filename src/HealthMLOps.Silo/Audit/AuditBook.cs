using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HealthMLOps.Access;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Audit;

/// <summary>Puts acts on the record, durably, before they take effect. What can't be recorded isn't done.</summary>
public sealed class AuditBook(IEventLog log, ClinicalClock clock, PayloadSeal seal)
{
    /// <summary>Longer than any code or name of ours.</summary>
    public const int WordCharsMax = 256;

    public const int PayloadCharsMax = 1 << 18;

    private const int SaltBytes = 32;

    /// <summary>The beginning of an entry: this caller, now, in the first of their roles, with success as the outcome.</summary>
    /// <param name="caller">Who acts.</param>
    /// <param name="action">What, as "noun.verb".</param>
    public AuditEntry By(Caller caller, string action) => new(
        clock.Now.ToUniversalTime(), caller.Person, caller.Account, caller.Roles.Length == 0 ? "none" : NameOf(caller.Roles[0]), caller.Purpose, action, "ok");

    /// <summary>As <see cref="By(Caller, string)"/>, tied to the request.</summary>
    public AuditEntry By(HttpContext http, string action) => By(http.Caller(), action) with { Correlation = http.TraceIdentifier };

    /// <summary>A read of one patient, or of what is about no one patient that we could name.</summary>
    public Task Read(HttpContext http, string action, PatientKey? patient, string outcome) =>
        Record(By(http, action) with { Patient = patient, Outcome = outcome });

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="ArgumentException">The entry holds what the record does not keep.</exception>
    /// <exception cref="LogBusy">The record's queue is full; nothing was written.</exception>
    /// <exception cref="LogUnavailable">The database did not confirm it.</exception>
    public Task Record(AuditEntry entry)
    {
        foreach (var word in new[] { entry.Person, entry.Account, entry.Role, entry.Purpose, entry.Action, entry.Outcome, entry.Object, entry.Correlation })
            if (word is not null && (word.Length > WordCharsMax || word.Any(char.IsControl)))
                throw new ArgumentException($"A word of the entry '{entry.Action}' has {word.Length} characters or a control character; the record keeps codes and names of up to {WordCharsMax}.");
        if (entry.Payload is null) return log.Record(new AuditAppend(entry, null, null));
        if (entry.Payload.Length > PayloadCharsMax)
            throw new ArgumentException($"The payload of '{entry.Action}' has {entry.Payload.Length} characters; the record keeps up to {PayloadCharsMax}.");
        byte[] salted = [.. RandomNumberGenerator.GetBytes(SaltBytes), .. Encoding.UTF8.GetBytes(entry.Payload)];
        var commitment = SHA256.HashData(salted);
        return log.Record(new AuditAppend(entry with { Payload = null }, commitment, seal.Seal(salted, Context(commitment))));
    }

    /// <summary>What an entry rested on, with the salt that its commitment was made with.</summary>
    public (byte[] Salt, string Payload) Open(byte[] sealedPayload, byte[] commitment)
    {
        var salted = seal.Open(sealedPayload, Context(commitment));
        return (salted[..SaltBytes], Encoding.UTF8.GetString(salted.AsSpan(SaltBytes)));
    }

    /// <summary>A role as the record and signatures write it: "clinician-reviewer".</summary>
    public static string NameOf(Role role) => JsonNamingPolicy.KebabCaseLower.ConvertName(role.ToString());

    private static string Context(byte[] commitment) => "audit/" + Convert.ToHexStringLower(commitment);
}
