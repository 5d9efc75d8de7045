// The fence over a lease and two clocks.

package main

import (
	"context"
	"errors"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// lease is a lock whose requests take their time.
type lease struct {
	resourcelock.Interface
	send func() error
}

func (l *lease) Create(context.Context, resourcelock.LeaderElectionRecord) error { return l.send() }
func (l *lease) Update(context.Context, resourcelock.LeaderElectionRecord) error { return l.send() }
func (l *lease) Identity() string                                                { return "me" }

func TestFence(t *testing.T) {
	g := NewWithT(t)
	ctx := context.Background()
	clock := moment{wall: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	pass := func(monotonic, wall time.Duration) {
		clock.monotonic += monotonic
		clock.wall = clock.wall.Add(wall)
	}
	const deadline = 10 * time.Second
	f := &fence{deadline: deadline, now: func() moment { return clock }}
	requests := &lease{send: func() error { return nil }}
	l := &lock{Interface: requests, fence: f}
	mine, given := resourcelock.LeaderElectionRecord{HolderIdentity: "me"}, resourcelock.LeaderElectionRecord{}

	g.Expect(f.check()).NotTo(Succeed(), "before there is a lease")
	g.Expect(l.Create(ctx, mine)).To(Succeed())
	g.Expect(f.check()).To(Succeed())
	pass(deadline-1, deadline-1)
	g.Expect(f.check()).To(Succeed())
	pass(1, 1)
	g.Expect(f.check()).To(MatchError(errNoLease))
	g.Expect(l.Update(ctx, mine)).To(Succeed())
	g.Expect(f.check()).To(Succeed())

	pass(0, deadline) // the machine slept
	g.Expect(f.check()).NotTo(Succeed())
	g.Expect(l.Update(ctx, mine)).To(Succeed())
	pass(deadline, -time.Hour) // the process was frozen, and somebody set the time back
	g.Expect(f.check()).NotTo(Succeed())
	g.Expect(l.Update(ctx, mine)).To(Succeed())
	pass(1, -time.Hour)
	g.Expect(f.check()).To(Succeed(), "set back alone it says nothing")

	requests.send = func() error { pass(deadline, deadline); return nil }
	g.Expect(l.Update(ctx, mine)).To(Succeed())
	g.Expect(f.check()).NotTo(Succeed(), "frozen while the renewal was in flight: it counts from when it was asked for")
	requests.send = func() error { return errors.New("conflict") }
	g.Expect(l.Update(ctx, mine)).NotTo(Succeed())
	g.Expect(f.check()).NotTo(Succeed(), "a renewal that failed is none")
	requests.send = func() error { return nil }
	g.Expect(l.Update(ctx, mine)).To(Succeed())
	requests.send = func() error {
		g.Expect(f.check()).NotTo(Succeed(), "it is given away before the request is sent")
		return nil
	}
	g.Expect(l.Update(ctx, given)).To(Succeed())
	g.Expect(f.check()).NotTo(Succeed())
}

func TestMomentsOfTheRealClocks(t *testing.T) {
	g := NewWithT(t)
	first := now()
	g.Expect(first.wall).To(BeTemporally("~", time.Now(), time.Minute))
	g.Eventually(func() time.Duration { return now().since(first) }).Should(BeNumerically(">", 0))
}
