using HealthMLOps.Signatures;

namespace HealthMLOps.Tests.Unit.Signatures;

public sealed class SigningTests
{
    private static readonly Signing Sound = new("approve", "rollout-plan sepsis@3 canary", new string('0', 64));

    [Fact]
    public void A_sound_request_has_no_fault() => Assert.Null((Sound with { Role = "clinician-reviewer" }).Fault);

    [Fact]
    public void A_digest_is_64_lower_case_hexadecimal_digits_and_nothing_after_them()
    {
        foreach (var wrong in new[] { "", new string('0', 63), new string('A', 64), new string('0', 64) + "\n" })
            Assert.Contains("'digest'", (Sound with { Digest = wrong }).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Meaning_subject_and_role_are_our_own_words()
    {
        Assert.Contains("'meaning'", (Sound with { Meaning = "I approve" }).Fault, StringComparison.Ordinal);
        Assert.Contains("'subject'", (Sound with { Subject = "Jane Doe\n1970" }).Fault, StringComparison.Ordinal);
        Assert.Contains("'subject'", (Sound with { Subject = new string('s', Signing.SubjectCharsMax + 1) }).Fault, StringComparison.Ordinal);
        Assert.Contains("'role'", (Sound with { Role = "Owner!" }).Fault, StringComparison.Ordinal);
    }
}
