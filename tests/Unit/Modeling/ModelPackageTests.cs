using System.Text;
using HealthMLOps.Models;

namespace HealthMLOps.Tests.Unit.Modeling;

public sealed class ModelPackageTests
{
    private static readonly ModelContract Contract = AContract.ForMatrix("X", 1, "p");
    private static readonly byte[] Onnx = GoldenOnnx.Valid("identity_with_metadata");

    [Fact]
    public void The_same_parts_make_the_same_bytes()
    {
        var report = "{\"auroc\":0.8}"u8.ToArray();
        var first = ModelPackage.Pack(Contract, Onnx, report);
        var again = ModelPackage.Pack(Contract with { Model = "deterioration" }, Onnx.ToArray(), report);
        Assert.Equal(first.Digest, again.Digest);
        Assert.True(first.Bytes.Span.SequenceEqual(again.Bytes.Span));
    }

    [Fact]
    public void An_opened_package_gives_back_what_was_packed()
    {
        var contract = Contract with { InputAgeMax = TimeSpan.FromHours(4), Reference = [null], GoldenInputs = [new([0.5], 0.5)] };
        var packed = ModelPackage.Pack(contract, Onnx, "{}"u8.ToArray());
        var opened = ModelPackage.Open(packed.Bytes, packed.Digest);
        Assert.Equal(ContractJson.Write(contract), ContractJson.Write(opened.Contract));
        Assert.Equal(Onnx, opened.Onnx.ToArray());
        Assert.Equal("{}", Encoding.UTF8.GetString(opened.Report!.Value.Span));
    }

    [Fact]
    public void A_package_is_a_zip_that_others_can_read()
    {
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(ModelPackage.Pack(Contract, Onnx).Bytes.ToArray()));
        Assert.Equal(["contract.json", "model.onnx"], zip.Entries.Select(entry => entry.FullName));
        using var content = new MemoryStream();
        using var entry = zip.GetEntry("model.onnx")!.Open();
        entry.CopyTo(content);
        Assert.Equal(Onnx, content.ToArray());
    }

    [Fact]
    public void A_package_with_any_bit_flipped_is_refused_by_its_digest()
    {
        var package = ModelPackage.Pack(Contract, Onnx);
        for (var at = 0; at < package.Bytes.Length; at++)
        {
            var bytes = package.Bytes.ToArray();
            bytes[at] ^= (byte)(1 << (at % 8));
            Assert.Contains("SHA-256", Assert.Throws<PackageRefused>(() => ModelPackage.Open(bytes, package.Digest)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("prefix")]
    [InlineData("suffix")]
    [InlineData("second-entry")]
    [InlineData("unsorted")]
    [InlineData("truncated")]
    [InlineData("wrong-checksum")]
    public void A_zip_in_any_other_form_is_refused(string trick)
    {
        var good = ModelPackage.Pack(Contract, Onnx).Bytes.ToArray();
        var name = good.AsSpan().IndexOf("contract.json"u8);
        byte[] bad = trick switch
        {
            "prefix" => [0, .. good],
            "suffix" => [.. good, 0],
            "second-entry" => StoredZip.Write([("contract.json", good), ("contract.json", Onnx), ("model.onnx", Onnx)]),
            "unsorted" => [.. good[..name], .. "zontract.json"u8, .. good[(name + 13)..]],
            "truncated" => good[..^30],
            _ => [.. good[..14], 1, 2, 3, 4, .. good[18..]],
        };
        Assert.Contains("one allowed form", Assert.Throws<PackageRefused>(() => ModelPackage.Open(bad, ModelPackage.DigestOf(bad))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"schemaVersion\":2,\"contract\":{}}", "schema version is 2")]
    [InlineData("{\"contract\":{}}", "schema version is absent")]
    [InlineData("{\"schemaVersion\":1,\"contract\":{\"model\":\"m\"}}", "can't be read")]
    [InlineData("{\"schemaVersion\":1,\"schemaVersion\":1}", "can't be read")]
    [InlineData("[]", "schema version is absent")]
    [InlineData("nothing", "can't be read")]
    public void A_contract_of_an_unknown_form_is_refused(string json, string why)
    {
        var bytes = StoredZip.Write([("contract.json", Encoding.UTF8.GetBytes(json)), ("model.onnx", Onnx)]);
        Assert.Contains(why, Assert.Throws<PackageRefused>(() => ModelPackage.Open(bytes, ModelPackage.DigestOf(bytes))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contract_with_a_member_that_we_do_not_know_is_refused()
    {
        var json = Encoding.UTF8.GetString(ContractJson.Write(Contract)).Replace("\"threshold\"", "\"surprise\":1,\"threshold\"", StringComparison.Ordinal);
        Assert.Throws<PackageRefused>(() => ContractJson.Read(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("model.onnx", false)]
    [InlineData("contract.json", false)]
    [InlineData("extra.txt", true)]
    public void A_package_has_its_parts_and_nothing_else(string part, bool tooMany)
    {
        List<(string Name, ReadOnlyMemory<byte> Bytes)> parts = [("contract.json", ContractJson.Write(Contract)), ("model.onnx", Onnx)];
        if (tooMany) parts.Add((part, Onnx));
        else parts.RemoveAll(one => one.Name == part);
        var bytes = StoredZip.Write(parts);
        Assert.Contains(part, Assert.Throws<PackageRefused>(() => ModelPackage.Open(bytes, ModelPackage.DigestOf(bytes))).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Func<ModelContract, ModelContract>> Broken => new()
    {
        { "threshold is 1.1", contract => contract with { Threshold = 1.1 } },
        { "threshold is NaN", contract => contract with { Threshold = double.NaN } },
        { "first band begins", contract => contract with { Bands = [new("low", 0.1)] } },
        { "band 'b' begins", contract => contract with { Bands = [new("a", 0), new("b", 0)] } },
        { "bands are absent", contract => contract with { Bands = [] } },
        { "no inputs", contract => contract with { Inputs = [] } },
        { "feature 'f0' stands there twice", contract => contract with { Inputs = [new("X", ["f0", "f0"])] } },
        { "required feature 'g'", contract => contract with { Required = ["g"] } },
        { "reference has another length", contract => contract with { Reference = [1, 2] } },
        { "featureSetHash", contract => contract with { FeatureSetHash = "ABC" } },
        { "model name", contract => contract with { Model = "Sepsis 3" } },
        { "positive class", contract => contract with { Output = new("p", ModelOutputKind.Tensor, "yes") } },
        { "ZipMap", contract => contract with { Output = new("p", ModelOutputKind.ZipMap, null) } },
        { "horizon", contract => contract with { IntendedUse = contract.IntendedUse with { Horizon = TimeSpan.Zero } } },
        { "golden input's score", contract => contract with { GoldenInputs = [new([1], 2)] } },
    };

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void A_contract_that_breaks_a_rule_is_refused_by_name(string why, Func<ModelContract, ModelContract> breaking) =>
        Assert.Contains(why, Assert.Throws<PackageRefused>(() => ModelPackage.Pack(breaking(Contract), Onnx)).Message, StringComparison.Ordinal);
}
