using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>What a reference meant in the bundle that it came in.</summary>
/// <param name="Text">The reference as it is written.</param>
/// <param name="Type">The target's resource type.</param>
/// <param name="Id">The target's id at the EHR. Identified.</param>
/// <param name="Resource">The target itself, where its content is read through the reference.</param>
public sealed record KeptReference(string Text, string Type, string Id, JsonElement? Resource)
{
    public override string ToString() => "[kept reference]";
}
