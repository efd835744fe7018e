namespace HealthMLOps.Models;

/// <summary>This silo's right to serve by its copy of the plan, for a few seconds.</summary>
/// <remarks>
/// Counted from before the silo asked, on the monotonic clock, so that it ends here before the database counts it as over.
/// A wall clock that jumps against the monotonic one says that the machine slept or was moved: the lease is dropped.
/// The tolerated difference is the tenth that a halt waits beyond a lease.
/// </remarks>
public sealed class PlanLease
{
    private readonly TimeProvider _clock;
    private readonly long _askedAt;
    private readonly DateTimeOffset _askedWall;
    private readonly TimeSpan _length;
    private volatile bool _hasEnded;

    private PlanLease(TimeProvider clock, TimeSpan length)
    {
        (_clock, _length) = (clock, length);
        _askedWall = clock.GetUtcNow();
        _askedAt = clock.GetTimestamp();
    }

    /// <summary>Call before the database is asked.</summary>
    public static PlanLease AskedNow(TimeProvider clock, TimeSpan length) => new(clock, length);

    public bool IsLive
    {
        get
        {
            if (_hasEnded) return false;
            var passed = _clock.GetElapsedTime(_askedAt);
            var jump = (_clock.GetUtcNow() - _askedWall - passed).Duration();
            if (passed < _length && jump <= _length / 10) return true;
            _hasEnded = true;   // A clock that jumps back does not give it life again.
            return false;
        }
    }
}
