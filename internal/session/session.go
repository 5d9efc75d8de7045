// One live Plesk server: every packet to it goes through here.

// Package session stands between the engine and the wire: it sends what many passes ask of one server in few packets, bounds those in flight,
// closes the door after failures that concern the server as a whole, counts what is sent, and tells which Plesk answered.
package session

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// closeAfter is how many packets in a row may fail without an answer before the door closes.
const closeAfter = 3

// Config is what a Session is made of.
type Config struct {
	Name     string // the server's, in metrics
	Client   *xmlapi.Client
	Login    string // of the credentials; "" where they are a key
	Role     Role   // that they had the last time, as far as anybody knows: see settle
	Parallel int    // bounds the packets in flight
	Metrics  *Metrics
	// Weaknesses says what lets others read the credentials in transit; whoever reports to the user says so.
	Weaknesses []string
	// Bound names the Secrets that say themselves that they are for this server.
	Bound []string
	// Now tells how old descriptors are; nil: time.Now.
	Now func() time.Time
}

// Session is one live Plesk server. It is safe for concurrent use.
type Session struct {
	Config

	mu       sync.Mutex
	failures int   // packets in a row without an answer
	closed   error // why the door is closed
	role     Role  // that witnesses ask as, once Introduce has found it out
	apart    bool  // reads of different operators leave in different packets
	waiting  waiting
	flying   int // packets

	introducing sync.Mutex // held while a witness finds out as whom it calls
	descriptors descriptors
}

// New returns a session with an open door.
func New(c Config) *Session { return &Session{Config: c} }

// KeepApart has reads of different operators leave in different packets from now on, or share them again. It is for servers whose grammar is not
// known: what they do not understand in a packet has them refuse all of it.
func (s *Session) KeepApart(apart bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apart = apart
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
	_, err := s.ask(ctx, &ticket{calls: calls, pin: s.Client.Pin()})
	return err
}

// Probe returns the same session for the one caller who may send while the door is closed. Its first answer opens the door.
func (s *Session) Probe() xmlapi.Doer { return probe{s} }

type probe struct{ s *Session }

func (p probe) Do(ctx context.Context, calls ...xmlapi.Caller) error {
	_, err := p.s.ask(ctx, &ticket{calls: calls, pin: p.s.Client.Pin(), probes: true})
	return err
}

// Closed returns why the door is closed, nil while it is open.
func (s *Session) Closed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// judge opens or closes the door by the outcome of one packet. Refusals of single operations say nothing about the server as a whole, nor does an
// answer that cannot be read, which one object's values may have spoilt: whether all answers are like that, the probe finds out. What
// waits is told at once that the door has closed.
func (s *Session) judge(err error, probes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, _ := errors.AsType[*xmlapi.Error](err)
	_, unsent := errors.AsType[*xmlapi.NotSentError](err)
	_, crowded := errors.AsType[*xmlapi.BudgetError](err)
	switch {
	case unsent, crowded: // by this side's choice, or for want of memory that the answers of other servers took
	case e == nil:
		s.failures, s.closed = 0, nil
	case e.Class.RefusesAll():
		s.closed = err
	case refusesPacket(e): // whether all packets are, another one will tell: see Introduce
	case e.System:
		// The server answered and refused this packet only (or is busy): nothing is learned about the next one.
		s.failures, s.closed = 0, nil
	case e.MayBeOneOperation() && !probes:
	case e.Class == xmlapi.Transient || e.Class == xmlapi.Ambiguous:
		if s.failures++; s.failures >= closeAfter {
			s.closed = err
		}
	}
	if s.closed != nil {
		s.shut(s.closed)
		return
	}
	s.Metrics.isOpen(s.Name, true)
}

// shut closes the door. What waits is told at once. The lock is held.
func (s *Session) shut(cause error) {
	s.closed = cause
	s.waiting.turnAway(cause)
	s.Metrics.isOpen(s.Name, false)
}

func (s *Session) close() { s.Client.Close() }
