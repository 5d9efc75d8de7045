// Restarts: the server leaves and comes back with what it had saved.

package plesksim

import (
	"context"
	"errors"
	"time"
)

// Restart drops all connections, in the middle of exchanges too, stays away for a while, and serves again at the same address. The
// state is written and read back, as if the process had been stopped and started. Faults, counters and the admin endpoint
// belong to the simulator, not to the simulated server, and stay.
func (s *Server) Restart(away time.Duration) error {
	absence, err := s.leave()
	if err != nil {
		return err
	}
	if err := s.reload(); err != nil {
		return err
	}
	if away > 0 {
		timer := time.NewTimer(away)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-absence.Done():
		}
	}
	s.life.Lock()
	defer s.life.Unlock()
	if absence.Err() != nil {
		return errors.New("plesksim: stopped or started during the restart")
	}
	return s.listen()
}

// leave stops the server for a restart. The context ends when somebody stops or starts the server meanwhile.
func (s *Server) leave() (context.Context, error) {
	s.life.Lock()
	defer s.life.Unlock()
	if s.running == nil {
		return nil, errors.New("plesksim: not running")
	}
	absence, end := context.WithCancel(context.Background())
	s.halt()
	s.endAbsence = end
	return absence, nil
}

// restartBehind restarts the server in the background: the exchange that asks for it cannot wait, since it is dropped with the others.
func (s *Server) restartBehind(away time.Duration) {
	s.restarts.Go(func() {
		if err := s.Restart(away); err != nil && s.leftAlone() {
			s.report(err)
		}
	})
}

// leftAlone tells whether the server was neither started nor stopped since a restart stopped it.
func (s *Server) leftAlone() bool {
	s.life.Lock()
	defer s.life.Unlock()
	return s.running == nil && s.endAbsence != nil
}

// reload reads the state as a starting process would. Without a state file it goes through memory.
func (s *Server) reload() error {
	if s.opts.StateFile != "" {
		if err := s.Save(); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opts.StateFile != "" {
		st, err := s.loadState()
		if err == nil {
			s.state = st
		}
		return err
	}
	data, err := s.encodeState()
	if err != nil {
		return err
	}
	st, err := s.decodeState(data)
	if err == nil {
		s.state = st
	}
	return err
}
