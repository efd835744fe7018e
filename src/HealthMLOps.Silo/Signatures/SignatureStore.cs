using System.Data.Common;
using HealthMLOps.Storage;

namespace HealthMLOps.Signatures;

/// <summary>All signatures ever given. Rows are added and never changed; the database refuses anything else.</summary>
public sealed class SignatureStore(Database database)
{
    private const string Columns = "id, person, printed_name, role, meaning, digest, subject, at_ticks";

    /// <summary>Stores it, durably, unless the same person has said the same of the same record before.</summary>
    /// <returns>What is stored: this signature, or the former one.</returns>
    public async Task<Signature> Add(Signature signature, CancellationToken cancellation)
    {
        await database.Change(
            $"""
            INSERT INTO signatures ({Columns}) VALUES (@id, @person, @printed, @role, @meaning, @digest, @subject, @at)
            ON CONFLICT (digest, subject, meaning, person) DO NOTHING
            """,
            cancellation, ("@id", signature.Id), ("@person", signature.Person), ("@printed", signature.PrintedName), ("@role", signature.Role),
            ("@meaning", signature.Meaning), ("@digest", signature.Digest), ("@subject", signature.Subject), ("@at", signature.At.UtcTicks));
        return (await Where("digest = @digest AND subject = @subject AND meaning = @meaning AND person = @person", 1, cancellation,
            ("@digest", signature.Digest), ("@subject", signature.Subject), ("@meaning", signature.Meaning), ("@person", signature.Person)))[0];
    }

    public async Task<Signature?> Get(string id, CancellationToken cancellation) =>
        (await Where("id = @id", 1, cancellation, ("@id", id))).SingleOrDefault();

    /// <summary>Signatures over one record, or of one subject, or all: oldest first, those after <paramref name="after"/> in that order.</summary>
    public Task<IReadOnlyList<Signature>> Find(string? digest, string? subject, Signature? after, int countMax, CancellationToken cancellation)
    {
        var conditions = new List<string> { "(at_ticks, id) > (@at, @id)" };
        var parameters = new List<(string, object?)> { ("@at", after?.At.UtcTicks ?? -1), ("@id", after?.Id ?? "") };
        if (digest is not null) { conditions.Add("digest = @digest"); parameters.Add(("@digest", digest)); }
        if (subject is not null) { conditions.Add("subject = @subject"); parameters.Add(("@subject", subject)); }
        return Where(string.Join(" AND ", conditions), countMax, cancellation, [.. parameters]);
    }

    private Task<IReadOnlyList<Signature>> Where(string condition, int countMax, CancellationToken cancellation, params (string, object?)[] parameters) =>
        database.Query($"SELECT {Columns} FROM signatures WHERE {condition} ORDER BY at_ticks, id LIMIT {countMax}", SignatureOf, cancellation, parameters);

    private static Signature SignatureOf(DbDataReader row) => new()
    {
        Id = row.GetString(0), Person = row.GetString(1), PrintedName = row.GetString(2), Role = row.GetString(3),
        Meaning = row.GetString(4), Digest = row.GetString(5), Subject = row.GetString(6), At = new DateTimeOffset(row.GetInt64(7), TimeSpan.Zero),
    };
}
