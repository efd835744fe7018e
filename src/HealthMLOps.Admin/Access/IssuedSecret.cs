using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary>A secret that the server tells once: shown, or put into a file that only its owner can read.</summary>
public static class IssuedSecret
{
    public const string FirstHalf = "firstHalf";
    public const string SecondHalf = "secondHalf";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static Option<string?> SaveOption() =>
        new("--save") { Description = "File to put the secret into (mode 0600), instead of showing it", HelpName = "FILE" };

    /// <summary>Shows the answer; with a file, the secret goes there and the answer names the file.</summary>
    /// <param name="field">The answer's field that holds the secret.</param>
    public static void Show(Session session, JsonElement answer, string field, string title, string? file)
    {
        if (answer.Words("next") is { } next) session.Screen.Note(next);
        if (answer.Words(field) is null && answer.Words(FirstHalf) is not null)
        {
            field = FirstHalf;
            session.Screen.Note("This is the first half of the credential; who confirms is told the second. The person joins them as FIRST~SECOND.");
        }
        if (answer.Words(field) is null)
        {
            session.Screen.Show(answer, told => JsonTree.Of(told, title));
            return;
        }
        if (file is null)
        {
            session.Screen.Note("The secret below is told once. Keep it where only its owner can read it.");
            session.Screen.Show(answer, told => JsonTree.Of(told, title));
            return;
        }
        using (var target = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        using (var writer = new StreamWriter(target)) writer.WriteLine(answer.Words(field));
        var shown = JsonNode.Parse(answer.GetRawText())!.AsObject();
        shown.Remove(field);
        shown["savedTo"] = file;
        session.Screen.Show(JsonSerializer.SerializeToElement(shown), told => JsonTree.Of(told, title));
    }
}
