// The pool: at most one session per server, replaced when what it was made from changes.

package session

import "sync"

// Pool keeps the sessions of the servers in use.
type Pool struct {
	mu       sync.Mutex
	sessions map[string]pooled
}

type pooled struct {
	version string
	session *Session
}

// NewPool returns an empty pool.
func NewPool() *Pool { return &Pool{sessions: map[string]pooled{}} }

// Get returns the session of the server id if it was made from version (a digest of all it depends on: the server's
// generation, the resourceVersions of its Secrets), else the one that create makes, which replaces it.
func (p *Pool) Get(id, version string, create func() (*Session, error)) (*Session, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if have, ok := p.sessions[id]; ok && have.version == version {
		return have.session, nil
	}
	s, err := create()
	if err != nil {
		return nil, err
	}
	if old, ok := p.sessions[id]; ok {
		old.session.close()
	}
	p.sessions[id] = pooled{version: version, session: s}
	return s, nil
}

// Drop forgets the session of a server that is gone. Packets in flight end by themselves.
func (p *Pool) Drop(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if have, ok := p.sessions[id]; ok {
		have.session.close()
		delete(p.sessions, id)
	}
}

// Close drops all sessions.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, have := range p.sessions {
		have.session.close()
		delete(p.sessions, id)
	}
}
