// Figures of new objects: how long it takes until all are on the server, and how many packets.

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// newObjects compares the operator with other clients that make the same objects, each on a fresh server.
func newObjects(ctx context.Context, l *lab) (_ []Figure, err error) {
	r, err := l.room(ctx, "new-objects")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	operator, packets, err := r.makeNew(ctx)
	if err != nil {
		return nil, err
	}
	bare, err := l.other(ctx, "bare", (*newcomers).bare, maxParallelPackets)
	if err != nil {
		return nil, err
	}
	sequential, err := l.other(ctx, "sequential", (*newcomers).bare, 1)
	if err != nil {
		return nil, err
	}
	naive, err := l.other(ctx, "naive", (*newcomers).naive, maxParallelPackets)
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("%d new objects", l.fresh)
	return []Figure{
		atMost(what+" ÷ bare client, same parallelism", ratio(operator, bare.took), 1.5, "×"),
		atMost(what+" ÷ sequential client", ratio(operator, sequential.took), 0.375, "×"), // 1.5 / maxParallelPackets
		told("naive design: "+what+" ÷ bare client", ratio(naive.took, bare.took), "×"),
		told(what+", all ready after", operator.Seconds(), "s"),
		told(what+", bare client", bare.took.Seconds(), "s"),
		told(what+", packets", float64(packets), "packets"),
		told("naive design: "+what+", packets", float64(naive.packets), "packets"),
	}, nil
}

// makeNew has the operator make them, and returns how long it took until all were ready.
func (r *room) makeNew(ctx context.Context) (time.Duration, int, error) {
	p, err := r.readyServer(ctx, "web-01")
	if err != nil {
		return 0, 0, err
	}
	n := newcomers{customers: r.fresh / 2, sites: r.fresh / 4}
	var objects []client.Object
	for i := range n.customers {
		objects = append(objects, customerOf(p.name, i))
	}
	for i := range n.sites {
		objects = append(objects, subscriptionOf(p.name, i, i), zoneOf(p.name, i))
	}
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	before, began := p.traffic(), time.Now()
	if err := r.create(ctx, objects...); err != nil {
		return 0, 0, err
	}
	r.say("created %d resources in %.1f s", len(objects), time.Since(began).Seconds())
	last, err := r.await(ctx, 1+len(objects))
	return last.Sub(began), p.traffic().since(before).work, err
}

// readyServer is a server with latency that the operator knows, with the plan that is shared, which is ready.
func (r *room) readyServer(ctx context.Context, name string) (*plesk, error) {
	p, err := r.plesk(name, latency) //nolint:contextcheck // it outlives the context of its start
	if err != nil {
		return nil, err
	}
	if err := r.register(ctx, p.name, p.Access); err != nil {
		return nil, err
	}
	if err := r.create(ctx, planOf(p.name)); err != nil {
		return nil, err
	}
	return p, r.settle(ctx, 1, p)
}

// run is what another client has done.
type run struct {
	took    time.Duration
	packets int
}

// other has another client make the same objects on a fresh server.
func (l *lab) other(ctx context.Context, name string, client func(*newcomers, context.Context, xmlapi.Doer, int) (time.Duration, error), atOnce int) (run, error) {
	p, err := l.plesk(name, latency) //nolint:contextcheck // it outlives the context of its start
	if err != nil {
		return run{}, err
	}
	defer p.Close()
	n, err := prepare(ctx, p, l.fresh)
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
		objects = append(objects, customerOf(p.name, i))
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
