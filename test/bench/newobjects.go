// Figures of new objects: how long it takes until all are on the server, and how many packets.

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/test/hoster"
)

// freshOnBusy compares the operator with other clients where the server is what takes time, which is what the promise is about.
func freshOnBusy(ctx context.Context, l *lab) ([]Figure, error) {
	r, err := l.newObjects(ctx, "busy", busyLatency, l.freshBusy)
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("%d new objects, busy server", l.freshBusy)
	return append([]Figure{
		atMost(what+" ÷ bare client, same parallelism", ratio(r.operator.took, r.bare.took), 1.5, "×"),
		atMost(what+" ÷ sequential client", ratio(r.operator.took, r.sequential.took), 0.375, "×"), // 1.5 / maxParallelPackets
	}, r.told(what)...), nil
}

// freshOnIdle compares them where the server answers sooner than an API server that shares this machine can take down what was done. So the
// figures have no bound: they tell what a restore of a whole fleet takes.
func freshOnIdle(ctx context.Context, l *lab) ([]Figure, error) {
	r, err := l.newObjects(ctx, "idle", latency, l.fresh)
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("%d new objects, idle server", l.fresh)
	return append([]Figure{
		told(what+" ÷ bare client, same parallelism", ratio(r.operator.took, r.bare.took), "×"),
		told(what+" ÷ sequential client", ratio(r.operator.took, r.sequential.took), "×"),
	}, r.told(what)...), nil
}

// runs are what the clients have done that make the same objects, each on a fresh server.
type runs struct{ operator, bare, sequential, naive run }

func (l *lab) newObjects(ctx context.Context, name string, o plesksim.Options, objects int) (_ *runs, err error) {
	r, err := l.room(ctx, "new-objects-"+name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	out := &runs{}
	if out.operator, err = r.makeNew(ctx, o, objects); err != nil {
		return nil, err
	}
	for _, c := range []struct {
		name   string
		does   func(*newcomers, context.Context, xmlapi.Doer, int) (time.Duration, error)
		atOnce int
		run    *run
	}{
		{"bare", (*newcomers).bare, maxParallelPackets, &out.bare},
		{"sequential", (*newcomers).bare, 1, &out.sequential},
		{"naive", (*newcomers).naive, maxParallelPackets, &out.naive},
	} {
		if *c.run, err = l.other(ctx, c.name+"-"+name, o, objects, c.does, c.atOnce); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// told is what stands behind the ratios.
func (r *runs) told(what string) []Figure {
	return []Figure{
		told("naive design: "+what+" ÷ bare client", ratio(r.naive.took, r.bare.took), "×"),
		told(what+", all ready after", r.operator.took.Seconds(), "s"),
		told(what+", bare client", r.bare.took.Seconds(), "s"),
		told(what+", packets", float64(r.operator.packets), "packets"),
		told("naive design: "+what+", packets", float64(r.naive.packets), "packets"),
	}
}

// makeNew has the operator make them, until all are ready.
func (r *room) makeNew(ctx context.Context, o plesksim.Options, objects int) (run, error) {
	p, err := r.readyServer(ctx, "web-01", o)
	if err != nil {
		return run{}, err
	}
	n := newcomers{customers: objects / 2, sites: objects / 4}
	var fresh []client.Object
	for i := range n.customers {
		fresh = append(fresh, hoster.Customer(p.name, i))
	}
	for i := range n.sites {
		fresh = append(fresh, hoster.Subscription(p.name, i, i), hoster.Zone(p.name, i))
	}
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	before, began := p.traffic(), time.Now()
	if err := r.create(ctx, fresh...); err != nil {
		return run{}, err
	}
	r.say("created %d resources in %.1f s", len(fresh), time.Since(began).Seconds())
	last, err := r.await(ctx, 1+len(fresh))
	return run{last.Sub(began), p.traffic().since(before).work}, err
}

// readyServer is a server with latency that the operator knows, with the plan that is shared, which is ready.
func (r *room) readyServer(ctx context.Context, name string, o plesksim.Options) (*plesk, error) {
	p, err := r.plesk(name, o) //nolint:contextcheck // it outlives the context of its start
	if err != nil {
		return nil, err
	}
	if err := r.register(ctx, p.name, p.Access); err != nil {
		return nil, err
	}
	if err := r.create(ctx, hoster.Plan(p.name)); err != nil {
		return nil, err
	}
	return p, r.settle(ctx, 1, p)
}

// run is what a client has done.
type run struct {
	took    time.Duration
	packets int
}

// other has another client make the same objects on a fresh server.
func (l *lab) other(ctx context.Context, name string, o plesksim.Options, objects int,
	client func(*newcomers, context.Context, xmlapi.Doer, int) (time.Duration, error), atOnce int) (run, error) {
	p, err := l.plesk(name, o) //nolint:contextcheck // it outlives the context of its start
	if err != nil {
		return run{}, err
	}
	defer p.Close()
	n, err := prepare(ctx, p, objects)
	if err != nil {
		return run{}, err
	}
	c, err := p.Client()
	if err != nil {
		return run{}, err
	}
	defer c.Close()
	took, err := client(n, ctx, c, atOnce)
	if err != nil {
		return run{}, fmt.Errorf("the %s client: %w", name, err)
	}
	return run{took, p.traffic().packets}, nil
}

// loneObjects counts the packets for new objects that nothing lies in and that lie in nothing. They are there before their server is, so that
// how fast the API server takes them plays no part.
func loneObjects(ctx context.Context, l *lab) (_ []Figure, err error) {
	r, err := l.room(ctx, "lone-objects")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	empty, err := peakMemory(r.manager.PID())
	if err != nil {
		return nil, err
	}
	p, err := r.plesk("web-01", latency) //nolint:contextcheck // it outlives the context of its start
	if err != nil {
		return nil, err
	}
	var objects []client.Object
	for i := range r.lone {
		objects = append(objects, hoster.Customer(p.name, i))
	}
	if err := r.create(ctx, objects...); err != nil {
		return nil, err
	}
	before := p.traffic()
	if err := r.register(ctx, p.name, p.Access); err != nil {
		return nil, err
	}
	if err := r.settle(ctx, r.lone, p); err != nil {
		return nil, err
	}
	packets := p.traffic().since(before).work
	return []Figure{
		atMost("manager without objects: peak memory", empty/1e6, 100, "MB"),
		atMost("packets per new object without children", float64(packets)/float64(r.lone), 1.3, "packets"),
	}, nil
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }
