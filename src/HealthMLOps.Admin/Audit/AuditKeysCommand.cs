using System.CommandLine;
using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit keys</c>: the public keys that the record is signed with. Keep them where the server can't change them.</summary>
public static class AuditKeysCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var file = new Option<string?>("--out") { Description = "File to write the keys to", HelpName = "FILE" };
        var verb = new Verb(connection, "keys", "Show the public keys of the record", "healthml audit keys --out record.pub");
        verb.Add(file);
        return verb.Does(async (asked, session, stop) =>
        {
            var answer = await session.Silo.Get(ApiPath.Of("audit", "keys"), stop);
            if (asked.GetValue(file) is { } path) await File.WriteAllTextAsync(path, string.Concat(JsonTable.Rows(answer).Select(key => key.Words("line") + "\n")), stop);
            session.Screen.Show(answer, keys => JsonTable.Of(keys, "id", "line"));
        });
    }
}
