namespace HealthMLOps.Intake;

/// <summary>What the bytes of a quarantined item are.</summary>
public enum QuarantinedForm
{
    /// <summary>One resource, alone or out of a bundle.</summary>
    Resource,
    /// <summary>A bundle's entry as it came: it was refused before its resource was looked at.</summary>
    BundleEntry,
    /// <summary>A whole body: a bundle, a single resource, or no JSON at all.</summary>
    Document,
    /// <summary>A whole body that was sent as a subscription's notification.</summary>
    Notification,
}
