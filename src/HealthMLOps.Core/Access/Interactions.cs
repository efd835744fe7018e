namespace HealthMLOps.Access;

/// <summary>What SMART v2 calls <c>cruds</c>.</summary>
[Flags]
public enum Interactions { None = 0, Create = 1, Read = 2, Update = 4, Delete = 8, Search = 16, All = 31 }
