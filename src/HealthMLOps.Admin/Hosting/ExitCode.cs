namespace HealthMLOps.Hosting;

/// <summary>What <c>healthml</c> tells the shell. The numbers are a contract with scripts.</summary>
public static class ExitCode
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;
    public const int NotAuthorised = 4;
    public const int Mismatch = 5;

    public const string Explanation = """
        Exit codes:
          0  done
          1  refused by the server, or failed
          2  wrong use of the command line
          3  the server can't be reached
          4  not authorised
          5  a verification found a mismatch
        """;
}
