using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit proof</c>: fetches one entry's proof and checks it here: the event, its path to a root, and who signed the root.</summary>
public static class AuditProofCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "The entry's id" };
        var key = new Option<string>("--key") { Description = "File of trusted public keys", HelpName = "PUB", Required = true };
        var verb = new Verb(connection, "proof", "Prove that an entry is in the record (exit code 5 when the proof fails)", "healthml audit proof 3-17 --key record.pub");
        verb.Add(id);
        verb.Add(key);
        return verb.Does(async (asked, session, stop) =>
        {
            var askedId = asked.GetRequiredValue(id);
            var keys = KeyFile.Read(asked.GetRequiredValue(key));
            var answer = await session.Silo.Get(ApiPath.Of("audit", "entries", askedId), stop);
            var proven = Proven(answer, askedId, keys);
            session.Screen.Show(proven, proof => JsonTree.Of(proof, $"{askedId} is in the record"));
        });
    }

    private static JsonElement Proven(JsonElement answer, string id, IReadOnlyList<AuditKey> keys)
    {
        if (answer.Field("proof") is not { ValueKind: JsonValueKind.Object } proof)
            throw new CommandFailed(ExitCode.Refused, $"Entry {id} is not under a signed checkpoint yet; sign one with 'healthml audit checkpoints --now'.");
        var canonical = answer.Words("canonical") ?? "";
        var leaf = MerkleHash.Leaf(Encoding.UTF8.GetBytes(canonical));
        if (SignedCheckpoint.Parse(proof.Words("checkpoint") ?? "") is not { } signed || !signed.IsSignedBy(keys))
            throw new CommandFailed(ExitCode.Mismatch, "The checkpoint of the proof is not signed by a trusted key.");
        var path = JsonTable.Rows(proof.Field("path") ?? default).Select(hash => Convert.FromHexString(hash.GetString() ?? "")).ToList();
        if (!MerkleProof.Includes(signed.Checkpoint.Root, signed.Checkpoint.Size, answer.Count("leaf"), leaf, path))
            throw new CommandFailed(ExitCode.Mismatch, $"The proof does not lead from entry {id} to the signed root.");
        using var document = JsonDocument.Parse(canonical);
        if ($"{document.RootElement.Count("writer")}-{document.RootElement.Count("sequence")}" != id) throw new CommandFailed(ExitCode.Mismatch, $"The server proved another entry than {id}.");
        if (answer.Field("payload") is { ValueKind: JsonValueKind.Object } payload && document.RootElement.Words("commit") is { } commit
            && Convert.ToHexStringLower(SHA256.HashData([.. Convert.FromHexString(payload.Words("salt") ?? ""), .. Encoding.UTF8.GetBytes(payload.Words("text") ?? "")])) != commit)
            throw new CommandFailed(ExitCode.Mismatch, $"What entry {id} rested on is not what it committed to.");
        return JsonSerializer.SerializeToElement(new
        {
            id, leaf = answer.Count("leaf"), size = signed.Checkpoint.Size, signedAt = signed.Checkpoint.At, root = Convert.ToHexStringLower(signed.Checkpoint.Root), proven = true,
        });
    }
}
