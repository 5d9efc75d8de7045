// Why one object is as it is, in words.

package fleet

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/docs"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Why is what is known of one object's trouble.
type Why struct {
	Ref
	State
	Server string `json:"server,omitempty"`
	// Call is the operation that the server refused, with Plesk's error code and what the code means.
	Call    string `json:"call,omitempty"`
	Code    int    `json:"code,omitempty"`
	Meaning string `json:"meaning,omitempty"`
	// Field of the spec that it is about.
	Field string `json:"field,omitempty"`
	// Advice says what to do, Again when the operator looks by itself.
	Advice string `json:"advice"`
	Again  string `json:"again,omitempty"`
	// Awaiting is what would let it go on, with the differences that it is about.
	Awaiting *v1alpha1.AwaitedPermit    `json:"awaiting,omitempty"`
	Changes  []v1alpha1.Change          `json:"changes,omitempty"`
	Contest  []v1alpha1.ContestedChange `json:"contested,omitempty"`
	// Unseen says that the spec was changed after all of this.
	Unseen bool `json:"unseen,omitempty"`
	// Cause is the first thing that is wrong, where that is another object.
	Cause *Cause `json:"cause,omitempty"`
	// Commands that show or do what the advice says.
	Commands []string `json:"commands,omitempty"`
	// Lacking says what could not be read, and why.
	Lacking []string `json:"lacking,omitempty"`
}

// Cause is the first thing that is wrong.
type Cause struct {
	Ref
	Missing bool   `json:"missing,omitempty"`
	Reason  string `json:"reason,omitempty"`
	Message string `json:"message"`
}

// refused is how the operator shows what a server refused: OPERATOR/OPERATION: Plesk error CODE: TEXT. Operations may be paths.
var refused = regexp.MustCompile(`([a-z][a-z0-9_-]*/[A-Za-z0-9_/-]+|packet): Plesk error ([0-9]+): `)

// The field is in brackets at the end where the server refused, and in front where the operator did; what differs is named before what could be done.
var (
	fieldDiffers = regexp.MustCompile(`it differs in (spec\.[^()\s,;:]+)`)
	fieldBehind  = regexp.MustCompile(`\((spec\.[^()\s,;:]+)[^()]*\)`)
	fieldBefore  = regexp.MustCompile(`^(spec\.[^\s:,;]+): `)
)

// Explain says why an object is as it is.
func Explain(s *Set, o Object) Why {
	w := Why{Ref: o.Ref, State: o.State(), Unseen: !o.Seen()}
	if of, ok := s.Server(o); ok && o.Kind != KindServer {
		w.Server = of.Namespace + "/" + of.Name
	}
	w.Advice, w.Again = advice(w.Reason)
	if o.Kind == KindServer && !w.Ready && w.Reason != reasonNotLookedAt {
		w.Advice, w.Again = "do what the message says; docs/runbooks/PleskServerClosed.md goes through the causes.", "with the next probe, one per eventPollInterval, and when its Secrets change"
	}
	if left := o.Left(); left != nil {
		w.Ready, w.Stalled, w.Message = false, false, left.Error()
		w.Advice, w.Again = "see to it that whoever has put a finalizer there takes it away.", ""
		return w
	}
	w.readMessage()
	if t, ok := o.Object.(v1alpha1.Object); ok {
		st := t.State()
		w.Awaiting, w.Changes, w.Contest = st.Awaiting, st.Changes, st.Contested
	}
	if c := s.FirstWrong(o.Ref); c != nil && c.Ref != o.Ref {
		w.Cause = c
	}
	w.Commands = w.commands()
	return w
}

// readMessage takes the call, the code and the field out of the message.
func (w *Why) readMessage() {
	if m := refused.FindStringSubmatch(w.Message); m != nil {
		w.Call = m[1]
		if code, err := strconv.Atoi(m[2]); err == nil { // a server may answer any number
			w.Code = code
		}
		w.Meaning = xmlapi.Meaning(w.Code)
		if w.Meaning == "" {
			w.Meaning = "not one of the documented codes; it is tried again"
		}
	}
	if m := fieldBefore.FindStringSubmatch(w.Message); m != nil {
		w.Field = m[1]
	} else if m := fieldDiffers.FindStringSubmatch(w.Message); m != nil {
		w.Field = m[1]
	} else if all := fieldBehind.FindAllStringSubmatch(w.Message, -1); len(all) > 0 {
		w.Field = all[len(all)-1][1]
	}
}

// advice is what docs/reasons.md says of a reason.
func advice(reason string) (what, again string) {
	if reason == reasonNotLookedAt {
		return "see that the operator runs, and serves this namespace (its flag --namespaces).", "when the operator starts"
	}
	for line := range strings.Lines(docs.Reasons) {
		if columns := strings.SplitN(strings.Trim(strings.TrimSpace(line), "|"), " | ", 3); len(columns) == 3 && strings.TrimSpace(columns[0]) == "`"+reason+"`" {
			return strings.TrimSpace(columns[1]), strings.Trim(strings.TrimSpace(columns[2]), "–")
		}
	}
	return "read the message; this program does not know the reason.", ""
}

// commands are those that the advice is carried out with, as far as they follow from the reason.
func (w *Why) commands() []string {
	at := fmt.Sprintf("-n %s %s", w.Namespace, w.Ref)
	switch {
	case w.Cause != nil && w.Cause.Missing:
		return []string{"kubectl plesk tree " + at}
	case w.Cause != nil:
		return []string{fmt.Sprintf("kubectl plesk why -n %s %s", w.Cause.Namespace, w.Cause.Ref)}
	case w.Awaiting != nil && w.Awaiting.Permit == v1alpha1.PermitPlan:
		return []string{"kubectl plesk approve " + at}
	case w.Awaiting != nil:
		return []string{fmt.Sprintf("kubectl plesk approve %s --permit %s", at, w.Awaiting.Permit)}
	case w.Reason == v1alpha1.ReasonSuspended:
		return []string{"kubectl plesk resume " + at}
	case w.Ready, w.Kind == KindServer:
		return nil
	}
	return []string{"kubectl plesk reconcile " + at}
}

// Age is a time for people: how long ago it was, to two digits or so.
func Age(now, at time.Time) string {
	if at.IsZero() {
		return "-"
	}
	switch d := max(now.Sub(at), 0); {
	case d < 2*time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	default:
		return fmt.Sprintf("%dd", int(d.Hours()/24))
	}
}
