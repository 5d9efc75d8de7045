// Counters of what came in over HTTP.

package plesksim

import (
	"maps"
	"sync"
)

// Stats counts what clients sent over HTTP since the server was made or ResetStats was called.
type Stats struct {
	Packets    int            `json:"packets"`    // requests for agent.php
	Operations map[string]int `json:"operations"` // valid operations of callers that were let in, by operator/operation
	Writes     int            `json:"writes"`     // those of them that can change something
}

type statsBox struct {
	mu  sync.Mutex
	now Stats
}

// Stats returns the counters.
func (s *Server) Stats() Stats {
	s.stats.mu.Lock()
	defer s.stats.mu.Unlock()
	now := s.stats.now
	now.Operations = maps.Clone(now.Operations)
	return now
}

// ResetStats sets the counters to zero.
func (s *Server) ResetStats() {
	s.stats.mu.Lock()
	defer s.stats.mu.Unlock()
	s.stats.now = Stats{}
}

func (b *statsBox) packet() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now.Packets++
}

func (b *statsBox) operations(p *packet) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.now.Operations == nil {
		b.now.Operations = map[string]int{}
	}
	for _, block := range p.blocks {
		for _, st := range block.steps {
			b.now.Operations[st.name.String()]++
			if st.writes {
				b.now.Writes++
			}
		}
	}
}
