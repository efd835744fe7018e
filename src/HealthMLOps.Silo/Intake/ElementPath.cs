namespace HealthMLOps.Intake;

/// <summary>Where an element stands in a resource, written only when a message needs it: <c>Observation.component[1].code</c>.</summary>
internal sealed record ElementPath(ElementPath? Parent, string Name, int Index = -1)
{
    public override string ToString() =>
        $"{(Parent is null ? "" : Parent + ".")}{Name}{(Index < 0 ? "" : $"[{Index}]")}";
}
