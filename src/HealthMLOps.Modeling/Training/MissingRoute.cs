using System.Reflection;
using Microsoft.ML.Trainers.FastTree;

namespace HealthMLOps.Training;

/// <summary>Where ML.NET sends a missing value at each node of a tree.</summary>
/// <remarks>
/// ML.NET keeps it in an internal array: it puts that value in place of the missing one and compares as usual; without the
/// array NaN compares false and goes right. The array is read by reflection, because no public member tells; should a new
/// ML.NET rename it, the first training fails here, and a wrong route would fail the comparison on every training row.
/// </remarks>
internal static class MissingRoute
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly FieldInfo Tree = typeof(RegressionTreeBase).GetField("_tree", Members)
        ?? throw new MissingFieldException(nameof(RegressionTreeBase), "_tree");

    private static readonly MemberInfo Default = Tree.FieldType.GetMember("DefaultValueForMissing", Members).SingleOrDefault()
        ?? throw new MissingMemberException(Tree.FieldType.Name, "DefaultValueForMissing");

    public static bool[] GoesLeft(RegressionTreeBase tree)
    {
        var inner = Tree.GetValue(tree);
        var stands = Default switch
        {
            FieldInfo field => (float[]?)field.GetValue(inner),
            PropertyInfo property => (float[]?)property.GetValue(inner),
            _ => throw new MissingMemberException(Tree.FieldType.Name, "DefaultValueForMissing"),
        };
        return [.. tree.NumericalSplitThresholds.Take(tree.NumberOfNodes).Select((threshold, node) => stands is not null && stands[node] <= threshold)];
    }
}
