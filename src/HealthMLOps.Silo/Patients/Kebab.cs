using System.Text.Json;

namespace HealthMLOps.Patients;

/// <summary>Spells our enumerations as the API does: <c>NotScoredYet</c> is <c>not-scored-yet</c>.</summary>
public static class Kebab
{
    public static string Of(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
