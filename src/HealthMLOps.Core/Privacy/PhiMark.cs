using System.Text.Json;
using System.Text.Json.Serialization;

namespace HealthMLOps.Privacy;

/// <summary>What JSON shows of a <see cref="Phi"/>: its mark. Who must keep the text itself writes it by <see cref="Phi.Reveal"/>.</summary>
public sealed class PhiMark : JsonConverter<Phi>
{
    /// <summary>A caller's text, closed at once.</summary>
    public override Phi? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, Phi value, JsonSerializerOptions options) => writer.WriteStringValue(Phi.Mark);
}
