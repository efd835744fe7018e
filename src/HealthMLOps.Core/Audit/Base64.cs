namespace HealthMLOps.Audit;

/// <summary>Base64 without second spellings.</summary>
internal static class Base64
{
    /// <summary>The bytes, or null where the text is not exactly how they are written.</summary>
    public static byte[]? Exactly(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == text ? bytes[..length] : null;
    }
}
