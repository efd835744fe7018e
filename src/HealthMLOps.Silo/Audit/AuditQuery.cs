using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;

namespace HealthMLOps.Audit;

/// <summary>Reads a search of the record from a request. A patient is named by the EHR's id, or by pseudonym.</summary>
internal static class AuditQuery
{
    private static readonly string[] Names = ["from", "to", "person", "action", "object", "patient", "source", "outcome", "correlation", "count", "after"];

    public static bool TryRead(HttpContext http, SiloSettings settings, IdentityKeys keys, out AuditQuestion question, [NotNullWhen(false)] out string? fault)
    {
        var query = http.Request.Query;
        string? Value(string name) => query[name].ToString() is { Length: > 0 } value ? value : null;
        question = new AuditQuestion
        {
            Person = Value("person"), Action = Value("action"), Object = Value("object"), Outcome = Value("outcome"), Correlation = Value("correlation"),
        };
        if (query.Keys.Any(name => !Names.Contains(name))) { fault = $"Search the record by: {string.Join(", ", Names)}."; return false; }
        if (!Time(Value("from"), out var from) || !Time(Value("to"), out var to)) { fault = "Queries 'from' and 'to' are instants such as 2026-11-20T10:15:00Z (a '+' in one is written %2B)."; return false; }
        if (Patient(Value("patient"), http, settings, keys) is not (true, var patient)) { fault = "Query 'source' names no configured source."; return false; }
        if (!Cursor(Value("after"), out var after)) { fault = "Query 'after' is the 'next' of an earlier answer."; return false; }
        question = question with { From = from, To = to, Patient = patient, After = after };
        fault = null;
        return true;
    }

    /// <summary>Where the next page begins.</summary>
    public static string Cursor(RecordedEntry last) => string.Create(CultureInfo.InvariantCulture, $"{last.Event.Entry.At.UtcTicks}-{last.Event.Place}");

    public static bool Cursor(string? text, out (DateTimeOffset, AuditPlace)? after)
    {
        after = null;
        if (text is null) return true;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            || ticks > DateTimeOffset.MaxValue.UtcTicks || AuditPlace.Parse(text[(dash + 1)..]) is not { } place) return false;
        after = (new DateTimeOffset(ticks, TimeSpan.Zero), place);
        return true;
    }

    public static (bool Known, PatientKey? Patient) Patient(Phi? named, HttpContext http, SiloSettings settings, IdentityKeys keys) =>
        named is null ? (true, null)
        : PatientKey.IsPseudonym(named.Reveal()) ? (true, new PatientKey(named.Reveal()))
        : http.SourceOf(settings) is { } source ? (true, keys.Patient(source, named)) : (false, null);

    private static bool Time(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null) return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)) return false;
        time = parsed.ToUniversalTime();
        return true;
    }
}
