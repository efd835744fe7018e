using System.Globalization;
using System.Text.Json;
using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Wards;

namespace HealthMLOps.Simulation.Fhir;

/// <summary>FHIR's data types as JSON, written without any FHIR library.</summary>
internal static class JsonWords
{
    public static void WriteConcept(this Utf8JsonWriter json, string name, IReadOnlyList<Code> codings, string? text = null)
    {
        json.WriteStartObject(name);
        json.WriteConceptBody(codings, text);
        json.WriteEndObject();
    }

    /// <summary>The concept as the only item of an array, where FHIR repeats it.</summary>
    public static void WriteConceptList(this Utf8JsonWriter json, string name, IReadOnlyList<Code> codings, string? text = null)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        json.WriteConceptBody(codings, text);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void WriteCoding(this Utf8JsonWriter json, string name, Code code)
    {
        json.WritePropertyName(name);
        json.WriteCodingBody(code);
    }

    public static void WriteReference(this Utf8JsonWriter json, string name, string type, string id)
    {
        json.WriteStartObject(name);
        json.WriteString("reference"u8, $"{type}/{id}");
        json.WriteEndObject();
    }

    /// <summary>An instant in UTC with milliseconds, as a server writes its own times.</summary>
    public static void WriteInstant(this Utf8JsonWriter json, string name, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[32];
        at.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    /// <summary>A clinical time, in the hospital's own offset and to the second.</summary>
    public static void WriteMoment(this Utf8JsonWriter json, string name, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[32];
        at.ToOffset(HospitalClock.Offset).TryFormat(text, out var length, "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    public static void WritePeriod(this Utf8JsonWriter json, string name, DateTimeOffset from, DateTimeOffset? to)
    {
        json.WriteStartObject(name);
        json.WriteMoment("start", from);
        if (to is { } end) json.WriteMoment("end", end);
        json.WriteEndObject();
    }

    public static void WriteQuantity(this Utf8JsonWriter json, string name, Measured measured)
    {
        json.WriteStartObject(name);
        json.WriteNumber("value"u8, measured.Number);
        if (measured.Comparator is { } comparator) json.WriteString("comparator"u8, comparator);
        json.WriteString("unit"u8, measured.Unit.Text);
        json.WriteString("system"u8, "http://unitsofmeasure.org"u8);
        json.WriteString("code"u8, measured.Unit.Code);
        json.WriteEndObject();
    }

    private static void WriteConceptBody(this Utf8JsonWriter json, IReadOnlyList<Code> codings, string? text)
    {
        json.WriteStartArray("coding"u8);
        foreach (var code in codings) json.WriteCodingBody(code);
        json.WriteEndArray();
        if (text is not null) json.WriteString("text"u8, text);
    }

    private static void WriteCodingBody(this Utf8JsonWriter json, Code code)
    {
        json.WriteStartObject();
        json.WriteString("system"u8, code.System);
        json.WriteString("code"u8, code.Value);
        json.WriteString("display"u8, code.Display);
        json.WriteEndObject();
    }
}
