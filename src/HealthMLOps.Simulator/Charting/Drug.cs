namespace HealthMLOps.Simulation.Charting;

/// <summary>A drug as ordered here: RxNorm and ATC codes, and one usual dose.</summary>
internal sealed record Drug(string Name, Code RxNorm, Code Atc, decimal Dose, Unit DoseUnit, Code Route)
{
    private static readonly Unit Mg = new("mg", "mg");
    private static readonly Code Oral = Code.Snomed("26643006", "Oral route");
    private static readonly Code Intravenous = Code.Snomed("47625008", "Intravenous route");

    public static readonly Drug Ceftriaxone = Injected("Ceftriaxone", "2193", "J01DD04", 2000);
    public static readonly Drug PiperacillinTazobactam = Injected("Piperacillin / tazobactam", "74169", "J01CR05", 4500);
    public static readonly Drug Norepinephrine = Injected("Norepinephrine", "7512", "C01CA03", 8);
    public static readonly Drug Saline = new("Sodium chloride 0.9 %", Code.RxNorm("9863", "sodium chloride"),
        Code.Atc("B05BB01", "electrolytes"), 500, new("mL", "mL"), Intravenous);
    public static readonly Drug Metformin = Taken("Metformin", "6809", "A10BA02", 500);
    public static readonly Drug Furosemide = Taken("Furosemide", "4603", "C03CA01", 40);
    public static readonly Drug Lisinopril = Taken("Lisinopril", "29046", "C09AA03", 10);
    public static readonly Drug Metoprolol = Taken("Metoprolol", "6918", "C07AB02", 50);
    public static readonly Drug Apixaban = Taken("Apixaban", "1364430", "B01AF02", 5);
    public static readonly Drug Prednisone = Taken("Prednisone", "8640", "H02AB07", 20);
    public static readonly Drug Atorvastatin = Taken("Atorvastatin", "83367", "C10AA05", 40);

    private static Drug Taken(string name, string rxNorm, string atc, decimal doseMg) =>
        new(name, Code.RxNorm(rxNorm, name), Code.Atc(atc, name), doseMg, Mg, Oral);

    private static Drug Injected(string name, string rxNorm, string atc, decimal doseMg) =>
        new(name, Code.RxNorm(rxNorm, name), Code.Atc(atc, name), doseMg, Mg, Intravenous);
}
