using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Transport;

/// <summary><c>healthml certificates</c>: makes an authority and certificates for a trial. Needs no server.</summary>
public static class CertificatesCommands
{
    private const int AuthorityDays = 3650;
    private const int CertificateDays = 90;
    private const int DaysMax = 3650;

    public static IEnumerable<Verb> All(ConnectionOptions connection) =>
    [
        Authority(connection),
        Certify(connection, "silo", CertificateUse.Silo, "Certify a silo towards the other silos", "healthml certificates silo silo-1 --authority certificates --out certificates"),
        Certify(connection, "server", CertificateUse.Server, "Certify a server for https", "healthml certificates server web --host risk.hospital.example --authority certificates --out certificates"),
    ];

    private static Verb Authority(ConnectionOptions connection)
    {
        var (folder, days) = (Out(), Days(AuthorityDays));
        var verb = new Verb(connection, "authority", "Make an authority: ca.pem to hand out, ca.key (mode 0600) to keep offline", "healthml certificates authority --out certificates");
        verb.Add(folder);
        verb.Add(days);
        return verb.DoesOffline((asked, screen, _) =>
        {
            var into = asked.GetRequiredValue(folder);
            using var made = TrialAuthority.Make(into, connection.Terminal.Clock.GetUtcNow(), asked.GetValue(days));
            Show(screen, made, into, TrialAuthority.CertificateFile, TrialAuthority.KeyFile);
            return Task.CompletedTask;
        });
    }

    private static Verb Certify(ConnectionOptions connection, string verbName, CertificateUse use, string description, string example)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the files, and of the certificate" };
        name.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } text && !text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')) given.AddError("NAME takes letters, digits, '-' and '.'.");
        });
        var hosts = new Option<string[]>("--host") { Description = "Name or address by which clients reach it; may be repeated", HelpName = "HOST", Required = use == CertificateUse.Server };
        var authority = new Option<string>("--authority") { Description = "Folder of the authority", HelpName = "DIR", Required = true };
        var (folder, days) = (Out(), Days(CertificateDays));
        var verb = new Verb(connection, verbName, description, example);
        verb.Add(name);
        foreach (var option in new Option[] { hosts, authority, folder, days }) verb.Add(option);
        return verb.DoesOffline((asked, screen, _) =>
        {
            var (into, named) = (asked.GetRequiredValue(folder), asked.GetRequiredValue(name));
            using var made = TrialAuthority.Certify(asked.GetRequiredValue(authority), named, asked.GetValue(hosts) ?? [], use, into, connection.Terminal.Clock.GetUtcNow(), asked.GetValue(days));
            Show(screen, made, into, named + ".pem", named + ".key");
            return Task.CompletedTask;
        });
    }

    private static Option<string> Out() => new("--out") { Description = "Folder that the files go to", HelpName = "DIR", Required = true };

    private static Option<int> Days(int otherwise)
    {
        var days = new Option<int>("--days") { Description = "For how long it is good", HelpName = "N", DefaultValueFactory = _ => otherwise };
        days.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > DaysMax) given.AddError($"--days is a whole number from 1 to {DaysMax}.");
        });
        return days;
    }

    private static void Show(Screen screen, X509Certificate2 made, string folder, string certificate, string key) => screen.Show(
        JsonSerializer.SerializeToElement(new JsonObject
        {
            ["certificate"] = Path.Combine(folder, certificate), ["key"] = Path.Combine(folder, key),
            ["notAfter"] = made.NotAfter.ToUniversalTime(), ["sha256"] = made.GetCertHashString(HashAlgorithmName.SHA256),
        }),
        answer => JsonTree.Of(answer, made.Subject));
}
