// Restarts, by a call and by a fault.

package plesksim

import (
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A restart drops the exchanges in flight, and the server comes back at the same address with the same state, with a file or without one.
func TestRestart(t *testing.T) {
	for _, file := range []string{"", filepath.Join(t.TempDir(), "state.json")} {
		s := newServer(t, func(o *Options) { o.StateFile = file })
		c := start(t, s)
		c.ask(addAlder, added)
		arrived, dropped := make(chan struct{}), make(chan error)
		s.Inject(Fault{Operator: "event_log", Hold: arrived, Hang: true, Times: 1})
		go func() {
			_, _, err := c.do("<packet>" + getIDs + "</packet>")
			dropped <- err
		}()
		arrived <- struct{}{}
		old := s.state
		if err := s.Restart(0); err != nil {
			t.Fatal(err)
		}
		if err := <-dropped; err == nil {
			t.Error("an exchange survived the restart")
		}
		if s.state == old {
			t.Error("the state was not read again")
		}
		c.ask(countAlder, oneAlder)
		if n := s.Stats().Packets; n != 3 {
			t.Errorf("%d packets counted", n)
		}
	}
}

// A fault can restart the server before or after the operation; the client that caused it loses its answer either way.
func TestRestartByFault(t *testing.T) {
	for _, executed := range []bool{false, true} {
		s := newServer(t)
		c := start(t, s)
		s.Inject(Fault{Operation: "add", Restart: true, Executed: executed, Times: 1})
		if _, body, err := c.do("<packet>" + addAlder + "</packet>"); err == nil {
			t.Error(body)
		}
		s.restarts.Wait()
		if executed {
			c.ask(countAlder, oneAlder)
		} else {
			c.ask(countAlder, noAlder)
		}
	}
}

// While it is away nobody can connect; closing it ends the absence.
func TestAway(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	s.Inject(Fault{Restart: true, Away: time.Hour})
	if _, _, err := c.do("<packet/>"); err == nil {
		t.Error("answered")
	}
	for isRunning(s) { // the exchange ends before the restart begins
		runtime.Gosched()
	}
	if conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "https://")); err == nil {
		conn.Close()
		t.Error("connected")
	}
	if err := s.Restart(0); err == nil {
		t.Error("restarted while away")
	}
	s.ClearFaults()
	if err := s.Start(); err != nil { // started without waiting for the restart
		t.Fatal(err)
	}
	c.ask(countAlder, noAlder)
	s.Inject(Fault{Restart: true, Away: time.Hour})
	if _, _, err := c.do("<packet/>"); err == nil {
		t.Error("answered")
	}
	s.Close()
	if isRunning(s) {
		t.Error("closed, and running")
	}
}

func isRunning(s *Server) bool {
	s.life.Lock()
	defer s.life.Unlock()
	return s.running != nil
}
