using Microsoft.ML.OnnxRuntime;

namespace HealthMLOps.Models;

/// <summary>Memory for one row's way through a model with one float tensor in and one out, bound once: a call through it allocates nothing.</summary>
/// <remarks>Used by one thread at a time; <see cref="ScoringSession"/> keeps a few and lends them.</remarks>
internal sealed class ScoringLane : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtIoBinding _binding;
    private readonly OrtValue _inputTensor, _outputTensor;
    private readonly float[] _input, _output;
    private readonly int _column;

    public ScoringLane(InferenceSession session, InputColumns input, ProbabilityOutput output)
    {
        (_session, _column) = (session, output.Column);
        (_input, _output) = (new float[input.Width], new float[output.Columns]);
        _inputTensor = OrtValue.CreateTensorValueFromMemory(_input, [1, _input.Length]);
        _outputTensor = OrtValue.CreateTensorValueFromMemory(_output, [1, _output.Length]);
        _binding = session.CreateIoBinding();
        _binding.BindInput(input.Name, _inputTensor);
        _binding.BindOutput(output.Name, _outputTensor);
    }

    /// <exception cref="OnnxRuntimeException">The model failed to run.</exception>
    public ScoreResult Score(ReadOnlySpan<double?> row)
    {
        for (var i = 0; i < _input.Length; i++) _input[i] = row[i] is { } number ? (float)number : float.NaN;
        _output[_column] = float.NaN; // Should the run leave it untouched, the last patient's score must not come back.
        _session.RunWithBinding(_run, _binding);
        return ScoreResult.From(_output[_column]);
    }

    public void Dispose()
    {
        _binding.Dispose();
        _inputTensor.Dispose();
        _outputTensor.Dispose();
        _run.Dispose();
    }
}
