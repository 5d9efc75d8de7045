// Descriptors: what a server says of its open lists of names, asked once for all who want to know, and forgotten in time.

package session

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// For how long an answer is kept. Handlers and extensions come and go without an entry in the log, so no event may be waited for alone. What the
// server refuses to tell it refuses for as long; where a packet was lost, the next one may come through.
const (
	DescriptorAge = 10 * time.Minute
	unansweredAge = time.Minute
)

// maxDescriptorBytes is what is kept of one descriptor. A server with every extension needs a tenth of it; what says more says nothing.
const maxDescriptorBytes = 256 << 10

// Installation is the Plesk that is expected to answer, as it was when it was last probed: with another version, of Plesk or of the protocol, it has
// other descriptors.
type Installation struct{ GUID, Version, Protocol string }

// descriptors are what is known of one server, by the name of the query.
type descriptors struct {
	mu   sync.Mutex
	from Installation
	of   map[string]*described
}

// described is one descriptor, or that it is not known.
type described struct {
	begun time.Time
	done  chan struct{} // closed when the rest is there
	is    *hosting.Descriptor
	left  bool // whoever asked has left before the answer
	keep  time.Duration
}

// Describe returns the descriptors of a server by the names of their queries, none of them older than age. One that cannot be had is left out: what
// the server does not tell speaks against nothing. The error is the context's.
func (s *Session) Describe(ctx context.Context, from Installation, age time.Duration, queries ...hosting.DescriptorQuery) (map[string]*hosting.Descriptor, error) {
	for {
		known, mine := s.descriptors.current(from, s.now(), age, queries)
		if len(mine) > 0 {
			s.askDescriptors(ctx, from, mine, known)
		}
		out, again := map[string]*hosting.Descriptor{}, false
		for name, d := range known {
			select {
			case <-d.done:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			if again = again || d.left; d.is != nil {
				out[name] = d.is
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !again {
			return out, nil
		}
	}
}

// ForgetDescriptors has the next question asked of the server: something has changed there.
func (s *Session) ForgetDescriptors() {
	s.descriptors.mu.Lock()
	defer s.descriptors.mu.Unlock()
	s.descriptors.of = nil
}

// askDescriptors asks what has been left to the caller, in one packet. Where that is refused for what may be the fault of one, each is asked alone.
func (s *Session) askDescriptors(ctx context.Context, from Installation, queries []hosting.DescriptorQuery, into map[string]*described) {
	err := s.askTogether(ctx, from, queries, into)
	if e, ok := errors.AsType[*xmlapi.Error](err); ok && e.MayBeOneOperation() && len(queries) > 1 {
		for _, q := range queries {
			_ = s.askTogether(ctx, from, []hosting.DescriptorQuery{q}, into) // what came of it is noted
		}
	}
	for _, q := range queries {
		d := into[q.Name]
		if d.left = d.is == nil && ctx.Err() != nil; d.left {
			s.descriptors.drop(q.Name, d)
		} else {
			time.AfterFunc(d.keep, func() { s.descriptors.drop(q.Name, d) })
		}
		close(d.done)
	}
}

// askTogether asks in one packet. It goes its own way to the server, past the pin of any pass: what is wrong with the answer is no pass's failure.
func (s *Session) askTogether(ctx context.Context, from Installation, queries []hosting.DescriptorQuery, into map[string]*described) error {
	calls := make([]xmlapi.Caller, len(queries))
	answers := make([]func() (*hosting.Descriptor, error), len(queries))
	for i, q := range queries {
		calls[i], answers[i] = q.Call()
	}
	w := s.Witness(Foreground)
	w.Expect(from.GUID)
	err := w.Do(ctx, calls...)
	for i, q := range queries {
		if err != nil {
			into[q.Name].take(nil, err) // the answer may be on its way still, to nobody
			continue
		}
		into[q.Name].take(answers[i]())
	}
	return err
}

// take notes an answer, or why there is none.
func (d *described) take(is *hosting.Descriptor, err error) {
	switch class := xmlapi.ClassOf(err); {
	case err == nil && is.Bytes() <= maxDescriptorBytes:
		d.is, d.keep = is.Bare(), DescriptorAge
	case err == nil, class == xmlapi.Forbidden, class == xmlapi.Invalid, class == xmlapi.NotFound:
		d.keep = DescriptorAge
	default:
		d.keep = unansweredAge
	}
}

// current returns what is known, or being asked, of each query. Those that the caller is to ask come apart, too.
func (s *descriptors) current(from Installation, now time.Time, age time.Duration, queries []hosting.DescriptorQuery) (known map[string]*described, mine []hosting.DescriptorQuery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil || s.from != from {
		s.from, s.of = from, map[string]*described{}
	}
	known = map[string]*described{}
	for _, q := range queries {
		d := s.of[q.Name]
		if known[q.Name] != nil {
			continue // it is named twice
		}
		if d == nil || d.past(now, age) {
			d = &described{begun: now, done: make(chan struct{})}
			s.of[q.Name], mine = d, append(mine, q)
		}
		known[q.Name] = d
	}
	return known, mine
}

// past reports whether an answer is too old. One that is still being waited for is not.
func (d *described) past(now time.Time, age time.Duration) bool {
	select {
	case <-d.done:
	default:
		return false
	}
	since := now.Sub(d.begun)
	return since < 0 || since >= min(age, d.keep)
}

func (s *descriptors) drop(name string, one *described) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[name] == one {
		delete(s.of, name)
	}
}

func (s *Session) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}
