// The pool: at most one session per server, replaced when what it was made from changes.

package session

import "sync"

// Pool keeps the sessions of the servers in use.
type Pool struct {
	mu      sync.Mutex
	servers map[string]*pooled
}

// pooled is the place of one server's session. It has a lock of its own: making a session takes as long as the API server takes to show
// the server's Secrets.
type pooled struct {
	mu      sync.Mutex
	dropped bool // it is no longer in the pool
	version string
	session *Session // nil before the first
}

// NewPool returns an empty pool.
func NewPool() *Pool { return &Pool{servers: map[string]*pooled{}} }

// Get returns the session of the server id if it was made from version (a digest of all it depends on: the server's
// generation, the resourceVersions of its Secrets), else the one that create makes, which replaces it. While it is made, those of other
// servers can be had.
func (p *Pool) Get(id, version string, create func() (*Session, error)) (*Session, error) {
	for {
		if s, ok, err := p.of(id).get(version, create); ok {
			return s, err
		}
	}
}

func (p *Pool) of(id string) *pooled {
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.servers[id]
	if one == nil {
		one = &pooled{}
		p.servers[id] = one
	}
	return one
}

// get is Get; it is not ok where the place was dropped meanwhile.
func (o *pooled) get(version string, create func() (*Session, error)) (_ *Session, ok bool, _ error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.dropped:
		return nil, false, nil
	case o.session != nil && o.version == version:
		return o.session, true, nil
	}
	s, err := create()
	if err != nil {
		return nil, true, err
	}
	o.close()
	o.version, o.session = version, s
	return s, true, nil
}

func (o *pooled) close() {
	if o.session != nil {
		o.session.close()
	}
}

// Drop forgets the session of a server that is gone. Packets in flight end by themselves.
func (p *Pool) Drop(id string) {
	p.mu.Lock()
	one := p.servers[id]
	delete(p.servers, id)
	p.mu.Unlock()
	if one != nil {
		one.drop()
	}
}

func (o *pooled) drop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.dropped = true
	o.close()
}

// Close drops all sessions.
func (p *Pool) Close() {
	p.mu.Lock()
	all := p.servers
	p.servers = map[string]*pooled{}
	p.mu.Unlock()
	for _, one := range all {
		one.drop()
	}
}
