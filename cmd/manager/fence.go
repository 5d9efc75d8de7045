// The fence: a leader proves its lease before each write, so that one which was frozen past it writes nothing when it wakes.

package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// moment is a point in time on two clocks. The monotonic clock does not jump when the time is set; the wall clock goes on
// while the machine sleeps.
type moment struct {
	monotonic time.Duration
	wall      time.Time
}

// since is the longer of the two times that have passed.
func (m moment) since(earlier moment) time.Duration {
	return max(m.monotonic-earlier.monotonic, m.wall.Sub(earlier.wall))
}

var processStart = time.Now()

func now() moment {
	t := time.Now()
	return moment{monotonic: t.Sub(processStart), wall: t.Round(0)}
}

// fence knows when the lease was renewed last.
type fence struct {
	deadline time.Duration // after which others may be about to take over
	now      func() moment

	mu      sync.Mutex
	renewed *moment // when the renewal was asked for; nil without the lease
}

var errNoLease = errors.New("this operator has lost the lease of the leader, another one may be writing")

// check returns an error unless the lease is this process's beyond doubt.
func (f *fence) check() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.renewed == nil || f.now().since(*f.renewed) >= f.deadline {
		return errNoLease
	}
	return nil
}

// lock is a leader's lock that tells a fence of its renewals.
type lock struct {
	resourcelock.Interface
	fence *fence
}

// Create implements resourcelock.Interface.
func (l *lock) Create(ctx context.Context, r resourcelock.LeaderElectionRecord) error {
	return l.write(r, func() error { return l.Interface.Create(ctx, r) })
}

// Update implements resourcelock.Interface.
func (l *lock) Update(ctx context.Context, r resourcelock.LeaderElectionRecord) error {
	return l.write(r, func() error { return l.Interface.Update(ctx, r) })
}

// write notes the time before the request is sent: the lease counts from then at the latest, whenever the answer comes.
func (l *lock) write(r resourcelock.LeaderElectionRecord, send func() error) error {
	began := l.fence.now()
	mine := r.HolderIdentity == l.Identity()
	if !mine { // the lease is given away
		l.fence.set(nil)
	}
	err := send()
	if err == nil && mine {
		l.fence.set(&began)
	}
	return err
}

func (f *fence) set(renewed *moment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.renewed = renewed
}

// fencedLock returns the leader's lock, and the check to make before each write.
func fencedLock(config *rest.Config, namespace, name string, renewDeadline time.Duration) (resourcelock.Interface, func() error, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, nil, err
	}
	lease, err := resourcelock.NewFromKubeconfig(resourcelock.LeasesResourceLock, namespace, name,
		resourcelock.ResourceLockConfig{Identity: host + "_" + string(uuid.NewUUID())}, config, renewDeadline)
	if err != nil {
		return nil, nil, err
	}
	f := &fence{deadline: renewDeadline, now: now}
	return &lock{Interface: lease, fence: f}, f.check, nil
}
