using Microsoft.Data.Sqlite;

namespace HealthMLOps.Storage;

/// <summary>Has SQLite overwrite freed pages with zeros while something is erased; other writes don't pay for that.</summary>
internal static class SecureDelete
{
    public static void While(SqliteConnection connection, Action work)
    {
        Set(connection, "ON");
        try { work(); }
        finally { Set(connection, "OFF"); }
    }

    private static void Set(SqliteConnection connection, string value)
    {
        using var command = Database.Command(connection, "PRAGMA secure_delete = " + value);
        command.ExecuteNonQuery();
    }
}
