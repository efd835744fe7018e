using HealthMLOps.Training;

namespace HealthMLOps.Tests.Unit.Modeling;

/// <summary>Made-up wards to learn from.</summary>
internal static class AWard
{
    /// <summary>Several rows a patient; lactate and heart rate tell the outcome, as does that lactate was measured at all; one feature never was.</summary>
    public static TrainingRows Rows(int patients, int seed)
    {
        var random = new Random(seed);
        List<float> values = [];
        List<bool> labels = [];
        List<string> groups = [];
        for (var p = 0; p < patients; p++)
        {
            var severity = random.NextDouble();
            for (var r = 0; r < 1 + (p % 4); r++)
            {
                var measured = random.NextDouble() < 0.3 + (0.6 * severity);
                values.Add(measured ? (float)((4 * severity) + random.NextDouble()) : float.NaN);
                values.Add(random.NextDouble() < 0.1 ? float.NaN : (float)((3 * severity) + (2 * random.NextDouble())));
                values.Add((float)random.NextDouble() * 1e6f);
                values.Add(p % 2);
                values.Add((float)Math.Round((random.NextDouble() * 10) - 5));
                values.Add(float.NaN);
                labels.Add(random.NextDouble() < severity);
                groups.Add($"pt-{p}");
            }
        }
        return new TrainingRows(["lactate", "rate", "noise", "sex", "balance", "never"], [.. values], [.. labels], [.. groups]);
    }

    /// <summary>All rows of a patient share one fate, drawn by chance, and one feature that tells patients apart.</summary>
    public static TrainingRows OfFates(int patients, int rowsEach, int seed)
    {
        var random = new Random(seed);
        var fates = Enumerable.Range(0, patients).Select(_ => random.Next(2) == 1).ToArray();
        var rows = Enumerable.Range(0, patients * rowsEach).ToArray();
        return new TrainingRows(["patient", "noise"], [.. rows.SelectMany(row => new[] { row / rowsEach * 37 % patients, (float)random.NextDouble() })],
            [.. rows.Select(row => fates[row / rowsEach])], [.. rows.Select(row => $"pt-{row / rowsEach}")]);
    }
}
