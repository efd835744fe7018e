using HealthMLOps.Hosting;
using HealthMLOps.Imports;

namespace HealthMLOps.Tests.Unit.Admin;

public sealed class ImportFolderTests : IDisposable
{
    private readonly AnOperator _operator = new();

    public void Dispose() => _operator.Dispose();

    [Fact]
    public void Files_load_in_the_order_that_references_need()
    {
        foreach (var name in new[] { "Observation.2", "Observation.1", "Device", "Coverage", "Patient", "Encounter", "Condition", "MedicationAdministration", "Procedure", "ServiceRequest", "MedicationRequest" })
            _operator.Keeps(name + ".ndjson", "{}\n");
        _operator.Keeps("z/bundle.json", """{"entry":[],"resourceType":"Bundle"}""");
        Assert.Equal(
            ["Patient", "Encounter", "Condition", "ServiceRequest", "Procedure", "MedicationRequest", "MedicationAdministration", "Observation.1", "Observation.2", "Coverage", "Device", "z/bundle"],
            Names().Select(name => name[..name.LastIndexOf('.')]));
    }

    [Fact]
    public void A_file_name_that_says_nothing_is_placed_by_its_first_resource()
    {
        _operator.Keeps("a.jsonl", "\uFEFF\n{\"id\":\"1\",\"resourceType\":\"Observation\"}\n");
        _operator.Keeps("MimicPatient.ndjson", "{\"resourceType\":\"Patient\"}\n");
        Assert.Equal(["MimicPatient.ndjson", "a.jsonl"], Names());
    }

    [Fact]
    public void A_single_resource_in_json_takes_its_types_place_and_other_json_is_left_out()
    {
        _operator.Keeps("a.json", """{"contained":[{"resourceType":"Patient"}],"resourceType":"Observation"}""");
        _operator.Keeps("b.json", "{ \"resourceType\" : \"Patient\" }");
        _operator.Keeps("settings.json", """{"a":1}""");
        Assert.Equal(["b.json", "a.json"], Names());
    }

    [Fact]
    public void The_type_is_found_behind_more_than_a_buffer_of_other_fields()
    {
        _operator.Keeps("late.json", $$"""{"entry":"{{new string('x', 3 * FirstResource.FirstBytes)}}","resourceType":"Bundle"}""");
        Assert.Equal(ImportClass.Bundle, ImportFolder.Find([_operator.Data], _ => { }).Single().Class);
    }

    [Fact]
    public void A_folder_without_anything_to_load_is_wrong_use()
    {
        _operator.Keeps("readme.txt", "none");
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandFailed>(() => Names()).ExitCode);
    }

    private List<string> Names() => ImportFolder.Find([_operator.Data], _ => { }).Select(file => file.Name).ToList();
}
