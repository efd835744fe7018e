using HealthMLOps.Hosting;

namespace HealthMLOps.Demo;

public static class DemoStory
{
    public static Task<int> Run(SiloSettings settings) => SiloHost.Serve(settings);
}
