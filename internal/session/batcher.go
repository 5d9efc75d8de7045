// The batcher: what waits for one server, and in which packets it leaves.

package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// The bounds of a packet that several callers share. The protocol documents none.
const (
	maxOperations  = 50
	maxPacketBytes = 256 << 10
)

// The bounds of answers. What is asked for by name is small; a list is as long as the server is full. Those of reads that share a packet add up.
const (
	maxReadBytes = 4 << 20
	maxListBytes = 64 << 20
)

// Lane says who waits for an answer.
type Lane int

// The lanes, the most urgent first.
const (
	Foreground Lane = iota // somebody waits for the outcome
	Background             // nobody does: the comparison at a resync
	lanes      = int(Background) + 1
)

// String is the lane's name in metrics.
func (l Lane) String() string {
	if l == Background {
		return "background"
	}
	return "foreground"
}

func (l Lane) other() Lane { return Foreground + Background - l }

// patience is how many packets of a more urgent lane may leave before one of the other; yield is how many writes may leave before the reads
// that wait beside them. Reads gather meanwhile, and leave together.
const (
	patience = 16
	yield    = 8
)

// ticket is what one caller asks: its calls travel in one packet, in order.
type ticket struct {
	calls   []xmlapi.Caller
	pin     *xmlapi.Pin // by which server it is to be answered
	lane    Lane
	probes  bool // it passes a closed door
	list    bool // its answer may be long
	witness bool // it needs to know who answers

	writes bool
	bytes  int
	since  time.Time

	// Guarded by the session's lock.
	packet *packet // that it has left in, nil while it waits
	left   bool    // nobody waits for it any more
	done   chan answer
}

// answer is how a packet ended for one ticket.
type answer struct {
	err error       // about the packet as a whole
	pin *xmlapi.Pin // by which server it was answered; nil if it was not sent
	is  Identity
	who error // why that is not known
}

// packet is what is in flight.
type packet struct {
	tickets []*ticket
	cancel  context.CancelFunc
}

// waiting is what has not left yet, by lane.
type waiting struct {
	reads, writes [lanes][]*ticket
	passed        int        // by how many packets of the foreground, since one of the background has left
	yielded       [lanes]int // to how many writes, since reads have left
}

// ask waits for the answer to a ticket. A caller that leaves cancels nothing that others wait for.
func (s *Session) ask(ctx context.Context, t *ticket) (answer, error) {
	if len(t.calls) == 0 {
		return answer{}, nil
	}
	if err := s.enqueue(ctx, t); err != nil {
		return answer{}, err
	}
	select {
	case a := <-t.done:
		if a.pin != nil {
			t.pin.Join(a.pin)
		}
		return a, a.err
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.left = true
	class := xmlapi.Transient
	switch p := t.packet; {
	case p == nil: // it will not leave any more
	case t.writes:
		class = xmlapi.Ambiguous
	case !slices.ContainsFunc(p.tickets, func(t *ticket) bool { return !t.left }):
		p.cancel()
	}
	return answer{}, &xmlapi.Error{Class: class, Err: fmt.Errorf("waiting for the server: %w", ctx.Err())}
}

// enqueue has a ticket wait, unless it cannot be sent anyway.
func (s *Session) enqueue(ctx context.Context, t *ticket) error {
	if err := ctx.Err(); err != nil {
		return &xmlapi.Error{Class: xmlapi.Transient, Err: fmt.Errorf("waiting for the server: %w", err)}
	}
	size, err := s.Client.Check(t.calls...) // in a shared packet it would be everybody's failure
	if err != nil {
		return err
	}
	t.bytes, t.writes = size, slices.ContainsFunc(t.calls, xmlapi.Caller.Writes)
	t.since, t.done = time.Now(), make(chan answer, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed != nil && !t.probes {
		return &ClosedError{Cause: s.closed}
	}
	s.waiting.push(t)
	s.dispatch() //nolint:contextcheck // a packet outlives the callers that share it
	return nil
}

// dispatch sends what waits, as far as packets may be in flight. The lock is held.
func (s *Session) dispatch() {
	for s.flying < s.Parallel {
		tickets := s.waiting.next(s.apart)
		if len(tickets) == 0 {
			return
		}
		s.flying++
		go s.fly(tickets)
	}
}

// fly sends a packet, and makes room for the next one.
func (s *Session) fly(tickets []*ticket) {
	s.send(tickets)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flying--
	s.dispatch()
}

// send sends the calls of several tickets as one packet. If it fails for what may be one operation's fault, they are sent again in halves,
// until that one is alone with it.
func (s *Session) send(tickets []*ticket) {
	ctx, p := s.depart(tickets)
	if p == nil {
		return
	}
	defer p.cancel()
	calls, who := s.together(p.tickets)
	pin := p.tickets[0].pin // a write has its packet for itself, and its own pin knows what it is asked before
	if len(p.tickets) > 1 {
		pin = s.Client.Pin()
		for _, t := range p.tickets {
			pin.Join(t.pin)
		}
	}
	start := time.Now()
	err := pin.Do(ctx, calls...)
	s.Metrics.observe(s.Name, p.tickets, calls, err, start)
	if err != nil && ctx.Err() != nil {
		return // nobody waits
	}
	if e, ok := errors.AsType[*xmlapi.Error](err); ok && e.MayBeOneOperation() && len(p.tickets) > 1 {
		half := len(p.tickets) / 2
		s.send(p.tickets[:half])
		s.send(p.tickets[half:])
		return
	}
	s.judge(err, p.tickets[0].probes)
	a := answer{err: err, pin: pin}
	if err == nil && who != nil {
		a.is, a.who = who.read()
	}
	for _, t := range p.tickets {
		t.done <- a
	}
}

// depart makes a packet of those tickets that somebody waits for still, unless the door has closed for them.
func (s *Session) depart(tickets []*ticket) (context.Context, *packet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &packet{}
	limit := int64(0)
	for _, t := range tickets {
		switch {
		case t.left:
		case s.closed != nil && !t.probes:
			t.done <- answer{err: &ClosedError{Cause: s.closed}}
		default:
			t.packet = p
			p.tickets = append(p.tickets, t)
			limit += t.limit()
		}
	}
	if len(p.tickets) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithCancel(xmlapi.WithAnswerLimit(context.Background(), min(limit, maxListBytes)))
	p.cancel = cancel
	return ctx, p
}

// limit is how long its answer may be. A probe reads the event log, too, which has grown while the server could not be reached.
func (t *ticket) limit() int64 {
	if t.list || t.probes || slices.ContainsFunc(t.calls, xmlapi.ReadsMany) {
		return maxListBytes
	}
	return maxReadBytes
}

// together are the calls of a packet. Where somebody needs to know who answers, all are told.
func (s *Session) together(tickets []*ticket) ([]xmlapi.Caller, *question) {
	var calls []xmlapi.Caller
	for _, t := range tickets {
		calls = append(calls, t.calls...)
	}
	if !slices.ContainsFunc(tickets, func(t *ticket) bool { return t.witness }) {
		return calls, nil
	}
	s.mu.Lock()
	who := questionTo(s.role, s.Login)
	s.mu.Unlock()
	return append(calls, who.call), &who
}

func (w *waiting) push(t *ticket) {
	lane := &w.reads[t.lane]
	if t.writes {
		lane = &w.writes[t.lane]
	}
	*lane = append(*lane, t)
}

// next takes the tickets of the next packet.
func (w *waiting) next(apart bool) []*ticket {
	for i := range lanes {
		w.reads[i] = slices.DeleteFunc(w.reads[i], func(t *ticket) bool { return t.left })
		w.writes[i] = slices.DeleteFunc(w.writes[i], func(t *ticket) bool { return t.left })
	}
	lane := Foreground
	switch {
	case w.empty(Foreground), !w.empty(Background) && w.passed >= patience:
		lane, w.passed = Background, 0
	case !w.empty(Background):
		w.passed++
	}
	if writes := w.writes[lane]; len(writes) > 0 && !w.readsFirst(lane) {
		w.yielded[lane]++
		w.writes[lane] = writes[1:]
		return writes[:1:1]
	}
	w.yielded[lane] = 0
	return w.shared(lane, apart)
}

// operators are those that the ticket asks, in order.
func (t *ticket) operators() []string {
	var out []string
	for _, c := range t.calls {
		out = append(out, c.Operator())
	}
	return slices.Compact(out)
}

func (w *waiting) empty(lane Lane) bool { return len(w.reads[lane]) == 0 && len(w.writes[lane]) == 0 }

// readsFirst reports whether the reads of a lane leave before its writes: they fill a packet, or have waited for enough of them.
func (w *waiting) readsFirst(lane Lane) bool {
	return len(w.reads[lane]) > 0 && (w.yielded[lane] >= yield || len(w.reads[lane]) >= maxOperations)
}

// shared takes the reads of a lane that go into one packet; what room they leave is for the other lane. Where
// operators are kept apart, it holds those of the first one only.
func (w *waiting) shared(lane Lane, apart bool) []*ticket {
	var out []*ticket
	operations, bytes := 0, 0
	for _, l := range []Lane{lane, lane.other()} {
		w.reads[l] = slices.DeleteFunc(w.reads[l], func(t *ticket) bool {
			fits := len(out) == 0 || (!apart || slices.Equal(out[0].operators(), t.operators())) && !t.list && !out[0].list && !t.probes && !out[0].probes &&
				operations+len(t.calls) <= maxOperations && bytes+t.bytes <= maxPacketBytes &&
				!slices.ContainsFunc(out, func(o *ticket) bool { return !o.pin.Meets(t.pin) })
			if fits {
				out, operations, bytes = append(out, t), operations+len(t.calls), bytes+t.bytes
			}
			return fits
		})
	}
	return out
}

// turnAway fails all that waits before a closed door.
func (w *waiting) turnAway(cause error) {
	for i := range lanes {
		for _, queue := range []*[]*ticket{&w.reads[i], &w.writes[i]} {
			*queue = slices.DeleteFunc(*queue, func(t *ticket) bool {
				if !t.probes {
					t.done <- answer{err: &ClosedError{Cause: cause}}
				}
				return !t.probes
			})
		}
	}
}
