using System.Globalization;
using CsCheck;
using HealthMLOps.Clinical;
using HealthMLOps.Patients;
using HealthMLOps.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace HealthMLOps.Tests.Cluster.Storage;

public sealed class CodecTests(Stores stores)
{
    private static readonly ServiceProvider Orleans = new ServiceCollection().AddSerializer().AddSingleton<TurnCodec>().BuildServiceProvider();

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Fact]
    public void A_turn_reads_back_as_it_was_written()
    {
        var codec = Orleans.GetRequiredService<TurnCodec>();
        var turn = new PatientTurn
        {
            Recorded = A.Noon,
            Facts =
            [
                new Fact
                {
                    Resource = A.Resource(1), ResourceType = "Observation", Source = new("general-hospital"), Version = new(1, 2, 3),
                    Standing = FactStanding.Active, Recorded = A.Noon, Available = null,
                    Entries = [new Measurement { Effective = A.Noon, Available = A.Noon, Codes = [], Value = 0.1 + 0.2, Unit = "/min" }],
                },
            ],
        };

        var read = codec.Decode(codec.Encode(turn));

        var fact = Assert.Single(read.Facts);
        Assert.Equal(turn.Facts[0] with { Entries = fact.Entries }, fact);
        var measurement = Assert.IsType<Measurement>(Assert.Single(fact.Entries));
        Assert.Equal((A.Noon, 0.1 + 0.2, "/min"), (measurement.Effective, measurement.Value, measurement.Unit));
    }

    [Fact]
    public void A_turn_of_an_unknown_format_is_refused_by_its_version()
    {
        var codec = Orleans.GetRequiredService<TurnCodec>();
        Assert.Contains("version 9", Assert.Throws<InvalidDataException>(() => codec.Decode(new byte[] { 9, 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("empty", Assert.Throws<InvalidDataException>(() => codec.Decode(ReadOnlyMemory<byte>.Empty)).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_grain_state_is_sealed_and_an_unsealed_one_of_a_former_release_is_read(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        var plain = Orleans.GetRequiredService<Serializer>();
        var serializer = new GrainStateSerializer(plain, store.Seal());
        var stored = serializer.Serialize(new Tally { Sum = 5 });

        Assert.True(stored.ToMemory().Span.IndexOf("tally"u8) < 0);
        Assert.Equal(5, new GrainStateSerializer(plain, store.Seal()).Deserialize<Tally>(stored).Sum);
        Assert.Equal(7, serializer.Deserialize<Tally>(BinaryData.FromBytes((byte[])[1, .. plain.SerializeToArray(new Tally { Sum = 7 })])).Sum);
        Assert.Contains("version 9", Assert.Throws<InvalidDataException>(() => serializer.Deserialize<Tally>(BinaryData.FromBytes(new byte[] { 9, 0 }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_control_key_gives_its_name_back_and_looks_like_no_number() =>
        Gen.String.Where(name => name.Length > 0 && name.All(c => !char.IsSurrogate(c))).Sample(name =>
        {
            var key = ControlKey.Of("rollout", name);
            Assert.Equal(name, ControlKey.NameOf("rollout", key));
            Assert.DoesNotContain('{', key);
            Assert.False(long.TryParse(key, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out _) || Guid.TryParse(key, out _));
        });
}
