using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Signatures;

/// <summary><c>healthml signatures sign</c>: signs a record, with the credential given a second time.</summary>
public static class SignaturesSignCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var file = new Option<string?>("--file") { Description = "The record: its exact bytes are signed", HelpName = "FILE" };
        var digest = new Option<string?>("--digest") { Description = "SHA-256 of the record's exact bytes", HelpName = "SHA256" };
        var subject = new Option<string>("--subject") { Description = "What the record is, by name", HelpName = "NAME", Required = true };
        var meaning = new Option<string>("--meaning") { Description = "What the signature says, such as approve", HelpName = "WORD", Required = true };
        var role = new Option<string?>("--role") { Description = "The role to sign in, where you have several", HelpName = "ROLE" };
        var again = new Option<string?>("--credential-again") { Description = "File with your credential, given a second time; without it you are asked", HelpName = "FILE" };
        var verb = new Verb(connection, "sign", "Sign a record (needs your credential a second time)",
            "healthml signatures sign --file plan.json --subject 'rollout-plan sepsis@3 canary' --meaning approve --credential-again ./data/owner-credential");
        foreach (var option in new Option[] { file, digest, subject, meaning, role, again }) verb.Add(option);
        verb.Validators.Add(given =>
        {
            if (given.GetValue(file) is null == given.GetValue(digest) is null) given.AddError("Give either --file or --digest.");
        });
        return verb.Does(async (asked, session, stop) =>
        {
            var signed = asked.GetValue(file) is { } path ? await DigestOf(path, stop) : asked.GetValue(digest);
            var credential = session.CredentialAgain(asked.GetValue(again));
            var answer = await session.Silo.Post(ApiPath.Of("signatures"), new JsonObject
            {
                ["meaning"] = asked.GetRequiredValue(meaning), ["subject"] = asked.GetRequiredValue(subject), ["digest"] = signed,
                ["role"] = asked.GetValue(role), ["credential"] = credential.Repeated(),
            }, stop);
            session.Screen.Show(answer, signature => JsonTree.Of(signature, "signed"));
        });
    }

    private static async Task<string> DigestOf(string file, CancellationToken stop)
    {
        await using var bytes = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, stop));
    }
}
