using System.CommandLine;
using System.Text.Json;
using HealthMLOps.Hosting;
using Spectre.Console.Rendering;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit verify</c>: proves an exported record without the server, or names the first bad entry.</summary>
public static class AuditVerifyCommand
{
    private const int BufferBytes = 1 << 18;

    public static Verb Create(ConnectionOptions connection)
    {
        var file = new Argument<string>("FILE") { Description = "The exported record" };
        var key = new Option<string>("--key") { Description = "File of trusted public keys", HelpName = "PUB", Required = true };
        var from = new Option<string?>("--from") { Description = "An earlier checkpoint that must hold", HelpName = "CP" };
        var to = new Option<string?>("--to") { Description = "A later checkpoint that must hold", HelpName = "CP" };
        var witness = new Option<string[]>("--witness") { Description = "File of checkpoints that a witness keeps; may be repeated", HelpName = "FILE" };
        var verb = new Verb(connection, "verify", "Verify an exported record, without the server (exit code 5 when it is not sound)",
            "healthml audit verify record.ndjson --key record.pub --witness /mnt/witness/healthml-0af3-2026-11.checkpoints");
        verb.Add(file);
        foreach (var option in new Option[] { key, from, to, witness }) verb.Add(option);
        return verb.DoesOffline(async (asked, screen, stop) =>
        {
            var outside = new[] { asked.GetValue(from), asked.GetValue(to) }.OfType<string>().Concat(asked.GetValue(witness) ?? []).SelectMany(KeyFile.Checkpoints).ToList();
            var verifier = new ExportVerifier(KeyFile.Read(asked.GetRequiredValue(key)), outside);
            await using var record = new FileStream(asked.GetRequiredValue(file), FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan | FileOptions.Asynchronous);
            var verdict = await ExportReader.Verify(record, verifier, stop);
            screen.Show(JsonSerializer.SerializeToElement(new
            {
                sound = verdict.Fault is null,
                origin = verdict.Origin,
                from = verdict.From,
                entries = verdict.Entries,
                hidden = verdict.Hidden,
                checkpoints = verdict.Checkpoints,
                clockRegressions = verdict.ClockRegressions,
                firstRegression = verdict.FirstRegression,
                size = verdict.Last?.Size,
                root = verdict.Last is { } last ? Convert.ToHexStringLower(last.Root) : null,
                signedAt = verdict.Last?.At,
                fault = verdict.Fault,
            }, JsonSerializerOptions.Web), Picture);
            if (verdict.Fault is { } fault) throw new CommandFailed(ExitCode.Mismatch, fault.Detail);
        });
    }

    private static IRenderable Picture(JsonElement verdict) => JsonTree.Of(verdict, verdict.GetProperty("sound").GetBoolean() ? "the record is sound" : "the record is NOT sound");
}
