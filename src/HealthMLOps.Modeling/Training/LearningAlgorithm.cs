namespace HealthMLOps.Training;

public enum LearningAlgorithm
{
    /// <summary>Gradient-boosted trees of LightGBM; needs libgomp1 on the machine that trains.</summary>
    LightGbm,

    /// <summary>Gradient-boosted trees of ML.NET (MART).</summary>
    FastTree,

    /// <summary>Ridge logistic regression over standardised values and flags of missingness.</summary>
    LogisticRegression,
}
