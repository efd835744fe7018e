namespace HealthMLOps.Hosting;

/// <summary>Text from elsewhere without control characters, so that no record can steer the operator's terminal.</summary>
public static class PlainText
{
    public static string Of(string text) => text.Any(Steers)
        ? string.Concat(text.Select(letter => Steers(letter) ? ' ' : letter))
        : text;

    private static bool Steers(char letter) =>
        char.IsControl(letter) || letter is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
