using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Intake;
using HealthMLOps.Privacy;

namespace HealthMLOps.Tests.Unit.Privacy;

/// <summary>An identified text shows its mark, whatever renders it.</summary>
public sealed class PhiTests
{
    private const string Canary = "kanarienvogel";

    private static readonly EhrId Id = new(new SourceName("general-hospital"), "Patient", Canary);

    public static TheoryData<object> Carriers =>
    [
        (Phi)Canary!, Id, new ResolvedReference("Patient", Canary),
        new KeptReference($"Patient?identifier=mrn|{Canary}", "Patient", Canary, JsonDocument.Parse($"\"{Canary}\"").RootElement),
        new IngestEntry { Id = Canary, Resource = JsonDocument.Parse($$"""{"id":"{{Canary}}"}""").RootElement },
        new EntryResult.Stored("Patient", Canary, null, Admission.Created),
        new QuarantineContext { Form = QuarantinedForm.Document, Id = Canary },
        new BundleEntry(0, EntryMethod.Put, "Patient", Canary, null, null),
    ];

    [Theory, MemberData(nameof(Carriers), DisableDiscoveryEnumeration = true)]
    public void Words_and_messages_show_no_identifier(object carrier)
    {
        Assert.DoesNotContain(Canary, $"{carrier} {carrier,40} {string.Format(null, "{0}", carrier)}", StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, new InvalidOperationException($"It was {carrier}.").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, string.Join(' ', carrier, new[] { carrier }[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_shows_the_mark()
    {
        Assert.Equal("\"[identified]\"", JsonSerializer.Serialize((Phi)Canary!));
        Assert.DoesNotContain(Canary, JsonSerializer.Serialize(Id), StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, JsonSerializer.Serialize<object>(new { id = Id.Id, result = new EntryResult.Stored("Patient", Canary, null, Admission.Created) }), StringComparison.Ordinal);
    }

    [Fact]
    public void No_public_member_holds_the_text() =>
        Assert.DoesNotContain(typeof(Phi).GetProperties().Cast<System.Reflection.MemberInfo>().Concat(typeof(Phi).GetFields()), m => m.Name is not (nameof(Phi.IsEmpty) or nameof(Phi.Mark)));

    [Fact]
    public void It_is_the_same_as_another_of_the_same_text_and_comes_back_whole()
    {
        Phi one = Canary!, same = string.Concat("kanarien", "vogel")!, other = "pat-2"!;
        Assert.True(one == same && one.Equals((object)same) && one.GetHashCode() == same.GetHashCode() && one != other);
        Assert.Equal(Canary, one.Reveal());
        Assert.Null((Phi?)(string?)null);
    }

    [Fact]
    public void What_is_sealed_keeps_the_text()
    {
        var kept = QuarantineContext.FromBytes(new QuarantineContext { Form = QuarantinedForm.Document, Id = Canary }.ToBytes());
        Assert.Equal(Canary, kept.Id!.Reveal());
    }
}
