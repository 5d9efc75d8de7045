// The journal of a world: what its operator did, in order, to the API server and to Plesk.

package conformance

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

// entry is one call to the API server or one packet to Plesk, noted when it had been answered.
type entry struct {
	name   string // "PATCH pleskcustomers", "server/get+customer/add"; "" of a packet that was not understood
	body   string
	packet bool
	writes bool // it changes something, or tries to
	mode   mode // what was made to happen at it
}

type journal struct {
	mu      sync.Mutex
	entries []entry
}

func (j *journal) add(e entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries = append(j.entries, e)
}

func (j *journal) api(name string, body []byte, m mode) {
	j.add(entry{name: name, body: string(body), writes: !strings.HasPrefix(name, "GET "), mode: m})
}

func (j *journal) packet(p plesksim.Packet, m mode) {
	j.add(entry{name: strings.Join(p.Operations, "+"), body: string(p.Request), packet: true, writes: p.Writes, mode: m})
}

// mark is a point in a journal.
func (j *journal) mark() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.entries)
}

// since returns what was noted after a mark.
func (j *journal) since(mark int) []entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.entries[mark:])
}

// writesSince returns what was written after a mark: to Plesk, and to the API server at resources with a prefix.
func (j *journal) writesSince(mark int, resource string) (packets, api []string) {
	for _, e := range j.since(mark) {
		switch {
		case e.packet && e.writes:
			packets = append(packets, e.body)
		case e.writes && strings.Contains(e.name, " "+resource):
			api = append(api, e.name+" "+e.body)
		}
	}
	return packets, api
}

// String lists the names, for failures.
func (j *journal) String() string {
	var b strings.Builder
	for _, e := range j.since(0) {
		fmt.Fprintf(&b, "  %s %s\n", e.name, e.mode)
	}
	return b.String()
}
