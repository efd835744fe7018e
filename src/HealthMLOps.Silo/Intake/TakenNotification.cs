namespace HealthMLOps.Intake;

/// <summary>What a notification came to.</summary>
/// <param name="Results">What became of each resource and delete that it carried.</param>
/// <param name="Said">What to tell the sender.</param>
/// <param name="Refused">Why the whole body could not be used; nothing of it was taken then.</param>
public sealed record TakenNotification(IReadOnlyList<EntryResult> Results, string Said, ReadResource.Refused? Refused = null)
{
    public static TakenNotification None(ReadResource.Refused why) => new([], "", why);
}
