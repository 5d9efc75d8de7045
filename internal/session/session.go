// One live Plesk server: every packet to it goes through here.

// Package session stands between the engine and the wire: it bounds the packets under way to one server, closes the door
// after failures that concern the server as a whole, counts what is sent, and knows which Plesk it talks to.
package session

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// closeAfter is how many packets in a row may fail without an answer before the door closes.
const closeAfter = 3

// Session is one live Plesk server. It is safe for concurrent use.
type Session struct {
	name    string
	client  *xmlapi.Client
	slots   *semaphore.Weighted
	metrics *Metrics

	mu       sync.Mutex
	failures int    // packets in a row without an answer
	closed   error  // why the door is closed
	guid     string // of the Plesk installation, as it last said

	identify sync.Mutex // held while the guid is asked for
}

// New returns a session over client. name is the server's in metrics; parallel bounds the packets under way at once.
func New(name string, client *xmlapi.Client, parallel int, metrics *Metrics) *Session {
	return &Session{name: name, client: client, slots: semaphore.NewWeighted(int64(parallel)), metrics: metrics}
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
	if err := s.Closed(); err != nil {
		return &ClosedError{Cause: err}
	}
	return s.send(ctx, calls)
}

// Probe returns the same session for the one caller who may knock while the door is closed. Its first answer opens the door.
func (s *Session) Probe() xmlapi.Doer { return probe{s} }

type probe struct{ s *Session }

func (p probe) Do(ctx context.Context, calls ...xmlapi.Caller) error { return p.s.send(ctx, calls) }

// Closed returns why the door is closed, nil while it is open.
func (s *Session) Closed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// ServerGUID returns the GUID of the Plesk installation; it asks the server when it is not known yet.
func (s *Session) ServerGUID(ctx context.Context) (string, error) {
	s.identify.Lock()
	defer s.identify.Unlock()
	s.mu.Lock()
	guid := s.guid
	s.mu.Unlock()
	if guid != "" {
		return guid, nil
	}
	return s.FreshServerGUID(ctx)
}

// FreshServerGUID asks the server for its GUID.
func (s *Session) FreshServerGUID(ctx context.Context) (string, error) {
	r, err := server.Get.One(ctx, s, server.GetRequest{GenInfo: &xmlapi.Empty{}})
	if err != nil {
		return "", err
	}
	if r.GenInfo == nil || r.GenInfo.GUID == "" {
		return "", &xmlapi.Error{Class: xmlapi.Transient, Operator: "server", Operation: "get", Err: errors.New("the answer lacks server_guid")}
	}
	s.SetServerGUID(r.GenInfo.GUID)
	return r.GenInfo.GUID, nil
}

// SetServerGUID notes the GUID that the server just told.
func (s *Session) SetServerGUID(guid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guid = guid
}

func (s *Session) send(ctx context.Context, calls []xmlapi.Caller) error {
	if err := s.slots.Acquire(ctx, 1); err != nil {
		return &xmlapi.Error{Class: xmlapi.Transient, Err: fmt.Errorf("waiting for one of the server's packet slots: %w", err)}
	}
	defer s.slots.Release(1)
	start := time.Now()
	err := s.client.Do(ctx, calls...)
	s.metrics.observe(s.name, calls, err, time.Since(start))
	if err == nil || ctx.Err() == nil {
		s.judge(err)
	}
	return err
}

// judge opens or closes the door by the outcome of one packet. Refusals of single operations are no matter of the server's.
func (s *Session) judge(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, _ := errors.AsType[*xmlapi.Error](err)
	switch {
	case e == nil:
		s.failures, s.closed = 0, nil
	case e.Class == xmlapi.Denied:
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

func (s *Session) close() { s.client.Close() }
