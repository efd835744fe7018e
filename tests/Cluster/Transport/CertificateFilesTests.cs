using HealthMLOps.Clinical;
using HealthMLOps.Tests.Shared;
using HealthMLOps.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace HealthMLOps.Tests.Cluster.Transport;

/// <summary>Certificates from files: what may not start a silo, and what an exchange under way does.</summary>
public sealed class CertificateFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("healthml-tls-").FullName;
    private readonly ACertificateAuthority _authority;

    public CertificateFilesTests() => _authority = new ACertificateAuthority(_folder, "hospital");

    [Fact]
    public void A_missing_broken_expired_or_strange_pair_is_refused_by_name()
    {
        var (certificate, key) = _authority.Issue("good");
        var (_, another) = _authority.Issue("another");
        var (old, oldKey) = _authority.Issue("old", daysFromNow: -1);
        var empty = Path.Combine(_folder, "empty.pem");
        File.WriteAllText(empty, "nothing");

        Assert.Contains("'/nowhere/web.pem' can't be read", Refusal("/nowhere/web.pem", key), StringComparison.Ordinal);
        Assert.Contains("'/nowhere/web.key' can't be read", Refusal(certificate, "/nowhere/web.key"), StringComparison.Ordinal);
        Assert.Contains($"'{another}' does not hold", Refusal(certificate, another), StringComparison.Ordinal);
        Assert.Contains($"'{old}' is good from", Refusal(old, oldKey), StringComparison.Ordinal);
        Assert.Contains("holds no certificate", Refusal(empty, key), StringComparison.Ordinal);
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("must be 0600 or 0400", Refusal(certificate, key), StringComparison.Ordinal);
    }

    [Fact]
    public void An_exchanged_pair_is_taken_over_and_a_half_exchanged_one_is_not()
    {
        var (certificate, key) = _authority.Issue("web");
        var files = Files(certificate, key);
        var first = files.Current().TargetCertificate.SerialNumber;
        Assert.Equal(first, files.Current().TargetCertificate.SerialNumber);

        var (newer, newerKey) = _authority.Issue("newer");
        File.Copy(newer, certificate, overwrite: true);
        Assert.Equal(first, files.Current().TargetCertificate.SerialNumber);
        File.Copy(newerKey, key, overwrite: true);
        var second = files.Current().TargetCertificate.SerialNumber;
        Assert.NotEqual(first, second);
        File.Delete(key);
        Assert.Equal(second, files.Current().TargetCertificate.SerialNumber);
    }

    [Fact]
    public void A_silo_is_who_the_authority_certified_for_that_role()
    {
        using var other = new ACertificateAuthority(_folder, "other");
        var trust = new ClusterTrust(_authority.File);
        string? Judged((string, string) pair) => trust.Refusal(Files(pair.Item1, pair.Item2).Current().TargetCertificate, null, PeerSide.Calling);

        Assert.Null(Judged(_authority.Issue("silo")));
        Assert.Contains("does not name the role", Judged(_authority.Issue("printer", role: null)), StringComparison.Ordinal);
        Assert.Contains("does not name the role", Judged(_authority.Issue("mail", role: "urn:healthml:silos")), StringComparison.Ordinal);
        Assert.Contains("authority", Judged(other.Issue("foreign")), StringComparison.Ordinal);
        Assert.Equal("it presented no certificate", trust.Refusal(null, null, PeerSide.Calling));

        // While one authority replaces the other, the file holds both.
        File.AppendAllText(_authority.File, "\n" + File.ReadAllText(other.File));
        Assert.Null(Judged(other.Issue("foreign")));
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static CertificateFiles Files(string certificate, string key) => new(certificate, key, TimeProvider.System, NullLogger<CertificateFiles>.Instance);

    private static string Refusal(string certificate, string key) => Assert.Throws<InvalidConfiguration>(() => Files(certificate, key)).Message;
}
