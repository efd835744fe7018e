using HealthMLOps.Clinical;
using HealthMLOps.Features;
using HealthMLOps.Models;
using HealthMLOps.Storage;

namespace HealthMLOps.Training;

/// <summary>Does this silo's training runs, one at a time, on a thread of its own: from the log to a package in storage.</summary>
/// <remarks>A run that a crash cut short begins again: the same log and request give the same bytes.</remarks>
public sealed partial class TrainingWork(
    TrainingQueue queue, TrainingSetBuilder builder, PackageMaker maker, FeatureLibrary library, PolicyBook book, PackageStore packages,
    ModelRegistrar registrar, IGrainFactory grains, TimeProvider clock, ILogger<TrainingWork> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var run in queue.Take(stoppingToken))
        {
            try { await Do(run with { State = TrainingRunState.Running }, stoppingToken); }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; } // The run is taken up again after the restart.
            catch (Exception e) when (e is TrainingRefused or InvalidConfiguration or PackageRefused or KeyNotFoundException)
            {
                await Report(run with { State = TrainingRunState.Failed, Stage = "failed", Error = e.Message });
            }
            catch (Exception e)
            {
                Failed(e, run.Id);
                await Report(run with { State = TrainingRunState.Failed, Stage = "failed", Error = "The run failed inside the silo; its log tells more." });
            }
            finally
            {
                queue.Done(run.Id);
            }
        }
    }

    private async Task Do(TrainingRun run, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var request = run.Request;
        await Report(run with { Stage = "reading the log", Progress = 0.05 });
        var set = await builder.Build(library.Named(request.FeatureSet), book.Cohorts[request.Cohort], book.Labels[request.Label], null, cancellation);
        await Report(run with { Stage = $"training on {set.Rows.Length} rows", Progress = 0.4 });
        var trained = await Task.Factory.StartNew(() => maker.Train(set, request, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Report(run with { Stage = "packing", Progress = 0.95 });
        var package = maker.Pack(set, request, trained);
        await packages.Put(package.Bytes.ToArray(), cancellation);
        var registered = request.Register ? await registrar.Register(package.Digest, run.AskedBy, cancellation) : null;
        var report = trained.Report;
        await Report(run with
        {
            State = TrainingRunState.Succeeded,
            Stage = "done",
            Progress = 1,
            Result = new TrainingResult
            {
                PackageDigest = package.Digest,
                Rows = report.Rows,
                Positives = report.Positives,
                Patients = report.Patients,
                Auroc = report.Auroc.Area,
                AurocLow = report.Auroc.Low,
                AurocHigh = report.Auroc.High,
                Brier = report.Brier,
                OnnxDifferenceMax = report.OnnxDifferenceMax,
                Registered = registered?.Version.ToString(),
                Seconds = clock.GetElapsedTime(started).TotalSeconds,
            },
        });
        Trained(run.Id, report.Rows, report.Positives, package.Digest);
    }

    private Task Report(TrainingRun run) => grains.GetGrain<ITrainingGrain>(ITrainingGrain.Key).Report(run);

    [LoggerMessage(Level = LogLevel.Information, Message = "Trained {Run} on {Rows} rows with {Positives} outcomes into package {Digest}")]
    private partial void Trained(string run, int rows, int positives, string digest);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed training {Run}")]
    private partial void Failed(Exception error, string run);
}
