using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Models;
using HealthMLOps.Privacy;
using HealthMLOps.Training;
using Microsoft.Extensions.Logging;

namespace HealthMLOps.Tests.Cluster.House;

/// <summary>What travels between silos and into storage keeps its names; what goes into logs holds no identifier.</summary>
public sealed partial class WireTests
{
    private static readonly Assembly[] Ours = [typeof(Fact).Assembly, typeof(ModelPackage).Assembly, typeof(SiloHost).Assembly];

    private static IEnumerable<Type> Types => Ours.SelectMany(a => a.GetTypes()).Where(t => t.Namespace?.StartsWith("HealthMLOps", StringComparison.Ordinal) == true);

    private static IEnumerable<Type> Grains => Types.Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IGrain).IsAssignableFrom(t) && typeof(Grain).IsAssignableFrom(t));

    [Fact]
    public void Every_grain_interface_and_each_of_its_methods_has_an_alias()
    {
        var interfaces = Types.Where(t => t.IsInterface && typeof(IGrain).IsAssignableFrom(t)).ToList();
        Assert.NotEmpty(interfaces);
        Assert.Empty(interfaces.Where(i => AliasOf(i) is null).Select(i => i.Name));
        Assert.Empty(interfaces.SelectMany(i => i.GetMethods()).Where(m => !m.IsStatic && AliasOf(m) is null).Select(m => $"{m.DeclaringType!.Name}.{m.Name}"));
        foreach (var one in interfaces) Assert.Distinct(one.GetMethods().Where(m => !m.IsStatic).Select(AliasOf));
    }

    [Fact]
    public void Every_wire_type_has_an_alias_of_its_own()
    {
        var wire = Wire().ToList();
        Assert.Empty(wire.Where(t => AliasOf(t) is null).Select(t => t.Name));
        Assert.Distinct(wire.Select(AliasOf));
    }

    [Fact]
    public void State_names_are_unique_in_the_house_and_stored_keys_do_not_look_hexadecimal()
    {
        var names = Grains.SelectMany(g => g.GetConstructors()).SelectMany(c => c.GetParameters())
            .Select(p => p.GetCustomAttribute<PersistentStateAttribute>()?.StateName).OfType<string>().ToList();
        Assert.NotEmpty(names);
        Assert.Distinct(names);
        foreach (var key in new[] { IRegistryGrain.Key, ITrainingGrain.Key, IAuditGrain.Key, PatientKey.Prefix }) Assert.DoesNotMatch(LooksLikeNumber(), key);
    }

    [Fact]
    public void Stored_and_sent_types_change_only_together_with_their_list()
    {
        var list = new StringBuilder();
        foreach (var type in Wire().OrderBy(AliasOf, StringComparer.Ordinal))
        {
            list.Append(AliasOf(type)).Append('\n');
            if (type.IsEnum)
            {
                foreach (var value in Enum.GetValues(type)) list.Append($"  {Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)}: {value}\n");
                continue;
            }
            foreach (var (id, member) in type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Select(p => (p.GetCustomAttribute<IdAttribute>()?.Id, p)).Where(p => p.Id is not null).OrderBy(p => p.Id))
                list.Append($"  {id}: {member.Name} {Spelled(member.PropertyType)}\n");
        }
        var golden = Path.Combine(Folder(), "wire-types.txt");
        var actual = Path.Combine(Path.GetTempPath(), "wire-types.actual.txt");
        File.WriteAllText(actual, list.ToString());
        Assert.True(File.Exists(golden) && File.ReadAllText(golden) == list.ToString(),
            $"The wire types are not those of {golden}. Old silos and stored records must still understand the change; then copy {actual} over it.");
    }

    [Fact]
    public void Log_lines_take_no_identifier_and_no_content()
    {
        Type[] forbidden = [typeof(EhrId), typeof(Clinical.Fact), typeof(Entry), typeof(Uri)];
        var lines = Types.SelectMany(t => t.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(m => m.GetCustomAttribute<LoggerMessageAttribute>() is not null).ToList();
        Assert.NotEmpty(lines);
        Assert.Empty(lines.Where(m => m.GetParameters().Any(p => forbidden.Any(f => f.IsAssignableFrom(p.ParameterType)))).Select(m => m.Name));
        Assert.Empty(lines.Where(m => Identifier().IsMatch(m.GetCustomAttribute<LoggerMessageAttribute>()!.Message)).Select(m => m.Name));
        // A patient may be named by pseudonym only, and the type says that it is one.
        Assert.Empty(lines.SelectMany(m => m.GetParameters()).Where(p => p.Name!.Contains("patient", StringComparison.OrdinalIgnoreCase) && p.ParameterType == typeof(string)).Select(p => p.Member.Name));
    }

    private static IEnumerable<Type> Wire() => Types.Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), inherit: false));

    private static string? AliasOf(MemberInfo member) => member.GetCustomAttributes<AliasAttribute>(inherit: false).FirstOrDefault()?.Alias;

    private static string Spelled(Type type) =>
        Nullable.GetUnderlyingType(type) is { } value ? Spelled(value) + "?"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Spelled))}>"
        : AliasOf(type) ?? type.Name;

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "HealthMLOps.Orleans.sln"))) folder = folder.Parent;
        return Path.Combine(folder!.FullName, "tests", "Golden", "wire");
    }

    [GeneratedRegex(@"^[0-9A-Fa-f{}-]+$")]
    private static partial Regex LooksLikeNumber();

    [GeneratedRegex(@"\{\w*(EhrId|Mrn|Identifier|PatientId|ResourceId|Subject|Reference|Address|Value|Body|Payload)\w*\}", RegexOptions.IgnoreCase)]
    private static partial Regex Identifier();
}
