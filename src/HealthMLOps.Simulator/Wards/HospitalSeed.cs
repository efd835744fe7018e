using System.Globalization;
using HealthMLOps.Simulation.Chance;

namespace HealthMLOps.Simulation.Wards;

/// <summary>The seed of one hospital and one run kind; ids carry a tag of it, so that two runs into one runtime never collide.</summary>
internal sealed record HospitalSeed(ulong Number, string Purpose)
{
    private const string Letters = "bcdfghjkmnpqrstvwxz";

    private readonly string _tag = TagOf(Number, Purpose);

    public string PatientId(long number) => string.Create(CultureInfo.InvariantCulture, $"sim-{_tag}-{number:D6}");

    private static string TagOf(ulong seed, string purpose)
    {
        var chance = RandomStream.Of(seed, purpose);
        return new string([.. Enumerable.Range(0, 4).Select(_ => chance.Pick(Letters.ToCharArray()))]);
    }
}
