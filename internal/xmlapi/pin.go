// Pins: packets that all reach one server, even if its name resolves differently in between.

package xmlapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/netip"
	"slices"
	"sync"
)

// Pin is a Doer whose packets all go to one address and meet one certificate there: that of its first packet. What was read
// through a pin and what is then written through it concern the same server, although no write of the protocol can name
// the server that it is for. It is for one goroutine.
type Pin struct {
	client *Client
	to     *target // nil before the first packet
	// BeforeWrite is called once for each packet of this pin that writes, right before its body is sent, after Config.BeforeWrite. An error holds
	// it back; nil means no such check.
	BeforeWrite func() error
}

// Pin returns a pin that has not chosen its server yet.
func (c *Client) Pin() *Pin { return &Pin{client: c} }

// Do implements Doer. Nothing is sent of a packet that meets another certificate than the first one did.
func (p *Pin) Do(ctx context.Context, calls ...Caller) error { return p.client.do(ctx, p, calls) }

// Meets reports whether the two may share a packet: they reach the same server, or one of them has not chosen yet.
func (p *Pin) Meets(q *Pin) bool { return p.to == nil || q.to == nil || *p.to == *q.to }

// Join makes a pin that has not chosen its server yet keep to that of q.
func (p *Pin) Join(q *Pin) {
	if p.to == nil {
		p.to = q.to
	}
}

// NotSentError says that this side held a packet back. Nothing of it has reached a server, and no server is to blame.
type NotSentError struct{ Err error }

// Error implements error.
func (e *NotSentError) Error() string { return "nothing was sent: " + e.Err.Error() }

// Unwrap returns why it was held back.
func (e *NotSentError) Unwrap() error { return e.Err }

var errOtherCertificate = errors.New("the server shows another certificate than it did for the packets before")

// target is where packets go: an address and, over TLS, the SHA-256 of the certificate that is shown there.
type target struct {
	address netip.AddrPort
	leaf    [sha256.Size]byte
}

// poolName stands for the target where the transport wants a host name: it pools connections by that name, so that one
// which has met another certificate is not reused.
func (t target) poolName() string {
	address, err := t.address.MarshalText()
	if err != nil {
		panic(err) // it never fails
	}
	return hex.EncodeToString(t.leaf[:]) + "." + hex.EncodeToString(address)
}

// rememberTargets is how many targets a client remembers at once, besides those that pins hold.
const rememberTargets = 8

// targets knows where connections are open. Without it every pin would search a host with several addresses again.
type targets struct {
	mu     sync.Mutex
	recent []target // the last used first
	open   map[target]int
}

// among returns the target that was used last, has a connection and one of the addresses.
func (t *targets) among(addresses []netip.Addr) (target, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, known := range t.recent {
		if t.open[known] > 0 && slices.Contains(addresses, known.address.Addr()) {
			return known, true
		}
	}
	return target{}, false
}

// use notes that packets go to a target.
func (t *targets) use(to target) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.recent = slices.DeleteFunc(t.recent, func(known target) bool { return known == to })
	t.recent = slices.Insert(t.recent, 0, to)
	t.recent = t.recent[:min(len(t.recent), rememberTargets)]
}

// forget makes the next pin search for a target again.
func (t *targets) forget(to target) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.recent = slices.DeleteFunc(t.recent, func(known target) bool { return known == to })
}

// count notes that a connection was opened (1) or closed (-1).
func (t *targets) count(to target, change int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open[to] += change; t.open[to] == 0 {
		delete(t.open, to)
	}
}
