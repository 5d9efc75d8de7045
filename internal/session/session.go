// One live Plesk server: every packet to it goes through here.

// Package session stands between the engine and the wire: it bounds the packets in flight to one server, closes the door
// after failures that concern the server as a whole, counts what is sent, and tells which Plesk answered.
package session

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// closeAfter is how many packets in a row may fail without an answer before the door closes.
const closeAfter = 3

// Config is what a Session is made of.
type Config struct {
	Name     string // the server's, in metrics
	Client   *xmlapi.Client
	Parallel int // bounds the packets in flight
	Metrics  *Metrics
	// Weaknesses says what lets others read the credentials in transit; whoever reports to the user says so.
	Weaknesses []string
	// Bound names the Secrets that say themselves that they are for this server.
	Bound []string
}

// Session is one live Plesk server. It is safe for concurrent use.
type Session struct {
	Config
	slots *semaphore.Weighted

	mu       sync.Mutex
	failures int   // packets in a row without an answer
	closed   error // why the door is closed
}

// New returns a session with an open door.
func New(c Config) *Session {
	return &Session{Config: c, slots: semaphore.NewWeighted(int64(c.Parallel))}
}

// ClosedError says that nothing was sent because the server is known not to answer or to refuse the operator altogether.
type ClosedError struct {
	Cause error
}

// Error implements error.
func (e *ClosedError) Error() string { return "nothing was sent: " + e.Cause.Error() }

// Unwrap returns the failure that closed the door.
func (e *ClosedError) Unwrap() error { return e.Cause }

// Do implements xmlapi.Doer. While the door is closed it sends nothing and returns a *ClosedError.
func (s *Session) Do(ctx context.Context, calls ...xmlapi.Caller) error {
	return s.through(ctx, s.Client, calls)
}

// through sends a packet by way of d, unless the door is closed.
func (s *Session) through(ctx context.Context, d xmlapi.Doer, calls []xmlapi.Caller) error {
	if err := s.Closed(); err != nil {
		return &ClosedError{Cause: err}
	}
	return s.send(ctx, d, calls, s.Closed)
}

// Probe returns the same session for the one caller who may send while the door is closed. Its first answer opens the door.
func (s *Session) Probe() xmlapi.Doer { return probe{s} }

type probe struct{ s *Session }

func (p probe) Do(ctx context.Context, calls ...xmlapi.Caller) error {
	return p.s.send(ctx, p.s.Client, calls, func() error { return nil })
}

// Closed returns why the door is closed, nil while it is open.
func (s *Session) Closed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// send waits for a slot. The door may have closed meanwhile: what has waited is asked about once more.
func (s *Session) send(ctx context.Context, d xmlapi.Doer, calls []xmlapi.Caller, closed func() error) error {
	if err := s.slots.Acquire(ctx, 1); err != nil {
		return &xmlapi.Error{Class: xmlapi.Transient, Err: fmt.Errorf("waiting for one of the server's packet slots: %w", err)}
	}
	defer s.slots.Release(1)
	if err := closed(); err != nil {
		return &ClosedError{Cause: err}
	}
	start := time.Now()
	err := d.Do(ctx, calls...)
	s.Metrics.observe(s.Name, calls, err, time.Since(start))
	if err == nil || ctx.Err() == nil {
		s.judge(err)
	}
	return err
}

// judge opens or closes the door by the outcome of one packet. Refusals of single operations say nothing about the server as a whole.
func (s *Session) judge(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, _ := errors.AsType[*xmlapi.Error](err)
	_, unsent := errors.AsType[*xmlapi.NotSentError](err)
	switch {
	case unsent: // by this side's choice
	case e == nil:
		s.failures, s.closed = 0, nil
	case e.Class.RefusesAll():
		s.closed = err
	case e.System:
		// The server answered and refused this packet only (or is busy): nothing is learned about the next one.
		s.failures, s.closed = 0, nil
	case e.Class == xmlapi.Transient || e.Class == xmlapi.Ambiguous:
		if s.failures++; s.failures >= closeAfter {
			s.closed = err
		}
	}
}

func (s *Session) close() { s.Client.Close() }
