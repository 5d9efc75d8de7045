// What a failed exchange means: how far it got decides its class, and its text is kept stable.

package xmlapi

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// statusError is an answer that is not a packet and has another status than 200.
type statusError struct {
	status int
	err    error
}

// Error implements error.
func (e *statusError) Error() string {
	if e.status/100 == 3 {
		return fmt.Sprintf("HTTP status %d (a redirect, which is not followed: the URL has to be the panel's own): %v", e.status, e.err)
	}
	return fmt.Sprintf("HTTP status %d: %v", e.status, e.err)
}

// Unwrap returns what is wrong with the answer.
func (e *statusError) Unwrap() error { return e.err }

// whole reports whether the status is about the request as a whole. With 500, a panel has failed over something in it.
func (e *statusError) whole() bool { return e.status != http.StatusInternalServerError }

// progress follows one exchange.
type progress struct {
	sent atomic.Bool // the server may have seen the request
}

func (p *progress) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaderField: func(string, []string) { p.sent.Store(true) },
	})
}

// patience ends an exchange when what is waited for takes too long. It is for one goroutine.
type patience struct {
	end   context.CancelCauseFunc
	timer *time.Timer
}

// newPatience returns a patience without limit, and the context that it ends. It has to be stopped.
func newPatience(ctx context.Context) (context.Context, *patience) {
	bounded, end := context.WithCancelCause(ctx)
	return bounded, &patience{end: end}
}

// allow ends the exchange after a time, unless it is called again before or stopped. What is said to be missing then.
func (p *patience) allow(limit time.Duration, missing string) {
	p.stopTimer()
	p.timer = time.AfterFunc(limit, func() { p.end(fmt.Errorf("%s within %s: %w", missing, limit, context.DeadlineExceeded)) })
}

func (p *patience) stopTimer() {
	if p.timer != nil {
		p.timer.Stop()
	}
}

// stop ends it.
func (p *patience) stop() {
	p.stopTimer()
	p.end(nil)
}

// arriving is a reader that tells when its first byte has come, and counts them.
type arriving struct {
	of    io.Reader
	begun func() // nil: it has been told
	bytes int64
}

// Read implements io.Reader.
func (a *arriving) Read(p []byte) (int, error) {
	n, err := a.of.Read(p)
	a.bytes += int64(n)
	if n > 0 && a.begun != nil {
		a.begun()
		a.begun = nil
	}
	return n, err
}

// givenUp returns the context's error in place of err where that is what ended the exchange. Closing the connection can
// show up as anything, even as an answer that ends early.
func givenUp(caller, bounded context.Context, err error) error {
	_, answered := errors.AsType[*Error](err)
	crowded, waited := errors.AsType[*BudgetError](err)
	switch {
	case answered || bounded.Err() == nil:
		return err
	case caller.Err() != nil:
		return caller.Err()
	case waited:
		return crowded
	}
	return context.Cause(bounded)
}

// classify gives a failed exchange its class: by what the server said, else by whether a write may have been executed.
func (c *Client) classify(err error, reached *progress, writes bool) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	_, refused := errors.AsType[RefusedAddressError](err)
	_, unproven := errors.AsType[*handshakeError](err)
	_, heldBack := errors.AsType[*NotSentError](err)
	class := Transient
	switch {
	case heldBack:
	case reached.sent.Load() && writes:
		class = Ambiguous
	case !reached.sent.Load() && (refused || unproven):
		class = Untrusted
	}
	return &Error{Class: class, Err: steady(err, c.url.Host)}
}

// isNetworkFailure distinguishes a connection that broke or hung during the handshake from a handshake that one side refused.
func isNetworkFailure(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Op == "read" || op.Op == "write"
	}
	if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() {
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.Canceled) || errors.Is(err, os.ErrDeadlineExceeded)
}

// steady gives err a text without the parts that differ between tries (local ports, resolver sockets, the time), so that
// conditions made from it stay the same.
func steady(err error, host string) error {
	if text := steadyText(err, host); text != "" {
		return &steadyError{text: text, err: err}
	}
	return err
}

func steadyText(err error, host string) string {
	if expired, ok := errors.AsType[x509.CertificateInvalidError](err); ok && expired.Reason == x509.Expired {
		return fmt.Sprintf("tls: the certificate is not valid now, but from %s to %s",
			expired.Cert.NotBefore.Format(time.RFC3339), expired.Cert.NotAfter.Format(time.RFC3339))
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		switch {
		case dns.IsNotFound:
			return fmt.Sprintf("lookup %s: no such host", dns.Name)
		case dns.IsTimeout:
			return fmt.Sprintf("lookup %s: timed out", dns.Name)
		}
		return fmt.Sprintf("lookup %s: failed", dns.Name)
	}
	// Whether a closed connection shows as an end, a reset or a broken pipe is a matter of timing.
	began := errors.Is(err, errUnreadable)
	closed := errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
	switch {
	case began && closed:
		return "the connection was closed before the answer ended"
	case closed, errors.Is(err, io.EOF) && !began:
		return "the connection was closed before an answer came"
	}
	if refused, ok := errors.AsType[RefusedAddressError](err); ok {
		return refused.Error()
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return fmt.Sprintf("%s %s: %v", op.Op, host, op.Err)
	}
	return ""
}

type steadyError struct {
	text string
	err  error
}

func (e *steadyError) Error() string { return e.text }
func (e *steadyError) Unwrap() error { return e.err }
