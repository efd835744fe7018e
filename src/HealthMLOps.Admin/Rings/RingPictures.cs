using System.Text.Json;
using HealthMLOps.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HealthMLOps.Rings;

/// <summary>Rings, plans and halts as people read them.</summary>
internal static class RingPictures
{
    public static IRenderable Rows(JsonElement rings) => JsonTable.Of(rings, "ring", "version", "units", "days", "since", "halted");

    /// <summary>One model's rings, its open plan, and what still stands in its way.</summary>
    public static IRenderable Whole(JsonElement model)
    {
        var parts = new List<IRenderable>();
        if (model.Field("rings") is { } rings) parts.Add(Rows(rings));
        if (model.Field("plan") is { ValueKind: JsonValueKind.Object } plan) parts.Add(JsonTree.Of(plan, "open plan"));
        if (model.Field("evidence") is { ValueKind: JsonValueKind.Object } evidence)
        {
            if (evidence.Field("dwell") is { ValueKind: JsonValueKind.Object } dwell) parts.Add(JsonTree.Of(dwell, "dwell"));
            if (evidence.Field("gates") is { } gates) parts.Add(JsonTable.Of(gates, "criterion", "verdict", "value", "interval", "n", "needed"));
        }
        if (model.Field("halts") is { ValueKind: JsonValueKind.Array } halts && halts.GetArrayLength() > 0) parts.Add(JsonTable.Of(halts, "scope", "since", "by", "reason", "id"));
        if (model.Field("rollbackTo") is { ValueKind: JsonValueKind.Array } back) parts.Add(new Text($"A rollback goes to: {JsonWords.Of(back)}"));
        return new Rows(parts);
    }

    public static IRenderable Halts(JsonElement halts) => new Rows(
        new Text("Standing"), JsonTable.Of(halts.Field("standing") ?? default, "id", "scope", "since", "by", "reason", "restartAskedBy", "checklist"),
        new Text("Past"), JsonTable.Of(halts.Field("past") ?? default, "id", "scope", "at", "by", "outcome", "stopMs", "restoreMs", "liftedBy"));
}
