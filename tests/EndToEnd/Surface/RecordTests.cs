using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Charts;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Surface;

/// <summary>The record as an auditor meets it: with the admin client, then without any server.</summary>
public sealed class RecordTests(Sites sites)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Sites.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_read_of_a_patient_is_found_proven_exported_and_verified_offline_and_a_tampered_file_is_refused(StorageProvider provider)
    {
        using var site = await sites.Fresh(provider);
        var (witness, file, keys) = (Path.Combine(site.Folder, "witness"), Path.Combine(site.Folder, "record.ndjson"), Path.Combine(site.Folder, "record.pub"));
        var patient = A.NewId("p");
        string entry;
        await using (var silo = await site.Start("--audit-witness", witness))
        {
            var owner = new Caller(silo, site.Owner);
            await owner.Post("/fhir", A.Batch([A.Patient(patient), A.Observation(A.NewId("o"), patient, A.HeartRate, 96, "/min", DateTimeOffset.UtcNow)]));
            await owner.Read($"/api/v1/patients/{patient}/risk");

            var found = await HealthmlProcess.Run(silo, "audit", "search", "--patient", patient, "--action", "risk.read");
            var read = Assert.Single(found["items"]!.AsArray())!;
            Assert.Equal(("owner", "TREAT", "ok"), (read["person"]!.GetValue<string>(), read["purpose"]!.GetValue<string>(), read["outcome"]!.GetValue<string>()));
            Assert.DoesNotContain(patient, found.ToJsonString(), StringComparison.Ordinal);
            entry = read["id"]!.GetValue<string>();
            await HealthmlProcess.Run(silo, "audit", "keys", "--out", keys);
            await HealthmlProcess.Run(silo, "audit", "checkpoints", "--now", "--out", Path.Combine(site.Folder, "earlier.checkpoint"));
            Assert.True((await HealthmlProcess.Run(silo, "audit", "proof", entry, "--key", keys))["proven"]!.GetValue<bool>());
            Assert.Contains("risk.read", (await HealthmlProcess.Run(silo, "audit", "show", entry))["canonical"]!.GetValue<string>(), StringComparison.Ordinal);
            await HealthmlProcess.Run(silo, "audit", "export", "--out", file);
        }
        // The server is gone.
        var kept = Directory.GetFiles(witness).SelectMany(f => new[] { "--witness", f });
        string[] verify = ["audit", "verify", file, "--key", keys, "--from", Path.Combine(site.Folder, "earlier.checkpoint"), .. kept];
        var (code, verdict) = await HealthmlProcess.Alone(verify);
        Assert.Equal((0, true), (code, verdict["sound"]!.GetValue<bool>()));

        var lines = await File.ReadAllLinesAsync(file, Stop);
        var at = Array.FindIndex(lines, l => l.Contains("risk.read", StringComparison.Ordinal));
        var leaf = JsonNode.Parse(lines[at])!["leaf"]!.GetValue<long>();
        lines[at] = lines[at].Replace("\"person\":\"owner\"", "\"person\":\"nobody\"", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, string.Concat(lines.Select(l => l + "\n")), Stop);
        (code, verdict) = await HealthmlProcess.Alone(verify);
        Assert.Equal((5, leaf), (code, verdict["fault"]!["entry"]!.GetValue<long>()));
    }

    [Fact]
    public async Task A_signature_is_given_with_the_credential_again_and_listed_and_a_hold_is_placed_and_released()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        await using var silo = await site.Start();
        var plan = Path.Combine(site.Folder, "plan.json");
        await File.WriteAllTextAsync(plan, "{\"plan\":1}", Stop);
        var signed = await HealthmlProcess.Run(silo, "signatures", "sign", "--file", plan, "--subject", "rollout-plan sepsis@3 canary", "--meaning", "approve",
            "--credential-again", site.OwnerCredentialFile);
        var id = signed["id"]!.GetValue<string>();
        Assert.Equal(id, Assert.Single((await HealthmlProcess.Run(silo, "signatures", "list", "--digest", signed["digest"]!.GetValue<string>()))["items"]!.AsArray())!["id"]!.GetValue<string>());
        Assert.Equal("Owner", (await HealthmlProcess.Run(silo, "signatures", "show", id))["printedName"]!.GetValue<string>());
        var attempts = await HealthmlProcess.Run(silo, "audit", "search", "--action", "signature.sign");
        Assert.Equal("ok", Assert.Single(attempts["items"]!.AsArray())!["outcome"]!.GetValue<string>());

        var hold = await HealthmlProcess.Run(silo, "audit", "hold", "--object", "sepsis@3", "--reason", "Litigation");
        await HealthmlProcess.Run(silo, "audit", "release", hold["id"]!.GetValue<long>().ToString(System.Globalization.CultureInfo.InvariantCulture), "--reason", "Closed", "--yes");
        Assert.Equal("owner", Assert.Single((await HealthmlProcess.Run(silo, "audit", "holds"))["items"]!.AsArray())!["releasedBy"]!.GetValue<string>());
    }

    [Fact]
    public async Task Entries_whose_time_is_over_are_hidden_by_two_persons_and_younger_ones_are_refused()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        await using var silo = await site.Start();
        var second = Path.Combine(site.Folder, "second");
        await using (var added = HealthmlProcess.Start(silo, "users", "add", "p-second", "--name", "Sec Ond", "--role", "compliance", "--save", second)) await added.Answer();

        await using (var young = HealthmlProcess.Start(silo, "audit", "remove", "--before", DateTimeOffset.UtcNow.AddYears(-1).ToString("O"), "--reason", "Too early"))
            Assert.Contains("6 years", (await Assert.ThrowsAsync<InvalidOperationException>(young.Answer)).Message, StringComparison.Ordinal);
        var proposed = await HealthmlProcess.Run(silo, "audit", "remove", "--before", "2019-01-01", "--reason", "Six years are over");
        var id = proposed["id"]!.GetValue<long>().ToString(System.Globalization.CultureInfo.InvariantCulture);
        await using (var alone = HealthmlProcess.Start(silo, "audit", "approve", id, "--yes"))
            Assert.Contains("second person", (await Assert.ThrowsAsync<InvalidOperationException>(alone.Answer)).Message, StringComparison.Ordinal);
        await using var approval = ChildProcess.Start("healthml",
            ["audit", "approve", id, "--yes", "--server", silo.Address.OriginalString, "--credential-file", second, "--output", "json"]);
        Assert.True(await approval.Ended() == 0, approval.Complained);
        var removal = Assert.Single((await HealthmlProcess.Run(silo, "audit", "removals"))["items"]!.AsArray())!;
        Assert.Equal(("owner", "p-second", 0), (removal["proposedBy"]!.GetValue<string>(), removal["approvedBy"]!.GetValue<string>(), removal["hidden"]!.GetValue<int>()));
    }
}
