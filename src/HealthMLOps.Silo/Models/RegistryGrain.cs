namespace HealthMLOps.Models;

/// <summary>Keeps the register of model versions.</summary>
public sealed class RegistryGrain([PersistentState("model-register")] IPersistentState<ModelRegister> state) : Grain, IRegistryGrain
{
    public async Task<RegisteredModel> Register(ModelContract contract, string packageDigest, DateTimeOffset at, string by)
    {
        var before = state.State;
        if (before.Models.FirstOrDefault(m => m.PackageDigest == packageDigest) is { } known) return known;
        var number = before.Models.Where(m => m.Version.Model == contract.Model).Select(m => m.Version.Number).DefaultIfEmpty(0).Max() + 1;
        var registered = new RegisteredModel(new ModelVersion(contract.Model, number), packageDigest, contract, at, by);
        state.State = new ModelRegister(before.Epoch + 1, before.Models.Add(registered));
        try { await state.WriteStateAsync(); }
        catch
        {
            state.State = before;
            DeactivateOnIdle(); // The write may have landed: reload to know.
            throw;
        }
        return registered;
    }

    public Task<ModelRegister> List() => Task.FromResult(state.State);
}
