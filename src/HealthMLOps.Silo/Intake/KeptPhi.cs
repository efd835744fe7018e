using System.Text.Json;
using System.Text.Json.Serialization;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>Writes identified texts out, for what is sealed at once; nothing else may use it.</summary>
internal sealed class KeptPhi : JsonConverter<Phi>
{
    public override Phi? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, Phi value, JsonSerializerOptions options) => writer.WriteStringValue(value.Reveal());
}
