// The lab: a control plane for all figures, and rooms in it, each a namespace with a manager of its own.

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"golang.org/x/sync/errgroup"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/test/hoster"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// creators is how many resources are created at once.
const creators = 16

// settleWithin bounds every wait for the operator to have done what there is to do.
const settleWithin = 10 * time.Minute

// password is that of all accounts.
const password = "Bench-Panel-2031-x"

// lab is where figures are measured.
type lab struct {
	sizes
	bed      *testbed.Bed
	out      io.Writer // receives what happens as it happens
	profiles string    // the address of the managers' profiles, "0" for none

	began time.Time
	texts atomic.Int64 // handed out
}

func newLab(ctx context.Context, s sizes, out io.Writer) (*lab, error) {
	l := &lab{sizes: s, out: out, profiles: "0", began: time.Now()}
	var err error
	if l.bed, err = testbed.Start(ctx, testbed.Options{Log: out}); err != nil {
		return nil, err
	}
	if err := l.bed.Build(ctx); err != nil {
		return nil, errors.Join(err, l.bed.Close())
	}
	return l, nil
}

// close ends everything.
func (l *lab) close() error { return l.bed.Close() }

// say tells what happens.
func (l *lab) say(format string, args ...any) {
	_, _ = fmt.Fprintf(l.out, "[%4.0f s] %s\n", time.Since(l.began).Seconds(), fmt.Sprintf(format, args...)) // a log that fails has nowhere to say so
}

// text makes one that was not used before and stands in no other one.
func (l *lab) text() string { return fmt.Sprintf("Bench %06d.", l.texts.Add(1)) }

// room is a namespace, its manager, and what becomes of its resources.
type room struct {
	*lab
	namespace string
	manager   *testbed.Manager
	*tracker

	leave func()
}

// room opens a namespace with a manager that looks at no other.
func (l *lab) room(ctx context.Context, name string) (*room, error) {
	r := &room{lab: l, namespace: name, tracker: newTracker()}
	err := errors.Join(
		l.bed.Client.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}),
		r.create(ctx, hoster.Passwords(name, password)),
	)
	if err != nil {
		return nil, err
	}
	watching, stop := context.WithCancel(ctx)
	wait, err := l.bed.Watch(watching, name, testbed.OurKinds(), r.see)
	r.leave = func() { stop(); wait() }
	if err != nil {
		stop()
		return nil, err
	}
	if r.manager, err = l.bed.StartManager(ctx, testbed.ManagerOptions{Args: []string{"--namespaces=" + name, "--pprof-bind-address=" + l.profiles}}); err != nil {
		r.leave()
		return nil, err
	}
	return r, nil
}

// close ends the manager. What the namespace holds stays, and costs nobody anything.
func (r *room) close() error {
	defer r.leave()
	return r.manager.Stop()
}

// create creates objects in the room's namespace, many at once.
func (r *room) create(ctx context.Context, objects ...client.Object) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(creators)
	for _, o := range objects {
		o.SetNamespace(r.namespace)
		g.Go(func() error { return r.bed.Client.Create(ctx, o) })
	}
	return g.Wait()
}

// register makes a PleskServer for a server.
func (r *room) register(ctx context.Context, name string, access testbed.Access) error {
	srv, secrets := access.Server(r.namespace, name)
	srv.Spec.EventPollInterval, srv.Spec.ResyncPeriod = metav1.Duration{Duration: r.poll}, metav1.Duration{Duration: r.resyncPeriod}
	for _, s := range secrets {
		if err := r.create(ctx, s); err != nil {
			return err
		}
	}
	return r.create(ctx, srv)
}

// settle waits until so many resources exist and all are ready, and then until nothing is sent to any of the servers, and no resource
// written, for a while.
func (r *room) settle(ctx context.Context, n int, servers ...*plesk) error {
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	if _, err := r.await(ctx, n); err != nil {
		return err
	}
	return r.silence(ctx, servers...)
}

// silence waits until nothing has happened for a while.
func (r *room) silence(ctx context.Context, servers ...*plesk) error {
	happened := func() int {
		sum := r.changed()
		for _, p := range servers {
			sum += p.traffic().work
		}
		return sum
	}
	last, since := happened(), time.Now()
	for time.Since(since) < r.quiet {
		if err := pause(ctx, lookAgain); err != nil {
			return fmt.Errorf("the operator is still at work: %w", err)
		}
		if now := happened(); now != last {
			last, since = now, time.Now()
		}
	}
	return nil
}

// restart ends the manager as an upgrade does, and starts it again.
func (r *room) restart(ctx context.Context) error {
	if err := r.manager.Stop(); err != nil {
		return err
	}
	return r.manager.Start(ctx)
}

// setResync changes the resync period of a server, which makes the operator look at all its objects.
func (r *room) setResync(ctx context.Context, server string, period time.Duration) error {
	srv := &v1alpha1.PleskServer{}
	if err := r.bed.Client.Get(ctx, client.ObjectKey{Namespace: r.namespace, Name: server}, srv); err != nil {
		return err
	}
	before := srv.DeepCopy()
	srv.Spec.ResyncPeriod = metav1.Duration{Duration: period}
	return r.bed.Client.Patch(ctx, srv, client.MergeFrom(before))
}
