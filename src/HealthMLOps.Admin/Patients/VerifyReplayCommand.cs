using System.Text.Json;
using HealthMLOps.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HealthMLOps.Patients;

/// <summary><c>healthml verify replay</c>: does replaying the log give bit for bit what was served?</summary>
public static class VerifyReplayCommand
{
    /// <summary>A replay of a large log takes the server this long at most.</summary>
    public static readonly TimeSpan AnswerTimeMax = TimeSpan.FromHours(12);

    public static Verb Create(ConnectionOptions connection) =>
        new Verb(connection, "replay", "Replay the log and compare with every served prediction", "healthml verify replay")
            .Does(async (_, session, stop) =>
            {
                session.Screen.Note("Replaying the log on the server…");
                var verdict = await session.Silo.Post(ApiPath.Of("verifications", "replay"), body: null, AnswerTimeMax, stop);
                session.Screen.Show(verdict, Picture);
                if (verdict.Field("mismatches") is not { ValueKind: JsonValueKind.Number } mismatches)
                    throw new CommandFailed(ExitCode.Refused, "The server's answer counts no mismatches.");
                if (mismatches.GetInt64() > 0) throw new CommandFailed(ExitCode.Mismatch, $"{mismatches.GetInt64()} predictions differ from their replay.");
            });

    private static IRenderable Picture(JsonElement verdict)
    {
        var counts = JsonTable.WithHeadings("replay", "");
        foreach (var name in new[] { "patients", "predictions", "mismatches", "seconds" }) counts.AddWords(name, JsonWords.Of(verdict.Field(name)));
        return verdict.Field("examples") is { ValueKind: JsonValueKind.Array } examples && examples.GetArrayLength() > 0
            ? new Rows(counts, JsonTable.Of(examples))
            : counts;
    }
}
