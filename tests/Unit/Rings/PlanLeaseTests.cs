using HealthMLOps.Models;
using Microsoft.Extensions.Time.Testing;

namespace HealthMLOps.Tests.Unit.Rings;

public sealed class PlanLeaseTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_lease_counts_from_before_it_was_asked_for()
    {
        var clock = new FakeTimeProvider();
        var lease = PlanLease.AskedNow(clock, Length);
        clock.Advance(Length - TimeSpan.FromMilliseconds(1));
        Assert.True(lease.IsLive);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(lease.IsLive);
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public void A_wall_clock_that_jumps_ends_the_lease_for_good(double seconds)
    {
        var clock = new JumpingClock();
        var lease = PlanLease.AskedNow(clock, Length);
        Assert.True(lease.IsLive);
        clock.Jump = TimeSpan.FromSeconds(seconds);
        Assert.False(lease.IsLive);
        clock.Jump = TimeSpan.Zero;
        Assert.False(lease.IsLive);
    }

    [Fact]
    public void A_clock_that_is_slewed_a_little_does_not_end_it()
    {
        var clock = new JumpingClock { Jump = TimeSpan.FromHours(3) };   // Wrong by hours from the start: only a jump tells.
        var lease = PlanLease.AskedNow(clock, Length);
        clock.Jump += TimeSpan.FromMilliseconds(200);
        Assert.True(lease.IsLive);
    }

    /// <summary>A machine whose wall clock is set while its monotonic clock goes on.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private readonly FakeTimeProvider _steady = new();

        public TimeSpan Jump { get; set; }

        public override DateTimeOffset GetUtcNow() => _steady.GetUtcNow() + Jump;

        public override long GetTimestamp() => _steady.GetTimestamp();

        public override long TimestampFrequency => _steady.TimestampFrequency;
    }
}
