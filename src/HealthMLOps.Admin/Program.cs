using HealthMLOps.Hosting;

return await AdminClient.Run(args, Terminal.OfProcess());
