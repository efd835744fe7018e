using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Experiments;
using HealthMLOps.Features;
using HealthMLOps.Imports;
using HealthMLOps.Intake;
using HealthMLOps.Models;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;
using HealthMLOps.Rings;
using HealthMLOps.Signatures;
using HealthMLOps.Transport;

namespace HealthMLOps.Hosting;

/// <summary>The whole of <c>healthml</c>: reads the command line, runs one verb and turns its end into an exit code.</summary>
public static class AdminClient
{
    public static async Task<int> Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        // No '@file' expansion: a model version or a path may begin with '@'.
        var asked = Root(terminal).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var output = new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false };
        if (asked.Action is ParseErrorAction)
        {
            output.Output = terminal.Error;
            await asked.InvokeAsync(output);
            return ExitCode.Usage;
        }
        try
        {
            return await asked.InvokeAsync(output);
        }
        catch (Exception failure)   // The operator gets a sentence, whatever failed; scripts get a code.
        {
            var (exitCode, sentence) = Verdict(failure);
            terminal.Error.WriteLine($"healthml: {PlainText.Of(sentence)}");
            return exitCode;
        }
    }

    private static (int ExitCode, string Sentence) Verdict(Exception failure) => failure switch
    {
        CommandFailed told => (told.ExitCode, told.Message),
        OperationCanceledException => (ExitCode.Refused, "Interrupted."),
        IOException or UnauthorizedAccessException or InvalidDataException or FormatException => (ExitCode.Refused, failure.Message),
        _ => (ExitCode.Refused, $"A fault of this client ({failure.GetType().Name}): {failure.Message}"),
    };

    private static RootCommand Root(Terminal terminal)
    {
        var connection = new ConnectionOptions(terminal);
        var root = new RootCommand("The admin client of HealthMLOps: load data, train and register models, look at patients, check the system.");
        foreach (var option in connection.All) root.Options.Add(option);
        root.Add(StatusCommand.Create(connection));
        root.Add(CompletionCommand.Create(connection));
        root.Add(ImportCommand.Create(connection));
        root.Add(Noun("imports", "Loads of historical data", ImportsListCommand.Create(connection),
            ShowVerb.Of(connection, "Show one load: its files and counts", "healthml imports show 5f2c", ("ID", "Id of the import"), "imports")));
        root.Add(TrainCommand.Create(connection));
        root.Add(Noun("runs", "Training runs", RunsListCommand.Create(connection),
            ShowVerb.Of(connection, "Show one training run: parameters, metrics, package", "healthml runs show 01J9Z", ("ID", "Id of the run"), "runs")));
        root.Add(Noun("models", "Model versions and their packages",
            ModelsListCommand.Create(connection), ModelsRegisterCommand.Create(connection), ModelsDownloadCommand.Create(connection)));
        root.Add(Noun("rings", "Deployment rings and the kill switch",
            RingsListCommand.Create(connection), RingsShowCommand.Create(connection), RingsPlanCommand.Create(connection), RingsPlanCommand.CreateCanary(connection),
            RingsApproveCommand.Create(connection), RingsAdvanceCommand.Create(connection), RingsRollbackCommand.Create(connection), RingsDemoteCommand.Create(connection),
            RingsHaltCommand.Create(connection), RingsRestartCommand.Create(connection), RingsDrillCommand.Create(connection), RingsHaltsCommand.Create(connection)));
        root.Add(Noun("features", "Feature sets", FeaturesListCommand.Create(connection),
            ShowVerb.Of(connection, "Show one feature set: each feature's source, window and unit", "healthml features show deterioration-24h", ("NAME", "Name of the feature set"), "feature-sets")));
        root.Add(Noun("patients", "What the system knows and says about one patient",
            PatientsRiskCommand.Create(connection), PatientsFeaturesCommand.Create(connection), PatientsHistoryCommand.Create(connection),
            PatientsEraseCommand.Create(connection)));
        root.Add(Noun("quarantine", "Input that could not be used",
            QuarantineListCommand.Create(connection),
            ShowVerb.Of(connection, "Show one quarantined input and why it could not be used", "healthml quarantine show 42", ("ID", "Id of the quarantined input"), "quarantine"),
            QuarantineReplayCommand.Create(connection)));
        root.Add(Noun("keys", "Keys that seal the record at rest", KeysListCommand.Create(connection), KeysRotateCommand.Create(connection)));
        root.Add(Noun("verify", "Checks of the system's promises", VerifyReplayCommand.Create(connection)));
        root.Add(Noun("audit", "The record: search, prove, export, verify offline",
            AuditSearchCommand.Create(connection),
            ShowVerb.Of(connection, "Show one entry of the record", "healthml audit show 3-17", ("ID", "The entry's id"), "audit", "entries"),
            AuditProofCommand.Create(connection), AuditExportCommand.Create(connection),
            AuditVerifyCommand.Create(connection), AuditCheckpointsCommand.Create(connection), AuditKeysCommand.Create(connection),
            AuditHoldCommand.Create(connection), AuditHoldsCommand.Create(connection), AuditReleaseCommand.Create(connection),
            AuditRemoveCommand.Create(connection), AuditApproveCommand.Create(connection), AuditRemovalsCommand.Create(connection)));
        var sources = Noun("sources", "The EHRs that send to us", SourcesListCommand.Create(connection));
        sources.Add(Noun("secret", "A sender's secret", SourceSecretCommand.Create(connection)));
        root.Add(sources);
        var users = Noun("users", "People and what they may do", UsersCommands.All(connection));
        users.Add(Noun("credential", "A person's credential", UsersCommands.RotateCredential(connection)));
        root.Add(users);
        root.Add(Noun("clients", "Programs that ask for tokens", ClientsCommands.All(connection)));
        root.Add(Noun("owner", "The credential of an embedded silo", OwnerCommands.All(connection)));
        root.Add(Noun("requests", "What waits for a second person", RequestsCommands.All(connection)));
        root.Add(Noun("break-glass", "Emergency access and its review", BreakGlassCommands.All(connection)));
        root.Add(Noun("egress", "Places that the server may call", EgressListCommand.Create(connection)));
        root.Add(Noun("certificates", "A certificate authority of your own, for a trial", CertificatesCommands.All(connection)));
        root.Add(LoginCommands.Login(connection));
        root.Add(Noun("profiles", "Servers that you have logged in to", LoginCommands.List(connection)));
        root.Add(Noun("signatures", "Signatures over records (21 CFR 11)",
            SignaturesListCommand.Create(connection),
            ShowVerb.Of(connection, "Show one signature", "healthml signatures show sig-0199c0ffee", ("ID", "The signature's id"), "signatures"),
            SignaturesSignCommand.Create(connection)));
        Explain(root);
        return root;
    }

    private static Command Noun(string name, string description, params IEnumerable<Verb> verbs)
    {
        var noun = new Command(name, description);
        foreach (var verb in verbs) noun.Add(verb);
        return noun;
    }

    private static void Explain(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        if (help.Action is HelpAction usual) help.Action = new ExplainedHelp(usual);
    }
}
