// Connections: resolve the host, connect to an address that is permitted, check the certificate.

package xmlapi

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/idna"
)

const (
	dialTimeout      = 5 * time.Second // for one address
	handshakeTimeout = 10 * time.Second
	keepAlive        = 30 * time.Second
	idleConnTimeout  = 90 * time.Second
	// maxHeadBytes bounds the head of an answer. Servers send less than a kilobyte.
	maxHeadBytes = 64 << 10
)

// line makes the connections to one server.
type line struct {
	host    string // as the certificate has it
	port    uint16
	tls     *tls.Config // nil: none
	dialer  net.Dialer
	resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	targets targets
	search  searches
}

func newLine(cfg Config, host string, port uint16, secure bool) *line {
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	l := &line{
		host: host, port: port, resolve: cfg.Resolve, targets: targets{open: map[target]int{}},
		dialer: net.Dialer{Timeout: dialTimeout, KeepAlive: keepAlive, Control: cfg.Addresses.control},
	}
	if l.resolve == nil {
		l.resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	if secure {
		l.tls = &tls.Config{ServerName: host, RootCAs: cfg.RootCAs, InsecureSkipVerify: cfg.InsecureSkipVerify, MinVersion: tls.VersionTLS12} // the user's explicit choice
	}
	return l
}

// transport returns what sends requests over the line. Each request has its journey in its context.
func (l *line) transport(maxConns int) *http.Transport {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) { return l.connection(ctx) }
	return &http.Transport{
		// No proxy, whatever the environment says: what it connects to cannot be checked here, and http:// would show it the
		// credentials.
		DialContext: dial, DialTLSContext: dial,
		MaxConnsPerHost:        maxConns,
		MaxIdleConnsPerHost:    max(maxConns, 2),
		IdleConnTimeout:        idleConnTimeout,
		MaxResponseHeaderBytes: maxHeadBytes,
		DisableCompression:     true,                                                   // what a few compressed bytes become is not bounded by their number
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{}, // HTTP/1.1: the headers' names hold underscores
	}
}

// journey is one request on its way to its target.
type journey struct {
	to     target
	fresh  atomic.Pointer[conn] // the connection by which the target was found, until the request takes it
	search *search              // which found it; it goes on until then, so that no other search connects meanwhile
}

type journeyKey struct{}

// trace notices when the request has its connection: the one by which the target was found, or another that has become free.
func (j *journey) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if j.search != nil {
			j.search.end(nil, false)
		}
	}})
}

// end closes the connection that the request did not take because another one had become free.
func (j *journey) end() {
	if c := j.fresh.Swap(nil); c != nil {
		_ = c.Close() // nothing was sent over it
	}
	if j.search != nil {
		j.search.end(nil, true)
	}
}

// connection makes the connection that a request waits for.
func (l *line) connection(ctx context.Context) (net.Conn, error) {
	j := ctx.Value(journeyKey{}).(*journey)
	if c := j.fresh.Swap(nil); c != nil {
		c.count()
		return c, nil
	}
	c, err := l.connect(ctx, j.to.address)
	if err != nil {
		return nil, err
	}
	if c.to != j.to {
		_ = c.Close() // nothing was sent over it
		return nil, &NotSentError{errOtherCertificate}
	}
	c.count()
	return c, nil
}

// find chooses a target for a pin: one that is connected already, unless anew is set, or the first that can be connected to.
// Of several searches at the same time only one connects.
func (l *line) find(ctx context.Context, anew bool) (*journey, error) {
	addresses, err := l.addresses(ctx)
	if err != nil {
		return nil, err
	}
	for {
		mine := &search{of: &l.search, done: make(chan struct{})}
		theirs := l.search.join(mine)
		// Only now: a search that has just ended has left its target there.
		known, ok := l.targets.among(addresses)
		switch {
		case ok && !anew:
			if theirs == nil {
				mine.end(nil, false)
			}
			return &journey{to: known}, nil
		case theirs == nil:
			j, err := l.firstOf(ctx, addresses, mine)
			if err != nil {
				mine.end(err, ctx.Err() != nil)
			}
			return j, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-theirs.done:
		}
		if theirs.err != nil && !theirs.abandoned {
			return nil, theirs.err
		}
	}
}

// firstOf connects to the first address where that works.
func (l *line) firstOf(ctx context.Context, addresses []netip.Addr, by *search) (*journey, error) {
	var first error
	for _, a := range addresses {
		c, err := l.connect(ctx, netip.AddrPortFrom(a, l.port))
		if err == nil {
			j := &journey{to: c.to, search: by}
			j.fresh.Store(c)
			return j, nil
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, first
}

// search is a search for a target, whose result others may wait for.
type search struct {
	of   *searches
	once sync.Once

	done      chan struct{} // closed at the end; then …
	err       error
	abandoned bool // it ended without a result that others could use
}

// searches holds the search in flight.
type searches struct {
	mu  sync.Mutex
	now *search
}

// join returns the search in flight; nil if there was none, and mine is the one from now on.
func (s *searches) join(mine *search) *search {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now != nil {
		return s.now
	}
	s.now = mine
	return nil
}

// end ends the search; the first call counts.
func (s *search) end(err error, abandoned bool) {
	s.once.Do(func() {
		s.of.mu.Lock()
		defer s.of.mu.Unlock()
		s.err, s.abandoned, s.of.now = err, abandoned, nil
		close(s.done)
	})
}

// addresses resolves the host.
func (l *line) addresses(ctx context.Context) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(l.host); err == nil {
		return []netip.Addr{a.Unmap()}, nil
	}
	found, err := l.resolve(ctx, l.host)
	if err == nil && len(found) == 0 {
		err = &net.DNSError{Err: "no addresses", Name: l.host, IsNotFound: true}
	}
	for i := range found {
		found[i] = found[i].Unmap()
	}
	return found, err
}

// connect connects to an address and, over TLS, verifies that the server is the host.
func (l *line) connect(ctx context.Context, address netip.AddrPort) (*conn, error) {
	raw, err := l.dialer.DialContext(ctx, "tcp", address.String())
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: raw, to: target{address: address}, targets: &l.targets}
	if l.tls != nil {
		secure := tls.Client(raw, l.tls)
		if err := handshake(ctx, secure); err != nil {
			_ = raw.Close() // the handshake's failure is what counts
			return nil, err
		}
		c.Conn, c.to.leaf = secure, sha256.Sum256(secure.ConnectionState().PeerCertificates[0].Raw)
	}
	return c, nil
}

// handshakeError is a handshake that one of the sides refused.
type handshakeError struct{ error }

func (e *handshakeError) Unwrap() error { return e.error }

func handshake(ctx context.Context, c *tls.Conn) error {
	bounded, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	err := c.HandshakeContext(bounded)
	switch {
	case err == nil:
		return nil
	case bounded.Err() != nil && ctx.Err() == nil:
		return errors.New("no TLS handshake within " + handshakeTimeout.String())
	case isNetworkFailure(err):
		return err
	}
	if r, ok := errors.AsType[tls.RecordHeaderError](err); ok && string(r.RecordHeader[:]) == "HTTP/" {
		err = http.ErrSchemeMismatch
	}
	return &handshakeError{err}
}

// conn is a connection to a target.
type conn struct {
	net.Conn
	to      target
	targets *targets
	counted atomic.Bool
}

// count makes the connection known to searches for a target.
func (c *conn) count() {
	c.counted.Store(true)
	c.targets.count(c.to, 1)
}

// Close implements net.Conn.
func (c *conn) Close() error {
	if c.counted.CompareAndSwap(true, false) {
		c.targets.count(c.to, -1)
	}
	return c.Conn.Close()
}
