// Faults of packets: what goes wrong between the operator and the servers, each with its share of the fault rate.

package chaos

import (
	"time"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// unknownCode is a code that no document lists.
const unknownCode = 4711

// faultKind is one way to fail. Shares add up to 100.
type faultKind struct {
	name  string
	share float64
	fault plesksim.Fault
}

func faultKinds() []faultKind {
	return []faultKind{
		{"fault: answer lost after the commit", 18, plesksim.Fault{Drop: true, Executed: true}},
		{"fault: connection lost before", 16, plesksim.Fault{Drop: true}},
		{"fault: gateway error 502 before", 8, plesksim.Fault{Status: 502}},
		{"fault: gateway error 504 after the commit", 6, plesksim.Fault{Status: 504, Executed: true}},
		{"fault: answer cut", 8, plesksim.Fault{Cut: 90}},
		{"fault: HTML page with status 200", 6, plesksim.Fault{Body: "<html>Log in</html>"}},
		{"fault: late answer", 10, plesksim.Fault{Delay: longestDelay}},
		{"fault: late answer, executed at once", 6, plesksim.Fault{Delay: longestDelay, Executed: true}},
		{"fault: no answer, nothing done", 2, plesksim.Fault{Hang: true}},
		{"fault: no answer, executed", 2, plesksim.Fault{Hang: true, Executed: true}},
		{"fault: packet refused, 1004 not configured", 3, plesksim.Fault{System: true, Code: xmlapi.CodeNotConfigured}},
		{"fault: packet refused, 1030 licence expired", 1, plesksim.Fault{System: true, Code: xmlapi.CodeLicenceExpired}},
		{"fault: operation failed, 1023", 8, plesksim.Fault{Code: xmlapi.CodeFailed}},
		{"fault: operation failed after the commit, 1023", 3, plesksim.Fault{Code: xmlapi.CodeFailed, Executed: true}},
		{"fault: operation failed, unknown code", 3, plesksim.Fault{Code: unknownCode}},
	}
}

// armFaults lets packets to all servers fail from now on.
func (r *run) armFaults() {
	for _, s := range r.servers {
		for _, k := range faultKinds() {
			if p := r.FaultRate * k.share / 100; p > 0 {
				k.fault.Probability = p
				s.plesk.Inject(k.fault)
			}
		}
	}
}

// disarmFaults ends that, and counts what has struck.
func (r *run) disarmFaults() {
	for _, s := range r.servers {
		for i, f := range s.plesk.Faults() {
			r.report.add(faultKinds()[i].name, f.Struck)
		}
		s.plesk.ClearFaults()
		stats := s.plesk.Stats()
		r.report.Packets += stats.Packets
		r.report.Writes += stats.Writes
	}
}

// countdown is how long a hanging answer may hang on after the faults have ended: the clients give up before that.
const countdown = max(readTimeout, writeTimeout) + time.Second
