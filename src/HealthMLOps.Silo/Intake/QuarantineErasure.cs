using System.Security.Cryptography;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>Erases what waits in quarantine of one patient. An item that names others too is theirs as well, and stays.</summary>
public sealed class QuarantineErasure(QuarantineStore store, QuarantineDesk desk)
{
    private const int PageItems = 100;

    /// <summary>Looks through the whole quarantine of the source: an erasure is rare, and nothing else says whom an item is about. A repeat changes nothing.</summary>
    /// <returns>How many were erased, and the numbers of those that stay.</returns>
    public async Task<(int Erased, IReadOnlyList<long> Remaining)> Erase(SourceName source, Phi ehrId, CancellationToken cancellation)
    {
        var (erased, after, remaining) = (0, 0L, new List<long>());
        while (await store.Find(new QuarantineFilter(source), after, PageItems, cancellation) is { Count: > 0 } page)
            foreach (var item in page)
            {
                after = item.Id;
                if (item.Status == QuarantineItem.Erased || await store.Get(item.Id, cancellation) is not { } stored) continue;
                if (Named(stored) is not { } named) remaining.Add(item.Id);
                else if (!named.Contains(ehrId)) continue;
                else if (named.Count > 1) remaining.Add(item.Id);
                else
                {
                    await store.Erase(item.Id, cancellation);
                    erased++;
                }
            }
        return (erased, remaining);
    }

    /// <summary>Null where the item can't be opened: nobody can say whom it is about.</summary>
    private IReadOnlySet<Phi>? Named(StoredQuarantineItem stored)
    {
        try { return PatientsNamed.In(desk.Open(stored), desk.Context(stored)); }
        catch (CryptographicException) { return null; }
    }
}
