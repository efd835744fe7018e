namespace HealthMLOps.Training;

/// <summary>No model came of the training: the message names what stood in the way. It holds no patient's value.</summary>
public sealed class TrainingRefused(string message) : Exception(message);
