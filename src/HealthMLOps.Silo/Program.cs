using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Demo;
using HealthMLOps.Hosting;
using HealthMLOps.Storage;

try
{
    var settings = SiloSettings.Read(args, Environment.GetEnvironmentVariable);
    return settings.Command == SiloCommand.Demo ? await DemoStory.Run(settings) : await SiloHost.Serve(settings);
}
catch (Exception e) when (e is ArgumentException or InvalidConfiguration or StorageUnusable or RecordBroken)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
