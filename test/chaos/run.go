// A run, from an empty control plane to the report.

package chaos

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"golang.org/x/sync/errgroup"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// run is one run while it lasts.
type run struct {
	Config
	report *Report
	began  time.Time

	bed        *testbed.Bed
	client     client.Client
	servers    []*server
	families   []*family
	contenders []v1alpha1.Object
	hostages   []*v1alpha1.PleskCustomer // of the hostile server
	managers   []*testbed.Manager

	calm sync.Mutex // held while a leader is ended, and while one has to stay
	mu   sync.Mutex // guards the log
}

// Run carries out a run. An error says that it could not be carried out; what it found out about the operator is in the report.
func Run(ctx context.Context, c Config) (_ *Report, err error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	r := &run{Config: c, report: newReport(c), began: time.Now()}
	if r.bed, err = testbed.Start(ctx, testbed.Options{Log: c.Log}); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.bed.Close()) }()
	r.client = r.bed.Client
	if err := r.bed.Build(ctx); err != nil {
		return nil, err
	}
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	err = r.play(ctx)
	return r.report, err
}

// prepare sets up servers and managers, without anything to do for them yet.
func (r *run) prepare(ctx context.Context) error {
	if err := r.client.Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}); err != nil {
		return err
	}
	for n := range r.Servers {
		s, err := r.newServer(n + 1) //nolint:contextcheck // it outlives the context of its start
		if err != nil {
			return err
		}
		if err := r.register(ctx, s); err != nil {
			return err
		}
		r.servers = append(r.servers, s)
	}
	r.families = newFleet(r.Config, r.servers)
	for _, s := range r.servers {
		canary := newFamily(s, fmt.Sprintf("canary-%d", s.number), nil, 1, nil)
		s.canary = canary.customer
		r.families = append(r.families, canary)
		r.contenders = append(r.contenders, contenders(s)...)
	}
	for _, f := range r.families {
		r.report.Objects += len(f.objects())
	}
	if err := r.makeEnemy(ctx); err != nil {
		return err
	}
	return r.startManagers(ctx)
}

// play lets everything happen, and looks at what is left.
func (r *run) play(ctx context.Context) error {
	background, stop := context.WithCancel(ctx)
	defer stop()
	g, together := errgroup.WithContext(ctx)
	for _, m := range r.managers {
		g.Go(func() error { r.keepAlive(background, m); return nil })
	}
	g.Go(func() error {
		defer stop()
		return r.phases(together)
	})
	err := g.Wait()
	for _, m := range r.managers {
		m.Kill() // nothing is left to do for them
	}
	if err != nil {
		return err
	}
	if err := r.readLease(ctx); err != nil {
		return err
	}
	r.checkLeadership()
	return r.checkForeign(ctx)
}

func (r *run) phases(ctx context.Context) error {
	r.armFaults()
	err := r.phase("storm", func() error {
		g, ctx := errgroup.WithContext(ctx)
		g.Go(func() error { return r.createAll(ctx) })
		g.Go(func() error { return r.storm(ctx, newSchedule(r.Config, r.families[:len(r.families)-len(r.servers)])) })
		return g.Wait()
	})
	r.disarmFaults()
	if err != nil {
		return err
	}
	if err := r.phase("settling", func() error { return r.settle(ctx) }); err != nil {
		return err
	}
	if err := r.phase("contenders leave", func() error { return r.dismissContenders(ctx) }); err != nil {
		return err
	}
	if err := r.phase("the hostile server's resources leave", func() error { return r.releaseHostages(ctx) }); err != nil {
		return err
	}
	return r.phase("second pass", func() error { return r.secondPass(ctx) })
}

func (r *run) phase(name string, do func() error) error {
	r.say("=== %s", name)
	began := time.Now()
	err := do()
	r.report.Took = append(r.report.Took, Phase{name, time.Since(began)})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// createAll creates all resources, while the storm is already raging. The order is that of a directory of manifests: children may come
// before their parents.
func (r *run) createAll(ctx context.Context) error {
	var births []func(context.Context) error
	for _, o := range r.contenders {
		births = append(births, func(ctx context.Context) error { return r.create(ctx, unborn(o)) })
	}
	for _, f := range r.families {
		f.unborn.Store(int32(len(f.objects()))) // a handful
		for _, o := range f.objects() {
			births = append(births, func(ctx context.Context) error {
				err := r.create(ctx, unborn(o))
				if err == nil && f.unborn.Add(-1) == 0 {
					close(f.born)
				}
				return err
			})
		}
	}
	rng := rand.New(rand.NewPCG(r.Seed, streamFleet)) // chance in tests, repeatable
	rng.Shuffle(len(births), func(i, j int) { births[i], births[j] = births[j], births[i] })
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, birth := range births {
		g.Go(func() error { return birth(ctx) })
	}
	return g.Wait()
}

// say logs what happens.
func (r *run) say(format string, args ...any) {
	if r.Log == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = fmt.Fprintf(r.Log, "%7.1f s  %s\n", time.Since(r.began).Seconds(), fmt.Sprintf(format, args...)) // a log that fails has nowhere to say so
}
