// The journal of a world: what its operator did, in order, to the API server and to Plesk.

package conformance

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
)

// entry is one call to the API server or one packet to Plesk, noted when it had been answered.
type entry struct {
	name   string // "PATCH pleskcustomers", "server/get+customer/add"; "" of a packet that was not understood
	body   string
	packet bool
	writes bool // it changes something, or tries to
	taken  bool // it is a packet of which something was done
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
	asked := slices.DeleteFunc(slices.Clone(p.Operations), isProbe)
	taken := bytes.Count(p.Response, []byte("<status>error</status>")) < len(asked)
	j.add(entry{name: strings.Join(p.Operations, "+"), body: string(p.Request), packet: true, writes: p.Writes, taken: taken, mode: m})
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

// writes returns the packets that wrote, and tried to, after a mark.
func (w *world) writes(mark int) []string {
	var bodies []string
	for _, e := range w.journal.since(mark) {
		if e.packet && e.writes {
			bodies = append(bodies, e.body)
		}
	}
	return bodies
}

// took reports whether Plesk has done something of a packet that wrote a value after a mark.
func (w *world) took(mark int, value string) bool {
	return slices.ContainsFunc(w.journal.since(mark), func(e entry) bool { return e.writes && e.taken && strings.Contains(e.body, value) })
}

// saves returns what was written after a mark to the API server, at the object's kind.
func (w *world) saves(o client.Object, mark int) []string {
	GinkgoHelper()
	resource := w.resourceOf(o)
	var all, since []string
	for i, e := range w.journal.since(0) {
		if _, at, _ := strings.Cut(e.name, " "); e.packet || !e.writes || at != resource && at != resource+"/status" {
			continue
		}
		all = append(all, e.name)
		if i >= mark {
			since = append(since, e.name+" "+e.body)
		}
	}
	w.Expect(all).NotTo(BeEmpty(), "nothing was ever written at %s: whoever looks there sees nothing", resource)
	return since
}

// wroteNothing checks that since a mark the object was looked at, and nothing was written, neither to Plesk nor to its kind.
func (w *world) wroteNothing(o client.Object, mark int) {
	GinkgoHelper()
	looked := slices.ContainsFunc(w.journal.since(mark), func(e entry) bool { return e.packet && e.name != "" && !isProbe(e.name) })
	w.Expect(looked).To(BeTrue(), "nobody has looked at the server")
	w.Expect(w.writes(mark)).To(BeEmpty(), "writes to Plesk")
	w.Expect(w.saves(o, mark)).To(BeEmpty(), "writes to the API server")
}

// isProbe tells packets of the server's own controller.
func isProbe(name string) bool {
	for op := range strings.SplitSeq(name, "+") {
		if operator, _, _ := strings.Cut(op, "/"); operator != "event_log" && op != "server/get" && op != "server/get_protos" {
			return false
		}
	}
	return true
}

// resourceOf is the name of an object's kind in paths.
func (w *world) resourceOf(o client.Object) string {
	GinkgoHelper()
	m, err := mapper.RESTMapping(v1alpha1.GroupVersion.WithKind(kindOf(o)).GroupKind(), v1alpha1.GroupVersion.Version)
	w.Expect(err).NotTo(HaveOccurred())
	return m.Resource.Resource
}

// String lists the names, for failures.
func (j *journal) String() string {
	var b strings.Builder
	for _, e := range j.since(0) {
		fmt.Fprintf(&b, "  %s %s\n", e.name, e.mode)
	}
	return b.String()
}
