using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace HealthMLOps.Storage;

/// <summary>The key ring's keys, sealed, in the database that they protect. Its contract is synchronous; it is asked a few times in a process's life.</summary>
public sealed class StoredRingKeys(Database database) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = database.Source.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT content FROM ring_keys ORDER BY name";
        using var reader = command.ExecuteReader();
        var keys = new List<XElement>();
        while (reader.Read()) keys.Add(XElement.Parse(reader.GetString(0)));
        return keys;
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var connection = database.Source.OpenConnection();
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO ring_keys (name, content) VALUES (@name, @content) ON CONFLICT (name) DO NOTHING";
        foreach (var (name, value) in new[] { ("@name", friendlyName), ("@content", element.ToString(SaveOptions.DisableFormatting)) })
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        command.ExecuteNonQuery();
    }
}
