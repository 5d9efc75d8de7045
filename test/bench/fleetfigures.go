// Figures of a fleet that is in sync: what it costs while nothing happens, at a resync and at a restart, and how soon a change is noticed.

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/test/hoster"
)

// never is a resync period during which nothing is resynced.
const never = 24 * time.Hour

// fleet is one server with many objects.
type fleet struct {
	*room
	*plesk
	size int // without the plan
}

// cost is what a time has cost.
type cost struct {
	traffic
	statusWrites int
	cpu          time.Duration // of the manager, where it was not restarted meanwhile
	peak         float64       // memory of the manager until then, in bytes
}

// inSync measures everything that needs a large fleet.
func inSync(ctx context.Context, l *lab) (_ []Figure, err error) {
	f, err := l.fleet(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.room.close()) }()
	var figures []Figure
	resyncs := map[int]cost{}
	for _, size := range l.growth {
		restart, err := f.grow(ctx, size)
		if err != nil {
			return figures, err
		}
		if l.timed {
			if resyncs[size], err = f.resync(ctx); err != nil {
				return figures, err
			}
		}
		if size != l.objects {
			continue
		}
		figures = append(figures, f.comparisons(restart, resyncs[size])...)
		more, err := f.inDetail(ctx)
		figures = append(figures, more...)
		if err != nil {
			return figures, err
		}
	}
	return append(figures, l.growthOf(resyncs)...), nil
}

// fleet makes the server, with the plan only.
func (l *lab) fleet(ctx context.Context) (*fleet, error) {
	r, err := l.room(ctx, "fleet")
	if err != nil {
		return nil, err
	}
	p, err := l.plesk("web-01", plesksim.Options{}) //nolint:contextcheck // it outlives the context of its start
	if err == nil {
		err = r.register(ctx, p.name, p.Access)
	}
	if err == nil {
		err = r.create(ctx, hoster.Plan(p.name))
	}
	if err != nil {
		return nil, errors.Join(err, r.close())
	}
	return &fleet{room: r, plesk: p}, nil
}

// grow adds resources until there are so many, and returns what a restart costs then. Afterwards the manager's memory is what the fleet
// needs, not what it took to make it.
func (f *fleet) grow(ctx context.Context, size int) (cost, error) {
	var objects []client.Object
	for n := f.size / hoster.FamilySize; n < size/hoster.FamilySize; n++ {
		objects = append(objects, hoster.Family(f.name, n)...)
	}
	began := time.Now()
	if err := f.create(ctx, objects...); err != nil {
		return cost{}, err
	}
	f.size += len(objects)
	if err := f.settle(ctx, 1+f.size, f.plesk); err != nil {
		return cost{}, err
	}
	f.say("%d resources, %d of them new, are ready after %.0f s", f.size, len(objects), time.Since(began).Seconds())
	return f.restarted(ctx)
}

// during measures what happens while something is done.
func (f *fleet) during(do func() error) (cost, error) {
	before, versions := f.traffic(), f.changed()
	cpu, _, err := f.resources()
	if err == nil {
		err = do()
	}
	if err != nil {
		return cost{}, err
	}
	c := cost{traffic: f.traffic().since(before), statusWrites: f.changed() - versions}
	now, peak, err := f.resources()
	c.cpu, c.peak = now-cpu, peak
	return c, err
}

// resources are what the manager has used so far. They are only told by Linux, and not asked for where only counts matter.
func (f *fleet) resources() (cpu time.Duration, peak float64, err error) {
	if !f.timed {
		return 0, 0, nil
	}
	if cpu, err = processorTime(f.manager.PID()); err != nil {
		return 0, 0, err
	}
	peak, err = peakMemory(f.manager.PID())
	return cpu, peak, err
}

// listLasts is how long after it was made the operator compares with a list: a resync within this time asks the server for nothing.
const listLasts = time.Minute

// resync measures the next resync that asks the server, from before it is due until it is over.
func (f *fleet) resync(ctx context.Context) (cost, error) {
	if err := pause(ctx, listLasts); err != nil {
		return cost{}, err
	}
	within, cancel := context.WithTimeout(ctx, 2*f.resyncPeriod)
	defer cancel()
	return f.during(func() error {
		for before := f.traffic(); ; {
			err := (cost{traffic: f.traffic().since(before)}).lookedAtAll("two resync periods")
			if err == nil {
				return f.silence(within, f.plesk)
			}
			if pause(within, lookAgain) != nil {
				return err
			}
		}
	})
}

// lookedAtAll fails where a kind was not read at all: a comparison that did not take place costs nothing, and would pass.
func (c cost) lookedAtAll(when string) error {
	for _, operator := range fleetOperators {
		if c.operators[operator] == 0 {
			return fmt.Errorf("no packet with the operator %s in %s: nothing was compared, so the figures would mean nothing", operator, when)
		}
	}
	return nil
}

// comparisons are the figures of a restart and of a resync of a fleet in sync. Where only counts matter the resync is left out: it sends what
// a restart sends, after minutes.
func (f *fleet) comparisons(restart, resync cost) []Figure {
	figures := f.comparison("restart", restart)
	if f.timed {
		figures = append(figures, atMost(fmt.Sprintf("restart of %d objects: peak memory", f.size), restart.peak/1e6, 300, "MB"))
		figures = append(figures, f.comparison("resync", resync)...)
	}
	return figures
}

// comparison are those of one of them.
func (f *fleet) comparison(what string, c cost) []Figure {
	what = fmt.Sprintf("%s of %d objects: ", what, f.size)
	most := listPackets(f.size)
	if !f.timed {
		most += f.size / 10 // what the log has named last before the end is read once more, some objects at a time: in a small fleet that counts
	}
	return []Figure{
		atMost(what+"packets", float64(c.work), float64(most), "packets"),
		atMost(what+"writes", float64(c.writes), 0, "packets"),
		atMost(what+"status writes", float64(c.statusWrites), 0, "writes"),
	}
}

// inDetail measures what is measured at one size only: edits while everything resyncs, and then the fleet at rest.
func (f *fleet) inDetail(ctx context.Context) ([]Figure, error) {
	var figures []Figure
	for _, measure := range []func(context.Context) ([]Figure, error){f.editsDuringResync, f.idle, f.changesOutside, f.naive} {
		more, err := measure(ctx)
		figures = append(figures, more...)
		if err != nil {
			return figures, err
		}
	}
	return figures, f.setResync(ctx, f.name, f.resyncPeriod)
}

// editsDuringResync measures edits all through a resync period, on a server that takes its time. Afterwards no resync is due any more.
func (f *fleet) editsDuringResync(ctx context.Context) ([]Figure, error) {
	if !f.timed {
		return nil, nil
	}
	remove := f.Inject(plesksim.Fault{Delay: latency.PacketLatency})
	defer remove()
	var customers []editable
	for n := range f.size / hoster.FamilySize {
		customers = append(customers, newEditable(hoster.Login(n*hoster.CustomersPerFamily), f.plesk))
	}
	var took []time.Duration
	c, err := f.during(func() (err error) {
		took, err = f.room.edits(ctx, customers, f.resyncEdits, f.resyncPeriod/time.Duration(f.resyncEdits))
		return err
	})
	if err == nil {
		err = c.lookedAtAll("the resync period of the edits")
	}
	if err != nil {
		return nil, err
	}
	figures := []Figure{atMost(fmt.Sprintf("edit → on the server, p99, while %d objects resync", f.size), p99(took).Seconds(), 2, "s")}
	remove()
	return figures, f.rest(ctx)
}

// rest puts off the next resync, and waits until the operator has seen that.
func (f *fleet) rest(ctx context.Context) error {
	if err := f.setResync(ctx, f.name, never); err != nil {
		return err
	}
	return f.settle(ctx, 1+f.size, f.plesk)
}

// idle measures some polls.
func (f *fleet) idle(ctx context.Context) ([]Figure, error) {
	if f.timed { // it takes minutes until then
		if err := f.counted(ctx); err != nil {
			return nil, err
		}
	}
	took := time.Duration(f.idlePolls) * f.poll
	before, err := apiRequests(ctx, f.manager.MetricsURL)
	if err != nil {
		return nil, err
	}
	c, err := f.during(func() error { return pause(ctx, took) })
	if err != nil {
		return nil, err
	}
	after, err := apiRequests(ctx, f.manager.MetricsURL)
	if err != nil {
		return nil, err
	}
	if c.polls < f.idlePolls/2 {
		return nil, fmt.Errorf("%d polls in %s, every %s one is due: the figures would mean nothing", c.polls, took, f.poll)
	}
	figures := []Figure{atMost(fmt.Sprintf("idle, %d objects: packets per server and poll", f.size), float64(c.packets)/float64(c.polls), 1, "packets")}
	if f.timed {
		perHour := (after - before) * float64(time.Hour) / float64(took) / float64(f.size)
		figures = append(figures, atMost("idle: API-server requests per object and hour", perHour, 0.1, "requests"))
	}
	return figures, nil
}

// counted waits until the manager has counted what no resource describes: a packet for each kind without resources, once after a start.
func (f *fleet) counted(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	for {
		_, found, err := metric(ctx, f.manager.MetricsURL, `plesk_undeclared_objects{kind="PleskReseller"`)
		if err != nil {
			return fmt.Errorf("what no resource describes was not counted: %w", err)
		}
		if found {
			return f.silence(ctx, f.plesk)
		}
		if err := pause(ctx, lookAgain); err != nil {
			return err
		}
	}
}

// restarted measures a restart of the manager, until it is silent again.
func (f *fleet) restarted(ctx context.Context) (cost, error) {
	settling, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	c, err := f.during(func() error {
		if err := f.restart(settling); err != nil {
			return err
		}
		return f.silence(settling, f.plesk)
	})
	if err == nil {
		err = c.lookedAtAll("a restart")
	}
	return c, err
}

// naive measures what the naive design sends for a resync.
func (f *fleet) naive(ctx context.Context) ([]Figure, error) {
	d, err := f.Client()
	if err != nil {
		return nil, err
	}
	defer d.Close()
	before := f.traffic()
	if _, err := naiveResync(ctx, f.plesk, d, f.size); err != nil {
		return nil, fmt.Errorf("the naive client: %w", err)
	}
	return []Figure{told(fmt.Sprintf("naive design: resync of %d objects: packets", f.size), float64(f.traffic().since(before).work), "packets")}, nil
}

// growthOf compares what fleets of different sizes cost.
func (l *lab) growthOf(resyncs map[int]cost) []Figure {
	if len(l.growth) == 1 {
		return nil
	}
	var figures []Figure
	for _, size := range l.growth {
		figures = append(figures,
			told(fmt.Sprintf("resync of %d objects: processor time of the manager", size), resyncs[size].cpu.Seconds(), "s"),
			told(fmt.Sprintf("resync of %d objects: peak memory", size), resyncs[size].peak/1e6, "MB"))
	}
	first, last := l.growth[0], l.growth[len(l.growth)-1]
	larger := float64(last) / float64(first)
	return append(figures,
		atMost(fmt.Sprintf("growth of the processor time of a resync, %d → %d objects", first, last), ratio(resyncs[last].cpu, resyncs[first].cpu), larger, "×"),
		atMost(fmt.Sprintf("growth of the peak memory, %d → %d objects", first, last), resyncs[last].peak/resyncs[first].peak, larger, "×"))
}
