// Faults: what can be made to go wrong, for which packets or operations, how often.

package plesksim

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Fault makes packets or operations fail. The fields of the first group say which, and match everything by default; those of the second say
// what happens, and do nothing by default. In JSON, durations are texts ("1.5s").
//
//	Fault{Operator: "webspace", Operation: "add", Drop: true, Executed: true, Times: 1} // the answer of one add is lost after the commit
//	Fault{System: true, Code: 1001}                                                      // nobody is let in any more
//	Fault{Status: 502}                                                                   // a gateway's HTML page
type Fault struct {
	Operator    string  `json:"operator,omitempty"`    // "" matches every operator
	Operation   string  `json:"operation,omitempty"`   // "" matches every operation
	Nth         int     `json:"nth,omitempty"`         // strikes from the nth match on; 0 is 1
	Times       int     `json:"times,omitempty"`       // strikes this often; 0 is until removed
	Probability float64 `json:"probability,omitempty"` // of a match to strike; 0 is always

	Delay  time.Duration   `json:"delay,omitempty"`
	Hold   <-chan struct{} `json:"-"` // waits until it is closed or sent to
	Code   int             `json:"code,omitempty"`
	Text   string          `json:"text,omitempty"`   // with Code: any text of any length
	System bool            `json:"system,omitempty"` // Code refuses the whole packet, before anything in it is looked at
	Status int             `json:"status,omitempty"` // an HTTP answer with this status and Body
	Body   string          `json:"body,omitempty"`   // "" with Status is an HTML page; alone it comes with status 200
	Cut    int             `json:"cut,omitempty"`    // only this many bytes of the answer, then the connection closes; implies Executed
	Drop   bool            `json:"drop,omitempty"`   // the connection closes without an answer
	Hang   bool            `json:"hang,omitempty"`   // no answer until the client gives up or the server stops

	Restart bool          `json:"restart,omitempty"` // the server restarts: this exchange and all others are dropped
	Away    time.Duration `json:"away,omitempty"`    // with Restart: how long it accepts no connection

	// What changes the results of operations, by the paths of elements below the result: "id", "mailname/id". It implies Executed.
	Without []string          `json:"without,omitempty"` // these are left out
	With    map[string]string `json:"with,omitempty"`    // these have another text, where they occur
	Repeat  int               `json:"repeat,omitempty"`  // each result comes this many times

	Executed bool `json:"executed,omitempty"` // the packet is executed first, and only its answer is lost, late or changed
}

// perOperation tells faults that are counted by operation from those counted by packet.
func (f Fault) perOperation() bool {
	return f.Operator != "" || f.Operation != "" || f.answersOperation()
}

func (f Fault) matches(n opName) bool {
	return (f.Operator == "" || f.Operator == n.operator) && (f.Operation == "" || f.Operation == n.operation)
}

// answersOperation tells faults that replace or change the result of one operation.
func (f Fault) answersOperation() bool { return f.Code != 0 && !f.System || f.rewrites() }

func (f Fault) refusal() *refusal {
	if f.Text == "" {
		return refuse(f.Code, "Injected failure.")
	}
	return refuse(f.Code, "%s", f.Text)
}

// faultBox holds the injected faults. Its zero value, seeded, is ready.
type faultBox struct {
	mu    sync.Mutex
	rand  *rand.Rand
	armed []*armed
	last  int // id given
}

type armed struct {
	Fault
	id, seen, struck int
}

// Inject arms a fault. The returned function removes it.
func (s *Server) Inject(f Fault) (remove func()) {
	id := s.faults.arm(f).id
	return func() { s.RemoveFault(id) }
}

// Faults returns the faults that are armed, in the order in which they came.
func (s *Server) Faults() []InjectedFault {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	all := make([]InjectedFault, len(s.faults.armed))
	for i, a := range s.faults.armed {
		all[i] = InjectedFault{ID: a.id, Fault: a.Fault, Seen: a.seen, Struck: a.struck}
	}
	return all
}

// RemoveFault removes one fault and reports whether there was one with that id.
func (s *Server) RemoveFault(id int) bool {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	before := len(s.faults.armed)
	s.faults.armed = slices.DeleteFunc(slices.Clone(s.faults.armed), func(a *armed) bool { return a.id == id })
	return len(s.faults.armed) < before
}

// ClearFaults removes all faults. Exchanges that are already waiting keep waiting.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.armed = nil
}

func (b *faultBox) seed(seed uint64) { b.rand = rand.New(rand.NewPCG(seed, 0)) } // repeatable, and no secret depends on it

func (b *faultBox) arm(f Fault) *armed {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	a := &armed{Fault: f, id: b.last}
	if f.Cut > 0 || f.rewrites() {
		a.Executed = true
	}
	b.armed = append(b.armed, a)
	return a
}

// draw counts a match and decides whether the fault strikes.
func (b *faultBox) draw(a *armed) bool {
	a.seen++
	if a.seen < a.Nth || a.Times > 0 && a.struck >= a.Times {
		return false
	}
	if a.Probability > 0 && b.rand.Float64() >= a.Probability {
		return false
	}
	a.struck++
	return true
}

// onPacket draws the faults that are counted by packet.
func (b *faultBox) onPacket() []Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	var hits []Fault
	for _, a := range b.armed {
		if !a.perOperation() && b.draw(a) {
			hits = append(hits, a.Fault)
		}
	}
	return hits
}

// onOperations draws the faults that are counted by operation: those for the whole exchange, and by position in the
// packet those that answer in an operation's place.
func (b *faultBox) onOperations(p *packet) (hits []Fault, struck map[int]Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.armed) == 0 {
		return nil, nil
	}
	struck = map[int]Fault{}
	position := 0
	for _, block := range p.blocks {
		for _, st := range block.steps {
			for _, a := range b.armed {
				if !a.perOperation() || !a.matches(st.name) || !b.draw(a) {
					continue
				}
				if st.statusless && a.Code != 0 {
					whole := a.Fault
					whole.System = true // as such an operation's own error
					hits = append(hits, whole)
					continue
				}
				if a.answersOperation() {
					struck[position] = a.Fault
				} else {
					hits = append(hits, a.Fault)
				}
				if a.answersOperation() && (a.Delay > 0 || a.Hold != nil) {
					hits = append(hits, Fault{Delay: a.Delay, Hold: a.Hold, Executed: a.Executed})
				}
			}
			position++
		}
	}
	return hits, struck
}

// strikeAll applies the drawn faults. Before the execution, when there is no answer yet, those are the ones that prevent it; afterwards the
// others. It reports whether the exchange is over.
func (x *exchange) strikeAll(hits []Fault, answer []byte) bool {
	for _, hit := range hits {
		if hit.Executed == (answer != nil) && x.strike(hit, answer) {
			return true
		}
	}
	return false
}

func (x *exchange) strike(hit Fault, answer []byte) bool {
	x.wait(hit)
	switch {
	case hit.Hang:
		<-x.r.Context().Done()
		abort()
	case hit.Drop:
		abort()
	case hit.Restart:
		x.restart(hit.Away)
		abort()
	case hit.System:
		x.write(http.StatusOK, "text/xml;charset=UTF-8", systemAnswer(x.newest, hit.refusal(), x.locale, x.pretty))
		return true
	case hit.Status != 0 || hit.Body != "":
		status, body := hit.Status, []byte(hit.Body)
		if status == 0 {
			status = http.StatusOK
		}
		if len(body) == 0 {
			body = page(http.StatusText(status))
		}
		x.write(status, "text/html", body)
		return true
	case hit.Cut > 0 && answer != nil:
		x.cut(answer, min(hit.Cut, len(answer)))
	}
	return false
}

// wait delays the exchange. If the client leaves, nothing changes: real servers go on working too. If the server stops, the wait ends.
func (x *exchange) wait(hit Fault) {
	if hit.Delay == 0 && hit.Hold == nil {
		return
	}
	var after <-chan time.Time
	if hit.Delay > 0 {
		timer := time.NewTimer(hit.Delay)
		defer timer.Stop()
		after = timer.C
	}
	for after != nil || hit.Hold != nil {
		select {
		case <-after:
			after = nil
		case <-hit.Hold:
			hit.Hold = nil
		case <-x.stopped():
			abort()
		}
	}
}

// cut announces the whole answer, sends its beginning and closes the connection.
func (x *exchange) cut(answer []byte, n int) {
	x.written = answer[:n]
	x.head(http.StatusOK, "text/xml;charset=UTF-8", len(answer))
	_, _ = x.w.Write(answer[:n])
	_ = http.NewResponseController(x.w).Flush()
	abort()
}

// abort closes the connection at once.
func abort() { panic(http.ErrAbortHandler) }
