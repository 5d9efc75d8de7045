// Every error code at every operation that a kind uses: what it makes of the conditions, and that it ends when the cause does.

package conformance

import (
	"fmt"
	"slices"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// class is what a code means, after the table of classes in docs/architecture.md.
type class string

const (
	transient      class = "Transient"
	busy           class = "Busy"
	denied         class = "Denied"
	unlicensed     class = "Unlicensed"
	unknownVersion class = "UnknownVersion"
	forbidden      class = "Forbidden"
	absent         class = "NotFound"
	exists         class = "Exists"
	invalid        class = "Invalid"
	limited        class = "Limit"
)

// codes are those of the protocol, and one that it does not know.
var codes = map[int]class{
	1023: transient, 1027: transient, 1031: transient, 4711: transient,
	1003: busy, 1004: busy, 1008: busy, 1012: busy,
	1001: denied, 1010: denied, 1011: denied, 1029: denied, 11003: denied,
	1009: unlicensed, 1030: unlicensed,
	1005: unknownVersion,
	1006: forbidden,
	1013: absent, 1015: absent,
	1002: exists, 1007: exists,
	1014: invalid, 1017: invalid, 1018: invalid, 1019: invalid, 1025: invalid, 1026: invalid, 1032: invalid, 1033: invalid, 1050: invalid, 8002: invalid,
	14006: invalid, 14008: invalid, 14009: invalid,
	1024: limited,
}

// outcome is what the conditions say of a refusal.
type outcome struct {
	reason  string
	stalled bool // until the user acts; else it goes on by itself
}

var outcomes = map[class]outcome{
	transient:      {reason: v1alpha1.ReasonTransientError},
	busy:           {reason: v1alpha1.ReasonServerBusy},
	denied:         {reason: v1alpha1.ReasonCredentialsRejected},
	unlicensed:     {reason: v1alpha1.ReasonServerNotReady},
	unknownVersion: {reason: v1alpha1.ReasonServerNotReady},
	forbidden:      {reason: v1alpha1.ReasonPermissionDenied},
	invalid:        {reason: v1alpha1.ReasonRejected, stalled: true},
	limited:        {reason: v1alpha1.ReasonLimitReached},
}

// sitesAtOnce is how many sites of one world are in use.
const sitesAtOnce = 4

func (r *row) refusals() {
	keep("Every kind "+r.kind, "says what each error code means at each operation, and recovers", func() {
		uses := r.census()
		inWorld(func(w *world) {
			var cells []cell
			for _, u := range uses {
				if !slices.Contains(packets, u.operation) {
					cells = append(cells, r.cells(w, u, r.refusedWith(u))...)
				}
			}
			together(sitesAtOnce, cells)
		}, lasting(10*time.Minute))
	})
}

// packets are operations whose answer has no place for an error: a code is that of the whole packet then, of which internal/session makes what there is to make.
var packets = []string{"server/domain-restriction-list"}

// refusedWith are the codes that an operation may be answered with, in a steady order.
func (r *row) refusedWith(u use) []trouble {
	var all []trouble
	for code, class := range codes {
		if class == absent && u.phase == deletion && (!u.writes || r.implicit()) {
			continue // that is what the end of a deletion looks like
		}
		if slices.Contains(r.telling[u.operation], code) {
			continue
		}
		all = append(all, trouble{
			name:  fmt.Sprintf("code %d (%s)", code, class),
			fault: plesksim.Fault{Code: code, Text: fmt.Sprintf("%s %d", injectedText, code)},
			after: code == xmlapi.CodeNotFound || code == xmlapi.CodeFailed,
			meets: func(u use, s *site, o v1alpha1.Object, struck func() int) { saysRefused(code, class, u, s, o, struck) },
		})
	}
	slices.SortFunc(all, func(a, b trouble) int { return a.fault.Code - b.fault.Code })
	return all
}

// saysRefused waits for what the conditions have to say. Not found and exists are states, out of which a kind makes what it can:
// of them only that nothing is lost is demanded.
func saysRefused(code int, class class, u use, s *site, o v1alpha1.Object, struck func() int) {
	want, ok := outcomes[class]
	if !ok {
		s.eventually(func() bool {
			// A read after a write that a later pass has made in the census need not come in this life.
			return struck() >= 1 || u.after && s.ready(o).Status == metav1.ConditionTrue
		}).Should(BeTrue(), "the code was met")
		return
	}
	text := fmt.Sprintf("Plesk error %d: ", code)
	s.eventually(s.ready, o).Should(And(
		HaveField("Status", metav1.ConditionFalse), HaveField("Reason", want.reason), HaveField("Message", ContainSubstring(text))))
	s.eventually(func() []bool {
		return []bool{s.has(o, v1alpha1.ConditionStalled), s.has(o, v1alpha1.ConditionReconciling)}
	}).Should(Equal([]bool{want.stalled, !want.stalled}), "Stalled and Reconciling")
}
