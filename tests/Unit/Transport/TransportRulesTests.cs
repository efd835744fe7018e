using HealthMLOps.Hosting;
using HealthMLOps.Transport;

namespace HealthMLOps.Tests.Unit.Transport;

/// <summary>Which settings would send patient data readable over a network, and are refused before anything starts.</summary>
public sealed class TransportRulesTests
{
    private static readonly string[] Tls = ["--tls-certificate", "web.pem", "--tls-key", "web.key"];
    private static readonly string[] Cluster = ["--cluster-certificate", "silo.pem", "--cluster-key", "silo.key", "--cluster-ca", "ca.pem"];

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1:8080;http://[::1]:8080")]
    [InlineData("http://127.1.2.3:80")]
    public void Plain_http_serves_this_machine(string urls) => Check("--urls", urls);

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://*:8080")]
    [InlineData("http://+:80")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://10.0.0.5:8080")]
    [InlineData("http://silo.hospital.example:8080")]
    [InlineData("http://localhost.hospital.example:8080")]
    [InlineData("http://127.0.0.1:1;http://0.0.0.0:2")]
    public void Plain_http_on_another_address_needs_a_proxy_that_speaks_TLS(string urls)
    {
        Assert.Contains("plain http is allowed on this machine's own addresses", Refusal("--urls", urls), StringComparison.Ordinal);
        Check("--urls", urls, "--tls-proxy");
    }

    [Fact]
    public void Https_and_its_certificate_come_together()
    {
        Check(["--urls", "https://0.0.0.0:8443", .. Tls]);
        Check(["--urls", "https://0.0.0.0:8443;http://localhost:8080", .. Tls]);
        Assert.Contains("needs a certificate", Refusal("--urls", "https://0.0.0.0:8443"), StringComparison.Ordinal);
        Assert.Contains("no address of --urls is https", Refusal(Tls), StringComparison.Ordinal);
        Assert.Contains("plain http is allowed", Refusal(["--urls", "https://0.0.0.0:8443;http://0.0.0.0:8080", .. Tls]), StringComparison.Ordinal);
        Assert.Contains("missing: --tls-key", Refusal("--tls-certificate", "web.pem"), StringComparison.Ordinal);
        Assert.Contains("missing: --cluster-certificate, --cluster-ca", Refusal("--cluster-key", "k"), StringComparison.Ordinal);
    }

    [Fact]
    public void Silos_of_several_machines_need_mutual_TLS_or_a_word_that_they_need_none()
    {
        string[] many = ["--postgres", "Host=db;SSL Mode=VerifyFull", "--advertised-address", "10.0.0.5"];
        Assert.Contains("--cluster-certificate, --cluster-key and --cluster-ca are not given", Refusal(many), StringComparison.Ordinal);
        Check([.. many, .. Cluster]);
        Check([.. many, "--cluster-plain"]);
        Check("--postgres", "Host=localhost");
        Check("--postgres", "Host=localhost", "--advertised-address", "127.0.0.1");
    }

    [Theory]
    [InlineData("Host=db")]
    [InlineData("Host=db;SSL Mode=Prefer")]
    [InlineData("Host=db;SSL Mode=Require")]
    [InlineData("Host=10.0.0.7;Port=5433")]
    [InlineData("Host=localhost.hospital.example")]
    [InlineData("Host=127.0.0.1:5432,db:5432")]
    public void A_database_on_another_machine_needs_a_checked_certificate_or_a_word_that_it_needs_none(string connection)
    {
        var refusal = Refusal("--postgres", connection + ";Password=not-to-be-shown");
        Assert.Contains("Allowed are SSL Mode=VerifyFull or VerifyCA", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("not-to-be-shown", refusal, StringComparison.Ordinal);
        Check("--postgres", connection, "--postgres-plain");
    }

    [Theory]
    [InlineData("Host=db;SSL Mode=VerifyFull")]
    [InlineData("Host=db;SSL Mode=VerifyCA")]
    [InlineData("Host=127.0.0.1;Port=5433")]
    [InlineData("Host=localhost:5432")]
    [InlineData("Host=::1")]
    [InlineData("Host=[::1]:5432,127.0.0.1:5432")]
    [InlineData("Host=/var/run/postgresql")]
    public void A_database_on_this_machine_or_behind_a_checked_certificate_is_let_through(string connection) => Check("--postgres", connection);

    private static void Check(params string[] arguments) => TransportRules.Check(SiloSettings.Read(["serve", .. arguments], _ => null));

    private static string Refusal(params string[] arguments) => Assert.Throws<ArgumentException>(() => Check(arguments)).Message;
}
