// The server as its users hold it: made, started, stopped, spoken to in process.

package plesksim

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Server is one simulated Plesk. All methods are safe for concurrent use.
type Server struct {
	opts       Options
	identity   *identity
	operations map[opName]operation
	nests      map[opName]bool // elements that hold an operation, such as webspace/db-servers

	mu    sync.Mutex // guards state: one operation runs at a time
	state *state

	faults   faultBox
	stats    statsBox
	keeper   keeper
	recorder *recorder      // nil when nothing is recorded
	desk     chan struct{}  // holds a token while a change takes its time
	changes  uint64         // counts what may have changed the state; guarded by mu
	restarts sync.WaitGroup // that faults asked for

	life       sync.Mutex // guards what follows
	address    string     // fixed by the first Start, so that a restarted server is found again
	plain      string     // the same for plain HTTP, "" without
	running    *webserver
	insecure   *webserver         // plain HTTP, nil when there is none
	admin      *webserver         // nil when there is none
	stop       context.CancelFunc // ends the context of all requests: releases exchanges that hang
	endAbsence context.CancelFunc // of a restart in progress, nil when there is none
	saver      sync.WaitGroup
}

var _ xmlapi.Doer = (*Server)(nil)

// New makes a server with what its state file holds, or else with what a fresh installation holds. It does not listen yet.
func New(opts Options) (*Server, error) {
	opts = opts.withDefaults()
	if err := opts.Locale.check(); err != nil {
		return nil, err
	}
	if err := opts.spellOut(); err != nil {
		return nil, err
	}
	id, err := loadIdentity(opts.TLSDir, opts.Hostname)
	if err != nil {
		return nil, err
	}
	s := &Server{opts: opts, identity: id, operations: allOperations(), address: opts.Address, plain: opts.PlainAddress}
	s.keeper.changed, s.desk = make(chan struct{}, 1), make(chan struct{}, 1)
	if s.recorder, err = openRecorder(opts.RecordFile); err != nil {
		return nil, err
	}
	s.nests = nests(s.operations)
	s.faults.seed(opts.Seed)
	if err := s.furnish(); err != nil {
		s.keeper.unlock()
		return nil, err
	}
	return s, nil
}

// furnish gives a new server its state: the one that was kept, or a fresh one, which is kept from then on.
func (s *Server) furnish() error {
	if s.opts.StateFile != "" {
		var err error
		if s.keeper.lock, err = lockState(s.opts.StateFile); err != nil {
			return err
		}
		kept, err := exists(s.opts.StateFile)
		if err != nil {
			return err
		}
		if kept {
			s.state, err = s.loadState()
			return err
		}
	}
	s.state = newState(s.opts.Rand)
	s.setup()
	for _, file := range s.opts.SeedFiles {
		if err := s.seed(file); err != nil {
			return err
		}
	}
	s.changes++
	return s.Save()
}

// Start listens and serves until Close or Stop. It ends a restart in progress.
func (s *Server) Start() error {
	s.life.Lock()
	defer s.life.Unlock()
	if s.running != nil {
		return errors.New("plesksim: already started")
	}
	return s.listen()
}

// listen is Start with life locked.
func (s *Server) listen() error {
	s.cancelRestart()
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		return err
	}
	var plain net.Listener
	if s.plain != "" {
		if plain, err = net.Listen("tcp", s.plain); err != nil {
			return errors.Join(err, l.Close())
		}
		s.plain = plain.Addr().String()
	}
	s.address = l.Addr().String()
	requests, stop := context.WithCancel(context.Background())
	s.stop = stop
	answers := func() *http.Server {
		return &http.Server{
			BaseContext: func(net.Listener) context.Context { return context.WithValue(requests, serving{}, requests) },
			Handler:     http.HandlerFunc(s.serveHTTP),
		}
	}
	secure := answers()
	secure.TLSConfig = &tls.Config{
		Certificates: []tls.Certificate{s.identity.certificate}, MinVersion: tls.VersionTLS12,
		NextProtos: []string{"http/1.1", "http/1.0"}, // some clients offer only the older one
	}
	secure.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){} // HTTP/1.1, like the panel's web server
	s.running = serve(l, secure)
	if plain != nil {
		s.insecure = serve(plain, answers())
	}
	if s.opts.StateFile != "" {
		s.saver.Go(func() { s.keepSaved(requests) })
	}
	return nil
}

// Stop closes the listener and all connections, in the middle of an exchange too, and saves the state if it has a file. The state
// stays; Start serves it again on the same address. Stopping a stopped server does nothing.
func (s *Server) Stop() {
	s.life.Lock()
	defer s.life.Unlock()
	s.cancelRestart()
	if s.running != nil {
		s.halt()
	}
}

// halt stops a running server, with life locked.
func (s *Server) halt() {
	s.stop()
	s.running.close()
	s.running = nil
	if s.insecure != nil {
		s.insecure.close()
		s.insecure = nil
	}
	s.saver.Wait()
	if err := s.Save(); err != nil {
		s.report(err)
	}
}

// cancelRestart ends a restart in progress, so that it does not start the server again. Life is locked.
func (s *Server) cancelRestart() {
	if s.endAbsence != nil {
		s.endAbsence()
		s.endAbsence = nil
	}
}

// Close stops the server, its restarts and its admin endpoint, and unlocks its state file.
func (s *Server) Close() {
	s.Stop()
	s.restarts.Wait()
	s.closeAdmin()
	s.keeper.unlock()
}

// report passes on a failure that concerns no client.
func (s *Server) report(err error) {
	if s.opts.OnError != nil {
		s.opts.OnError(err)
		return
	}
	fmt.Fprintln(os.Stderr, err)
}

// Shutdown stops the server after the exchanges in flight are answered, or at once when ctx ends.
func (s *Server) Shutdown(ctx context.Context) {
	s.life.Lock()
	running := []*webserver{s.running, s.insecure}
	s.life.Unlock()
	for _, v := range running {
		if v != nil {
			_ = v.http.Shutdown(ctx)
		}
	}
	s.Stop()
}

// URL returns the panel's base URL, e.g. https://127.0.0.1:8443. The port is known after Start.
func (s *Server) URL() string {
	s.life.Lock()
	defer s.life.Unlock()
	return "https://" + s.address
}

// PlainURL returns the panel's base URL for plain HTTP, "" when it is not served. The port is known after Start.
func (s *Server) PlainURL() string {
	s.life.Lock()
	defer s.life.Unlock()
	if s.plain == "" {
		return ""
	}
	return "http://" + s.plain
}

// CA returns the PEM certificate that verifies the server's own.
func (s *Server) CA() []byte { return bytes.Clone(s.identity.caPEM) }

// Packet executes a packet as administrator, without HTTP, faults or counting: the way to change something behind a client's back.
func (s *Server) Packet(request []byte) []byte {
	return s.answer(s.behind(), request, false)
}

// Do implements xmlapi.Doer in the way of Packet.
func (s *Server) Do(_ context.Context, calls ...xmlapi.Caller) error {
	request, err := xmlapi.Encode(s.opts.Protocol, calls...)
	if err != nil {
		return err
	}
	return xmlapi.Decode(bytes.NewReader(s.Packet(request)), calls...)
}

// behind is the administrator working on the server itself.
func (s *Server) behind() caller {
	s.mu.Lock()
	defer s.mu.Unlock()
	return caller{account: s.state.admin().ID, login: s.state.admin().Login, role: administrator, host: "127.0.0.1"}
}
