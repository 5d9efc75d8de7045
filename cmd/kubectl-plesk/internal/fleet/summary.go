// The summary of a fleet: its servers, its objects by kind and reason, and what does not go on by itself.

package fleet

import (
	"cmp"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// Summary is a fleet on one screen.
type Summary struct {
	Servers   []ServerLine    `json:"servers"`
	Kinds     []KindLine      `json:"kinds"`
	Stuck     []StuckLine     `json:"stuck"`
	Suspended []SuspendedLine `json:"suspended"`
	// Waiting counts those that wait for another resource or their server, and are not listed as stuck.
	Waiting int `json:"waiting"`
	// Lacking says what could not be read, and why.
	Lacking []string `json:"lacking,omitempty"`
}

// ServerLine is one server.
type ServerLine struct {
	Ref
	// Door is open, or why nothing is sent to the server.
	Door     string `json:"door"`
	Role     string `json:"role,omitempty"`
	Version  string `json:"version,omitempty"`
	EventLog string `json:"eventLog,omitempty"`
	Objects  int    `json:"objects"`
	NotReady int    `json:"notReady"`
	// Behind counts the objects that were edited and not looked at since, or are being worked on.
	Behind int `json:"behind"`
	// LagSeconds is how long the oldest edit has waited for the operator to look at it.
	LagSeconds int64     `json:"lagSeconds"`
	Since      time.Time `json:"since"` // when the door opened or closed
}

// KindLine is the objects of one kind.
type KindLine struct {
	Kind    string        `json:"kind"`
	Total   int           `json:"total"`
	Ready   int           `json:"ready"`
	Reasons []ReasonCount `json:"reasons"`
}

// ReasonCount counts the objects with one reason.
type ReasonCount struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// StuckLine is an object that needs somebody, or has been tried for long.
type StuckLine struct {
	Ref
	State
}

// SuspendedLine is an object whose reconciling is paused.
type SuspendedLine struct {
	Ref
	Why   string    `json:"why,omitempty"`
	Since time.Time `json:"since"`
	// Until is when it goes on by itself, nil for never.
	Until *time.Time `json:"until,omitempty"`
}

// waitsForOthers are the reasons of what is right again by itself once something else is.
var waitsForOthers = map[string]bool{v1alpha1.ReasonDependencyNotReady: true, v1alpha1.ReasonServerNotReady: true, v1alpha1.ReasonCredentialsRejected: true}

// Summarize sums a set up. What has been tried for less than patience is not stuck yet.
func Summarize(s *Set, now time.Time, patience time.Duration) Summary {
	out := Summary{Servers: []ServerLine{}, Kinds: []KindLine{}, Stuck: []StuckLine{}, Suspended: []SuspendedLine{}}
	servers := map[Ref]*ServerLine{}
	for _, o := range s.All() {
		if o.Kind == KindServer {
			out.Servers = append(out.Servers, serverLine(o))
		}
	}
	for i := range out.Servers {
		servers[out.Servers[i].Ref] = &out.Servers[i]
	}
	kinds := map[string]map[string]int{}
	ready := map[string]int{}
	for _, o := range s.All() {
		state := o.State()
		if isStuck(state, now, patience) {
			if waitsForOthers[state.Reason] && o.Kind != KindServer && !s.lacks(o) {
				out.Waiting++
			} else {
				out.Stuck = append(out.Stuck, StuckLine{o.Ref, state})
			}
		}
		if o.Kind == KindServer {
			continue
		}
		if kinds[o.Kind] == nil {
			kinds[o.Kind] = map[string]int{}
		}
		kinds[o.Kind][state.Reason]++
		if state.Ready {
			ready[o.Kind]++
		}
		if o.Suspended(now) {
			out.Suspended = append(out.Suspended, suspendedLine(o, state))
		}
		if of, ok := s.Server(o); ok && servers[of] != nil {
			servers[of].add(o, state, now)
		}
	}
	for kind, reasons := range kinds {
		out.Kinds = append(out.Kinds, kindLine(kind, reasons, ready[kind]))
	}
	slices.SortFunc(out.Kinds, func(a, b KindLine) int { return cmp.Compare(a.Kind, b.Kind) })
	slices.SortStableFunc(out.Stuck, func(a, b StuckLine) int { return a.Since.Compare(b.Since) })
	return out
}

// lacks reports whether an object refers to something of its namespace that is not there: nothing but a person will put that right.
func (s *Set) lacks(o Object) bool {
	return slices.ContainsFunc(s.needs(o), func(n *Node) bool { return n.Missing && !n.Soft && n.Namespace == o.GetNamespace() })
}

func serverLine(o Object) ServerLine {
	srv, state := o.Object.(*v1alpha1.PleskServer), o.State()
	door := "open"
	if !state.Ready {
		door = "closed: " + state.Reason
	}
	return ServerLine{
		Ref: o.Ref, Door: door, Role: string(srv.Status.Role), Version: srv.Status.Version, EventLog: string(srv.Status.EventLog), Since: state.Since,
	}
}

func (l *ServerLine) add(o Object, state State, now time.Time) {
	l.Objects++
	if !state.Ready {
		l.NotReady++
	}
	seen := o.Seen()
	if !seen || meta.IsStatusConditionPresentAndEqual(o.Conditions(), v1alpha1.ConditionReconciling, metav1.ConditionTrue) {
		l.Behind++
	}
	if !seen && !o.Suspended(now) {
		at, _ := o.edited()
		l.LagSeconds = max(l.LagSeconds, int64(now.Sub(at)/time.Second))
	}
}

func kindLine(kind string, reasons map[string]int, ready int) KindLine {
	line := KindLine{Kind: kind, Ready: ready}
	for reason, count := range reasons {
		line.Total += count
		line.Reasons = append(line.Reasons, ReasonCount{reason, count})
	}
	slices.SortFunc(line.Reasons, func(a, b ReasonCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Reason, b.Reason))
	})
	return line
}

// isStuck reports whether an object is not ready and nothing is known to change that soon. What is held on purpose (Suspended, Planned, an
// object that is only observed) is not stuck.
func isStuck(s State, now time.Time, patience time.Duration) bool {
	switch {
	case s.Ready, s.Reason == v1alpha1.ReasonSuspended, s.Reason == v1alpha1.ReasonPlanned, s.Reason == v1alpha1.ReasonRetained:
		return false
	case s.Stalled:
		return true
	}
	return now.Sub(s.Since) >= patience
}

func suspendedLine(o Object, state State) SuspendedLine {
	since, _ := o.edited()
	if state.Reason == v1alpha1.ReasonSuspended {
		since = state.Since
	}
	line := SuspendedLine{Ref: o.Ref, Why: o.GetAnnotations()[v1alpha1.AnnotationSuspendReason], Since: since}
	if until := o.Object.(v1alpha1.Object).Common().SuspendUntil; until != nil {
		line.Until = &until.Time
	}
	return line
}
