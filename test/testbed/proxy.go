// A network that can be partitioned: a proxy on the loopback interface before a server.

package testbed

import (
	"context"
	"net"
	"sync"
	"time"
)

// Proxy passes TCP connections on to a server. While it is partitioned, connections hang: those that were open, and new ones.
// What was on its way then is lost, in both directions; when the partition ends, every connection that has seen it is closed.
type Proxy struct {
	// Address is where it listens.
	Address string

	target   string
	listener net.Listener
	running  sync.WaitGroup

	mu          sync.Mutex
	partitioned bool
	closed      bool
	conns       map[*proxied]struct{}
}

// proxied is one connection of a client.
type proxied struct {
	client net.Conn
	lost   chan struct{} // closed when the connection is over
	once   sync.Once

	mu     sync.Mutex
	server net.Conn // nil until the server was reached
	over   bool
}

// Proxy starts a proxy before the server at an address.
func (b *Bed) Proxy(target string) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{Address: l.Addr().String(), target: target, listener: l, conns: map[*proxied]struct{}{}}
	p.running.Go(p.accept)
	b.atEnd(p.close)
	return p, nil
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return // closed
		}
		c := &proxied{client: client, lost: make(chan struct{})}
		p.mu.Lock()
		refused := p.closed
		if !refused {
			p.conns[c] = struct{}{}
			p.running.Go(func() { p.serve(c) })
		}
		p.mu.Unlock()
		if refused {
			c.end()
		}
	}
}

// serve passes on what comes from both sides until one of them ends.
func (p *Proxy) serve(c *proxied) {
	defer p.forget(c)
	if p.hangs(c) {
		return
	}
	server, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(context.Background(), "tcp", p.target)
	if err != nil || !c.reached(server) {
		return
	}
	var answers sync.WaitGroup
	answers.Go(func() { p.pass(c, c.client, server) })
	p.pass(c, server, c.client)
	answers.Wait()
}

// hangs blocks while the network is partitioned and then reports that the connection is lost.
func (p *Proxy) hangs(c *proxied) bool {
	p.mu.Lock()
	partitioned := p.partitioned
	p.mu.Unlock()
	if partitioned {
		<-c.lost
	}
	return partitioned
}

func (p *Proxy) pass(c *proxied, to, from net.Conn) {
	defer c.end()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if p.hangs(c) || err != nil {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (p *Proxy) forget(c *proxied) {
	c.end()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}

// Partition lets every connection hang from now on.
func (p *Proxy) Partition() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.partitioned = true
}

// Heal ends a partition. Clients have to reconnect.
func (p *Proxy) Heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.partitioned = false
	for c := range p.conns {
		c.end()
	}
}

func (p *Proxy) close() error {
	err := p.listener.Close()
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.Heal()
	p.running.Wait()
	return err
}

// reached notes the connection to the server; false when the client's has ended meanwhile.
func (c *proxied) reached(server net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		_ = server.Close() // nothing was sent
		return false
	}
	c.server = server
	return true
}

// end closes both sides.
func (c *proxied) end() {
	c.once.Do(func() { close(c.lost) })
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	_ = c.client.Close() // the other end notices
	if c.server != nil {
		_ = c.server.Close()
	}
}
