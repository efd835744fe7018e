namespace HealthMLOps.Models;

/// <summary>Reads a score by its contract's bands.</summary>
public static class RiskBands
{
    /// <summary>The last band whose lower bound the score reaches.</summary>
    public static RiskBand Of(ModelContract contract, double score)
    {
        var band = contract.Bands[0];
        foreach (var next in contract.Bands)
            if (score >= next.From) band = next;
        return band;
    }
}
