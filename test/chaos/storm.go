// The storm: edits, kills, outages and a partition, all at the same time.

package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// storm returns when everything on the schedule has been done, while what it caused may still be in flight.
func (r *run) storm(ctx context.Context, schedule []act) error {
	ctx, cancel := context.WithTimeoutCause(ctx, r.StormWithin, fmt.Errorf("the storm was not over after %s", r.StormWithin))
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return r.edits(ctx, schedule) })
	g.Go(func() error { return r.endLeaders(ctx) })
	g.Go(func() error { return r.outages(ctx) })
	g.Go(func() error { return r.breakLogs(ctx) })
	if r.Partition > 0 {
		g.Go(func() error { return r.partition(ctx) })
	}
	return g.Wait()
}

// edits hands out the acts at their pace. Each family does its own in order; one that waits for a deletion holds up no other.
func (r *run) edits(ctx context.Context, schedule []act) error {
	g, ctx := errgroup.WithContext(ctx)
	mine := map[int]int{}
	for _, a := range schedule {
		mine[a.family]++
	}
	for i, n := range mine {
		f := r.families[i]
		f.acts = make(chan act, n)
		g.Go(func() error {
			select {
			case <-f.born:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			for a := range f.acts {
				r.say("%s: %s", f.name, a.deed)
				if err := r.do(ctx, f, a); err != nil {
					return fmt.Errorf("%s: %s: %w", f.name, a.deed, err)
				}
			}
			return nil
		})
	}
	g.Go(func() error {
		defer func() {
			for i := range mine {
				close(r.families[i].acts)
			}
		}()
		for _, a := range schedule {
			r.families[a.family].acts <- a // it has room for all
			if err := pause(ctx, r.Pace); err != nil {
				return err
			}
		}
		return nil
	})
	return g.Wait()
}

// outages lets the API server crash, then etcd, then both, and so on, spread over the time of the edits.
func (r *run) outages(ctx context.Context) error {
	rng := rand.New(rand.NewPCG(r.Seed, streamOutages)) // chance in tests, repeatable
	between := r.Pace * time.Duration(r.Edits) / time.Duration(r.Outages+1)
	for n := range r.Outages {
		if err := pause(ctx, between); err != nil {
			return err
		}
		parts := [][]testbed.Part{{testbed.APIServer}, {testbed.Etcd}, {testbed.APIServer, testbed.Etcd}}[n%3]
		r.say("crash of %v", parts)
		for _, p := range parts {
			if err := r.bed.Crash(ctx, p); err != nil {
				return err
			}
			r.report.count("outage: " + string(p) + " killed and started again")
		}
		if err := pause(ctx, time.Duration(500+rng.IntN(5000))*time.Millisecond); err != nil {
			return err
		}
		for i := range parts {
			if err := r.bed.Recover(ctx, parts[len(parts)-1-i]); err != nil {
				return err
			}
		}
		r.say("recovery of %v", parts)
	}
	return nil
}

// partition cuts one server off, in the middle of the storm, until all others have shown that they are served. The leader stays
// meanwhile: what is shown is what the server that hangs costs its neighbours, not what a take-over costs.
func (r *run) partition(ctx context.Context) error {
	rng := rand.New(rand.NewPCG(r.Seed, streamOutages+100)) // chance in tests, repeatable
	if err := pause(ctx, r.Pace*time.Duration(r.Edits)/3); err != nil {
		return err
	}
	r.calm.Lock()
	defer r.calm.Unlock()
	island := r.servers[rng.IntN(len(r.servers))]
	r.say("%s is cut off", island.name)
	island.proxy.Partition()
	defer island.proxy.Heal()
	began := time.Now()
	g, all := errgroup.WithContext(ctx)
	for _, s := range r.servers {
		if s != island {
			g.Go(func() error { return r.showsLife(all, s) })
		}
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if err := pause(ctx, r.Partition-time.Since(began)); err != nil {
		return err
	}
	island.proxy.Heal()
	r.say("%s is back", island.name)
	r.report.count("partition: a server cut off")
	return r.showsLife(ctx, island)
}

// lifeWithin is how long a server may take to show a change, while packets fail, the API server may be down and the machine busy.
// The partitioned server stays cut off for that long.
const lifeWithin = 4 * time.Minute

// showsLife changes the canary of a server and waits until the server has it.
func (r *run) showsLife(ctx context.Context, s *server) error {
	began := time.Now()
	city := fmt.Sprintf("Canary %d", began.UnixNano())
	if err := update(ctx, r, s.canary, func(c *v1alpha1.PleskCustomer) { c.Spec.Address = &v1alpha1.PostalAddress{City: &city} }); err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, lifeWithin)
	defer cancel()
	err := insist(bounded, "wait for life", func(ctx context.Context) error {
		c, err := customer.Get.One(ctx, s.plesk, customer.GetRequest{
			Filter: customer.ByLogin(s.canary.Spec.Login).Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}},
		})
		if err == nil && c.Data.GenInfo.City != city {
			err = fmt.Errorf("%s has not been served yet", s.name)
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		r.report.broken(standstill, "%s: a change did not arrive within %s", s.name, lifeWithin)
		return nil
	}
	r.say("%s is served: a change arrived after %s", s.name, time.Since(began).Round(time.Millisecond))
	return err
}
