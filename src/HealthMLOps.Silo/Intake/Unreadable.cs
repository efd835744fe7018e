namespace HealthMLOps.Intake;

/// <summary>Ends the reading of one resource; the readers turn it into a refusal. Code, element and reason hold no value of the patient.</summary>
internal sealed class Unreadable(string code, string element, string reason) : Exception($"{code} at {element}")
{
    public string Code => code;
    public string Element => element;
    public string Reason => reason;
}
