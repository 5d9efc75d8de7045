// The server as its users hold it: made, started, stopped, spoken to in process.

package plesksim

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

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

	faults faultBox
	stats  statsBox
	conns  sync.WaitGroup // connections, and with them exchanges, that are open

	life    sync.Mutex // guards what follows
	address string     // fixed by the first Start, so that a restarted server is found again
	running *http.Server
	stop    context.CancelFunc // ends the context of all requests: releases exchanges that hang
	served  chan struct{}      // closed when Serve has returned
}

var _ xmlapi.Doer = (*Server)(nil)

// New makes a server with what a fresh installation holds. It does not listen yet.
func New(opts Options) (*Server, error) {
	opts = opts.withDefaults()
	id, err := loadIdentity(opts.TLSDir, opts.Hostname)
	if err != nil {
		return nil, err
	}
	s := &Server{opts: opts, identity: id, operations: allOperations(), state: newState(opts.Rand), address: opts.Address}
	s.nests = nests(s.operations)
	s.faults.seed(opts.Seed)
	s.setup()
	return s, nil
}

// Start listens and serves until Close or Stop.
func (s *Server) Start() error {
	s.life.Lock()
	defer s.life.Unlock()
	if s.running != nil {
		return errors.New("plesksim: already started")
	}
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		return err
	}
	s.address = l.Addr().String()
	requests, stop := context.WithCancel(context.Background())
	s.running = &http.Server{
		BaseContext:       func(net.Listener) context.Context { return context.WithValue(requests, serving{}, requests) },
		Handler:           http.HandlerFunc(s.serveHTTP),
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{s.identity.certificate}, MinVersion: tls.VersionTLS12},
		TLSNextProto:      map[string]func(*http.Server, *tls.Conn, http.Handler){}, // HTTP/1.1, like the panel's web server
		ReadHeaderTimeout: 30 * time.Second,
		ErrorLog:          log.New(failuresOnly{}, "", 0),
		ConnState:         s.countConnection,
	}
	s.stop, s.served = stop, make(chan struct{})
	go func(srv *http.Server, served chan struct{}) {
		defer close(served)
		_ = srv.ServeTLS(l, "", "") // always returns an error: that it was closed
	}(s.running, s.served)
	return nil
}

// Stop closes the listener and all connections, in the middle of an exchange too. The state stays; Start serves it again
// on the same address. Stopping a stopped server does nothing.
func (s *Server) Stop() {
	s.life.Lock()
	defer s.life.Unlock()
	if s.running == nil {
		return
	}
	s.stop()
	_ = s.running.Close()
	<-s.served
	s.conns.Wait()
	s.running = nil
}

// Close stops the server.
func (s *Server) Close() { s.Stop() }

// Shutdown stops the server after the exchanges under way are answered, or at once when ctx ends.
func (s *Server) Shutdown(ctx context.Context) {
	s.life.Lock()
	srv := s.running
	s.life.Unlock()
	if srv != nil {
		_ = srv.Shutdown(ctx)
	}
	s.Stop()
}

// URL returns the panel's base URL, e.g. https://127.0.0.1:8443. The port is known after Start.
func (s *Server) URL() string {
	s.life.Lock()
	defer s.life.Unlock()
	return "https://" + s.address
}

// CA returns the PEM certificate that verifies the server's own.
func (s *Server) CA() []byte { return bytes.Clone(s.identity.caPEM) }

// Packet executes a packet as administrator, without HTTP, faults or counting: the way to change something behind a client's back.
func (s *Server) Packet(request []byte) []byte {
	return s.answer(s.behind(), request, false)
}

// Do implements xmlapi.Doer in the way of Packet.
func (s *Server) Do(_ context.Context, calls ...xmlapi.Caller) error {
	request, err := xmlapi.Encode(NewestVersion, calls...)
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

// countConnection lets Stop wait for the connections. New ones are counted by the accepting goroutine, which Stop waits for first.
func (s *Server) countConnection(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.conns.Add(1)
	case http.StateClosed:
		s.conns.Done()
	}
}

// failuresOnly passes on what the HTTP server logs, panics above all, but not that clients dislike the certificate.
type failuresOnly struct{}

func (failuresOnly) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("TLS handshake error")) {
		return len(line), nil
	}
	return os.Stderr.Write(line)
}
