namespace HealthMLOps.Simulation.Wards;

/// <summary>The hospital's wall clock: five hours behind UTC, all year.</summary>
internal static class HospitalClock
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(-5);

    public static double HourOfDay(DateTimeOffset at) => at.ToOffset(Offset).TimeOfDay.TotalHours;
}
