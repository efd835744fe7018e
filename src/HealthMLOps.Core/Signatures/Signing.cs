using System.Text.RegularExpressions;

namespace HealthMLOps.Signatures;

/// <summary>What somebody is about to sign: the meaning, and the record by name and digest.</summary>
/// <param name="Meaning">What the signature will say: lower-case words with '-' ("approve", "review").</param>
/// <param name="Subject">What the digest is of, by our own name ("rollout-plan sepsis@3 canary").</param>
/// <param name="Digest">SHA-256 of the record's exact bytes, lower-case hexadecimal.</param>
public sealed partial record Signing(string Meaning, string Subject, string Digest)
{
    public const int SubjectCharsMax = 200;

    /// <summary>The role to sign in, kebab-case, where the signer has several; null = the account's first.</summary>
    public string? Role { get; init; }

    /// <summary>What is wrong with it, or null.</summary>
    public string? Fault =>
        !Word().IsMatch(Meaning) ? "A signature's 'meaning' is 1 to 40 letters a-z and '-', such as 'approve'."
        : !OwnName().IsMatch(Subject) ? $"A signature's 'subject' is 1 to {SubjectCharsMax} characters: letters, digits, spaces and any of '-_.:/@', beginning with a letter."
        : !Sha256().IsMatch(Digest) ? $"A signature's 'digest' is a SHA-256 of 64 lower-case hexadecimal digits; got {Digest.Length} characters."
        : Role is not null && !Word().IsMatch(Role) ? "A signature's 'role' is a role's name, such as 'clinician-reviewer'."
        : null;

    [GeneratedRegex(@"\A[a-z][a-z-]{0,39}\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9 _.:/@-]{0,199}\z")]
    private static partial Regex OwnName();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();
}
