using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;
using Spectre.Console;

namespace HealthMLOps.Experiments;

/// <summary><c>healthml train</c>: starts a training run on the server and follows it to its end.</summary>
public static class TrainCommand
{
    public static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long a silo may be away (a restart) while its run is followed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Verb Create(ConnectionOptions connection)
    {
        var set = new Option<string>("--set") { Description = "Feature set", HelpName = "NAME", Required = true };
        var cohort = new Option<string>("--cohort") { Description = "Whom to learn from", HelpName = "NAME", Required = true };
        var label = new Option<string>("--label") { Description = "What to predict", HelpName = "NAME", Required = true };
        var algorithm = new Option<string>("--algorithm") { Description = "How to learn", HelpName = "fasttree|lightgbm|logistic-regression", Required = true };
        algorithm.AcceptOnlyFromAmong("fasttree", "lightgbm", "logistic-regression");
        var seed = new Option<int>("--seed") { Description = "Seed of every random choice", DefaultValueFactory = _ => 1 };
        var folds = new Option<int>("--folds") { Description = "Cross-validation folds", DefaultValueFactory = _ => 5 };
        var model = new Option<string?>("--model") { Description = "Name of the model (default: the server's choice)", HelpName = "NAME" };
        var register = new Option<bool>("--register") { Description = "Register the result as the model's next version" };

        var verb = new Verb(connection, "train", "Train a model on the server",
            "healthml train --set deterioration-24h --cohort adult-inpatients --label deterioration-24h --algorithm fasttree --register");
        foreach (var option in new Option[] { set, cohort, label, algorithm, seed, folds, model, register }) verb.Add(option);
        return verb.Does((asked, session, stop) => Train(session, new JsonObject
        {
            ["featureSet"] = asked.GetRequiredValue(set),
            ["cohort"] = asked.GetRequiredValue(cohort),
            ["label"] = asked.GetRequiredValue(label),
            ["algorithm"] = asked.GetRequiredValue(algorithm),
            ["seed"] = asked.GetValue(seed),
            ["folds"] = asked.GetValue(folds),
            ["model"] = asked.GetValue(model),
            ["register"] = asked.GetValue(register),
        }, stop));
    }

    private static async Task Train(Session session, JsonObject order, CancellationToken stop)
    {
        var started = await session.Silo.Post(ApiPath.Of("runs"), order, stop);
        var id = started.Words("id") ?? throw new CommandFailed(ExitCode.Refused, "The server's answer names no run.");
        session.Screen.Note($"Run {id}");
        session.Silo.Retries = new Retries(Patience);
        var run = await session.Screen.Progress("queued", endsAt: 1, bar => Follow(session, id, bar, stop));
        session.Screen.Show(run, TrainingRunPicture.Of);
        if (run.Words("state") != "succeeded")
            throw new CommandFailed(ExitCode.Refused, $"Run {id} {run.Words("state")}: {JsonWords.Of(run.Field("error"))}");
    }

    private static async Task<JsonElement> Follow(Session session, string id, ProgressTask bar, CancellationToken stop)
    {
        while (true)
        {
            var run = await session.Silo.Get(ApiPath.Of("runs", id), stop);
            bar.Description = Markup.Escape(run.Words("stage") ?? run.Words("state") ?? "");
            if (run.Field("progress") is { ValueKind: JsonValueKind.Number } share) bar.Value = share.GetDouble();
            if (run.Words("state") is not ("queued" or "running")) return run;
            await Task.Delay(PollEvery, session.Terminal.Clock, stop);
        }
    }
}
