namespace HealthMLOps.Simulation.Wards;

/// <summary>A place of the hospital: Location/{code}.</summary>
internal sealed record Ward(string Code, string Name)
{
    public static readonly Ward Emergency = new("ed", "Emergency department");
    public static readonly Ward Medical = new("medical", "Medical ward");
    public static readonly Ward Surgical = new("surgical", "Surgical ward");
    public static readonly Ward Icu = new("icu", "Intensive care unit");
}
