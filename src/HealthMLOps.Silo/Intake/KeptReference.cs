using System.Text.Json;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>What a reference meant in the bundle that it came in.</summary>
/// <param name="Text">The reference as it is written: its identifier may be the patient's.</param>
/// <param name="Type">The target's resource type.</param>
/// <param name="Id">The target's id at the EHR.</param>
/// <param name="Resource">The target itself, where its content is read through the reference.</param>
public sealed record KeptReference(Phi Text, string Type, Phi Id, JsonElement? Resource)
{
    public override string ToString() => "[kept reference]";
}
