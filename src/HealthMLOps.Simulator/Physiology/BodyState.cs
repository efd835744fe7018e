namespace HealthMLOps.Simulation.Physiology;

/// <summary>What moves the measurements at one instant: illness, and what treatment adds.</summary>
internal readonly record struct BodyState(double Severity, double SlowSeverity, double OxygenLMin, double SupportMmHg);
