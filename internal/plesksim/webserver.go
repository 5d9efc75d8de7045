// An HTTP server together with the goroutines that it started, so that closing it leaves nothing running.

package plesksim

import (
	"bytes"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// webserver serves a listener until it is closed.
type webserver struct {
	http   *http.Server
	served chan struct{}  // closed when Serve has returned
	conns  sync.WaitGroup // connections, and with them exchanges, that are open
}

// serve begins to serve. With a TLS configuration it speaks TLS.
func serve(l net.Listener, srv *http.Server) *webserver {
	v := &webserver{http: srv, served: make(chan struct{})}
	srv.ReadHeaderTimeout = 30 * time.Second
	srv.ErrorLog = log.New(failuresOnly{}, "", 0)
	srv.ConnState = v.countConnection
	go func() {
		defer close(v.served)
		if srv.TLSConfig != nil {
			_ = srv.ServeTLS(l, "", "") // always returns an error: that it was closed
			return
		}
		_ = srv.Serve(l)
	}()
	return v
}

// close ends the listener and all connections, and waits until their goroutines have ended.
func (v *webserver) close() {
	_ = v.http.Close()
	<-v.served
	v.conns.Wait()
}

// countConnection lets close wait for the connections. New ones are counted by the accepting goroutine, which close waits for first.
func (v *webserver) countConnection(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		v.conns.Add(1)
	case http.StateClosed:
		v.conns.Done()
	}
}

// failuresOnly passes on what the HTTP server logs, panics above all, except for clients that reject the certificate.
type failuresOnly struct{}

func (failuresOnly) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("TLS handshake error")) {
		return len(line), nil
	}
	return os.Stderr.Write(line)
}
