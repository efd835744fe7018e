namespace HealthMLOps.Clinical;

/// <summary>Reads one UCUM expression, left to right: <c>g/(24.h)</c>, <c>10*3/uL</c>, <c>mL/min/{1.73_m2}</c>.</summary>
internal ref struct UcumParser
{
    private const int ParenthesesMax = 8;
    private const int ExponentMax = 24;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _depth;

    private UcumParser(ReadOnlySpan<char> text) => _text = text;

    /// <summary>The unit; null where the text is no unit that we know.</summary>
    public static UcumUnit? Parse(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return null;
        var parser = new UcumParser(text);
        var unit = parser.Term();
        return parser._at == text.Length ? unit : null;
    }

    private UcumUnit? Term()
    {
        var divides = Take('/');
        var unit = UcumUnit.One;
        for (var first = true; ; first = false)
        {
            if (Component() is not { } part) return null;
            var alone = first && !divides && (_at == _text.Length || _text[_at] == ')');
            if (alone) return part;
            if (part.IsSpecial) return null;   // A temperature scale with a zero of its own can't be part of a product.
            unit = unit.Times(part, divides ? -1 : 1);
            if (Take('/')) divides = true;
            else if (Take('.')) divides = false;
            else return unit;
        }
    }

    private UcumUnit? Component()
    {
        if (Take('('))
        {
            if (++_depth > ParenthesesMax) return null;
            var inner = Term();
            _depth--;
            return Take(')') ? inner : null;
        }
        if (Annotation() is { } annotated) return annotated ? UcumUnit.One : null;
        var unit = Factor();
        return Annotation() == false ? null : unit;
    }

    private UcumUnit? Factor()
    {
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        var isPowerOfTen = _text[start.._at] is "10" && _at < _text.Length && _text[_at] is '*' or '^';
        if (_at > start && !isPowerOfTen)
            return _at - start <= 9 && int.Parse(_text[start.._at], provider: null) is > 0 and var number ? UcumUnit.Number(Rational.Of(number)) : null;
        if (isPowerOfTen) _at++;
        else Symbol();
        if (UcumAtoms.Find(_text[start.._at].ToString()) is not { } unit) return null;
        return Exponent() switch
        {
            null => null,
            1 => unit,
            var power => unit.IsSpecial ? null : UcumUnit.One.Times(unit, power.Value),
        };
    }

    private void Symbol()
    {
        for (var inBrackets = false; _at < _text.Length; _at++)
        {
            var letter = _text[_at];
            if (letter is '[' or ']') inBrackets = letter == '[';
            else if (!inBrackets && (letter is '.' or '/' or '(' or ')' or '{' or '}' or '+' or '-' || char.IsAsciiDigit(letter))) return;
        }
    }

    /// <summary>1 where none is written; null where it is broken or too large.</summary>
    private int? Exponent()
    {
        var start = _at;
        if (_at < _text.Length && _text[_at] is '+' or '-') _at++;
        var digits = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        if (_at == start) return 1;
        if (_at == digits || _at - digits > 2) return null;
        var power = int.Parse(_text[digits.._at], provider: null) * (_text[start] == '-' ? -1 : 1);
        return Math.Abs(power) <= ExponentMax ? power : null;
    }

    /// <summary>True where one was read, false where it is broken, null where there is none.</summary>
    private bool? Annotation()
    {
        if (!Take('{')) return null;
        var end = _text[_at..].IndexOf('}');
        if (end < 0 || _text.Slice(_at, end).Contains('{')) return false;
        _at += end + 1;
        return true;
    }

    private bool Take(char letter)
    {
        if (_at >= _text.Length || _text[_at] != letter) return false;
        _at++;
        return true;
    }
}
