using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers.FastTree;

namespace HealthMLOps.Training;

/// <summary>Writes boosted trees as one TreeEnsemble node (ai.onnx.ml 5), then Platt's calibration.</summary>
internal static class TreeGraph
{
    private const byte BranchLessOrEqual = 0;
    private const long Sum = 1, NoTransform = 0;

    /// <param name="missingGoesLeft">For each node of a tree, where it sends a missing value.</param>
    public static byte[] Write(RegressionTreeEnsemble ensemble, PlattCalibrator calibrator, int features, Func<RegressionTreeBase, bool[]> missingGoesLeft)
    {
        var arrays = new Arrays();
        for (var t = 0; t < ensemble.Trees.Count; t++) arrays.Add(ensemble.Trees[t], ensemble.TreeWeights[t], missingGoesLeft(ensemble.Trees[t]));
        if (arrays.Roots.Count == 0) throw new TrainingRefused("The trees found nothing to split on: no feature tells the outcome in these rows.");

        var graph = new OnnxGraph(features);
        var score = graph.AddLearning("TreeEnsemble", [OnnxGraph.Input],
            OnnxGraph.Number("aggregate_function", Sum),
            OnnxGraph.Numbers("leaf_targetids", arrays.LeafWeights.Select(_ => 0L)),
            OnnxGraph.Tensor("leaf_weights", [.. arrays.LeafWeights]),
            OnnxGraph.Number("n_targets", 1),
            OnnxGraph.Numbers("nodes_falseleafs", arrays.FalseLeafs),
            OnnxGraph.Numbers("nodes_falsenodeids", arrays.FalseIds),
            OnnxGraph.Numbers("nodes_featureids", arrays.Features),
            OnnxGraph.Numbers("nodes_missing_value_tracks_true", arrays.MissingTracksTrue),
            OnnxGraph.Tensor("nodes_modes", [.. arrays.Features.Select(_ => BranchLessOrEqual)]),
            OnnxGraph.Tensor("nodes_splits", [.. arrays.Splits]),
            OnnxGraph.Numbers("nodes_trueleafs", arrays.TrueLeafs),
            OnnxGraph.Numbers("nodes_truenodeids", arrays.TrueIds),
            OnnxGraph.Number("post_transform", NoTransform),
            OnnxGraph.Numbers("tree_roots", arrays.Roots));
        return graph.FinishWithPlatt(score, calibrator.Slope, calibrator.Offset + (calibrator.Slope * ensemble.Bias));
    }

    private sealed class Arrays
    {
        public List<long> Roots { get; } = [];
        public List<long> Features { get; } = [];
        public List<float> Splits { get; } = [];
        public List<long> TrueIds { get; } = [];
        public List<long> TrueLeafs { get; } = [];
        public List<long> FalseIds { get; } = [];
        public List<long> FalseLeafs { get; } = [];
        public List<long> MissingTracksTrue { get; } = [];
        public List<float> LeafWeights { get; } = [];

        public void Add(RegressionTreeBase tree, double weight, bool[] missingGoesLeft)
        {
            // ML.NET itself answers 0 for a tree whose first child is node 0: that is a tree without a split.
            if (tree.NumberOfNodes == 0 || tree.LeftChild[0] == 0) return;
            if (tree.CategoricalSplitFlags.Any(flag => flag)) throw new TrainingRefused("A tree splits on categories as sets; allowed: numeric splits.");
            long firstNode = Features.Count, firstLeaf = LeafWeights.Count;
            Roots.Add(firstNode);
            for (var n = 0; n < tree.NumberOfNodes; n++)
            {
                Features.Add(tree.NumericalSplitFeatureIndexes[n]);
                Splits.Add(tree.NumericalSplitThresholds[n]);
                MissingTracksTrue.Add(missingGoesLeft[n] ? 1 : 0);
                AddChild(tree.LeftChild[n], firstNode, firstLeaf, TrueIds, TrueLeafs);
                AddChild(tree.RightChild[n], firstNode, firstLeaf, FalseIds, FalseLeafs);
            }
            foreach (var value in tree.LeafValues) LeafWeights.Add((float)(value * weight));
        }

        /// <summary>ML.NET writes leaf i as ~i; ONNX counts nodes and leaves of all trees through.</summary>
        private static void AddChild(int child, long firstNode, long firstLeaf, List<long> ids, List<long> leafs)
        {
            ids.Add(child >= 0 ? firstNode + child : firstLeaf + ~child);
            leafs.Add(child >= 0 ? 0 : 1);
        }
    }
}
