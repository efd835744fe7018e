using HealthMLOps.Models;
using HealthMLOps.Statistics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace HealthMLOps.Tests.Unit.Modeling;

public sealed class ModelWireTests
{
    private static readonly Serializer Wire = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    [Fact]
    public void A_score_and_a_refusal_arrive_as_they_were_sent()
    {
        Assert.Equal(0.25, OverTheWire(ScoreResult.From(0.25)).Score);
        var refusal = ScoreResult.From(double.NaN);
        Assert.Equal(NoScoreReason.NonFiniteOutput, refusal.NoScore);
        Assert.Equal(refusal, OverTheWire(refusal));
    }

    [Fact]
    public void A_contract_arrives_as_it_was_sent()
    {
        var contract = AContract.With([new("sex", ["sex"]) { Words = ["female", "male"] }], new("p", ModelOutputKind.ZipMap, "1")) with
        {
            InputAgeMax = TimeSpan.FromHours(1), Reference = [null], GoldenInputs = [new([1], 0.5)], Required = ["sex"],
        };
        Assert.Equal(ContractJson.Write(contract), ContractJson.Write(OverTheWire(contract)));
    }

    [Fact]
    public void Contributions_statistics_and_refusals_arrive_as_they_were_sent()
    {
        Assert.Equal(new Contribution("lactate", 4, null, 0.2), OverTheWire(new Contribution("lactate", 4, null, 0.2)));
        Assert.Equal(new AurocEstimate(0.8, 0.01, 50, 500), OverTheWire(new AurocEstimate(0.8, 0.01, 50, 500)));
        Assert.Equal(new CalibrationLine(1, 0.1), OverTheWire(new CalibrationLine(1, 0.1)));
        Assert.Equal("why", OverTheWire(new PackageRefused("why")).Message);
    }

    private static T OverTheWire<T>(T value) => Wire.Deserialize<T>(Wire.SerializeToArray(value))!;
}
