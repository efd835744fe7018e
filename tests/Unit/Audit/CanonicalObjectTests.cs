using System.Text;
using HealthMLOps.Audit;

namespace HealthMLOps.Tests.Unit.Audit;

public sealed class CanonicalObjectTests
{
    private static string Written(CanonicalObject json) => Encoding.UTF8.GetString(json.ToBytes());

    [Fact]
    public void Strings_are_escaped_as_RFC_8785_shows_in_its_section_3_2_2()
    {
        const string rfc = "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"/";
        Assert.Equal("{\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}", Written(new CanonicalObject().Add("string", rfc)));
        Assert.Equal("{\"a\":\"\\b\\t\\n\\f\\r\\u0000\\u001f\u007f\u2028😂\"}", Written(new CanonicalObject().Add("a", "\b\t\n\f\r\0\u001f\u007f\u2028😂")));
    }

    [Fact]
    public void Members_that_are_not_sorted_by_UTF_16_are_refused()
    {
        // The order of RFC 8785, 3.2.3.
        string[] sorted = ["\r", "1", "\u0080", "ö", "€", "😂", "\ufb33"];
        var json = new CanonicalObject();
        foreach (var name in sorted) json.Add(name, 1);
        Assert.StartsWith("{\"\\r\":1,\"1\":1,", Written(json), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new CanonicalObject().Add("b", 1).Add("a", 1));
        Assert.Throws<ArgumentException>(() => new CanonicalObject().Add("a", 1).Add("a", 1));
    }

    [Fact]
    public void Absent_members_are_left_out() => Assert.Equal("{\"b\":-7}", Written(new CanonicalObject().Add("a", null).Add("b", -7)));

    [Fact]
    public void What_has_no_exact_form_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new CanonicalObject().Add("a", long.MaxValue));
        Assert.Throws<ArgumentException>(() => new CanonicalObject().Add("a", "\ud800"));
    }
}
