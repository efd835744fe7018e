using HealthMLOps.Clinical;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>Erases what waits in quarantine of one patient. An item that names others too is theirs as well, and stays.</summary>
public sealed class QuarantineErasure(QuarantineStore store, QuarantineDesk desk)
{
    private const int PageItems = 100;

    /// <summary>Looks through the whole quarantine of the source: an erasure is rare, and nothing else says whom an item is about. A repeat changes nothing.</summary>
    /// <returns>How many were erased, and those that stay though they are, or may be, about the patient.</returns>
    public async Task<(int Erased, IReadOnlyList<QuarantineRemainder> Remaining)> Erase(SourceName source, Phi ehrId, CancellationToken cancellation)
    {
        var (erased, after, remaining) = (0, 0L, new List<QuarantineRemainder>());
        while (await store.Find(new QuarantineFilter(source), after, PageItems, cancellation) is { Count: > 0 } page)
            foreach (var item in page)
            {
                after = item.Id;
                if (item.Status == QuarantineItem.Erased || await store.Get(item.Id, cancellation) is not { } stored) continue;
                var (isAbout, why) = Judge(stored, ehrId);
                if (why is not null) remaining.Add(new QuarantineRemainder(item.Id, why));
                else if (isAbout)
                {
                    await store.Erase(item.Id, cancellation);
                    erased++;
                }
            }
        return (erased, remaining);
    }

    /// <returns>Whether the item is about the patient, and why it stays nevertheless or because nobody can say.</returns>
    private (bool IsAbout, string? StaysBecause) Judge(StoredQuarantineItem stored, Phi ehrId)
    {
        try
        {
            var (named, hasUnnamed) = PatientsNamed.In(desk.Open(stored), desk.Context(stored));
            return named.Contains(ehrId)
                ? (true, named.Count > 1 ? QuarantineRemainder.NamesOthers : hasUnnamed ? QuarantineRemainder.Undecidable : null)
                : (false, named.Count == 0 || hasUnnamed ? QuarantineRemainder.Undecidable : null);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // The patient's key is gone already: one broken item must not keep the others, nor hide what was done.
            return (false, QuarantineRemainder.Unreadable);
        }
    }
}
