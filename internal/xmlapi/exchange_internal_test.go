// Error texts that no test server can provoke: resolvers, and addresses that change.

package xmlapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// A write may be thought about for minutes, and a list may take its time to arrive: the one does not count for the other.
func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, p := newPatience(t.Context())
		p.allow(DefaultWriteTimeout, "no answer")
		<-time.After(DefaultWriteTimeout - time.Second)
		p.allow(DefaultAnswerTimeout, "the answer was not complete")
		<-time.After(DefaultAnswerTimeout - time.Second)
		if ctx.Err() != nil {
			t.Fatal(context.Cause(ctx))
		}
		<-time.After(2 * time.Second)
		if err := context.Cause(ctx); err == nil || err.Error() != "the answer was not complete within 1m0s: context deadline exceeded" {
			t.Errorf("it ended with %v", err)
		}
	})
}

func TestSteady(t *testing.T) {
	addr := func(s string) net.Addr {
		a, err := net.ResolveTCPAddr("tcp", s)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	resolver := func(e net.DNSError) error {
		e.Name, e.Server = "web-01.example", "10.0.0.2:53"
		return &net.OpError{Op: "dial", Net: "tcp", Err: &e}
	}
	for _, test := range []struct {
		want string
		err  error
	}{
		{"lookup web-01.example: no such host", resolver(net.DNSError{Err: "no such host", IsNotFound: true})},
		{"lookup web-01.example: timed out", resolver(net.DNSError{Err: "read udp 10.0.0.5:41234->10.0.0.2:53: i/o timeout", IsTimeout: true})},
		{"lookup web-01.example: failed", resolver(net.DNSError{Err: "read udp 10.0.0.5:41234->10.0.0.2:53: connection refused"})},
		{"read web-01.example:8443: no route to host", &net.OpError{
			Op: "read", Net: "tcp", Source: addr("10.0.0.5:51234"), Addr: addr("203.0.113.7:8443"), Err: errors.New("no route to host"),
		}},
		{"the connection was closed before the answer ended", unreadable("packet", &net.OpError{
			Op: "read", Net: "tcp", Source: addr("10.0.0.5:51235"), Addr: addr("203.0.113.8:8443"), Err: os.NewSyscallError("read", syscall.ECONNRESET),
		})},
		{"the connection was closed before an answer came", &net.OpError{
			Op: "write", Net: "tcp", Source: addr("10.0.0.5:51236"), Err: os.NewSyscallError("write", syscall.EPIPE),
		}},
		{"the connection was closed before an answer came", io.EOF},
		{"unreadable answer: no packet element: EOF", unreadable("no packet element", io.EOF)},
		{"HTTP status 502: unreadable answer: packet", fmt.Errorf("HTTP status 502: %w", unreadable("packet", nil))},
		{"other", errors.New("other")},
	} {
		have := steady(test.err, "web-01.example:8443")
		if have.Error() != test.want {
			t.Errorf("have %q, want %q", have, test.want)
		}
		if !errors.Is(have, test.err) {
			t.Errorf("%q hides its cause", have)
		}
	}
}
