// Open plans: what waits for a PleskApproval.

package fleet

import (
	"strings"
	"time"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// AnnotationRejected is on an object whose plan somebody has rejected: the plan's token, a blank, who, and why. It is about that plan and no
// later one.
const AnnotationRejected = "plesk-operator.dev/plan-rejected"

// Plan is an act that waits for a permit.
type Plan struct {
	Ref
	Permit  v1alpha1.Permit   `json:"permit"`
	Token   string            `json:"token"`
	Message string            `json:"message"`
	Changes []v1alpha1.Change `json:"changes,omitempty"`
	About   []string          `json:"about,omitempty"`
	// AskedBy is the field manager that last wrote the spec.
	AskedBy string    `json:"askedBy,omitempty"`
	AskedAt time.Time `json:"askedAt"`
	// Rejected says who has rejected it, and why.
	Rejected string `json:"rejected,omitempty"`
}

// PlanOf returns the open plan of an object.
func PlanOf(o Object) (Plan, bool) {
	t, ok := o.Object.(v1alpha1.Object)
	if !ok || t.State().Awaiting == nil {
		return Plan{}, false
	}
	s := t.State()
	p := Plan{Ref: o.Ref, Permit: s.Awaiting.Permit, Token: s.Awaiting.Token, Message: o.State().Message, Changes: s.Changes, About: s.Awaiting.About}
	p.AskedAt, p.AskedBy = o.edited()
	if token, who, _ := strings.Cut(o.GetAnnotations()[AnnotationRejected], " "); token == p.Token {
		p.Rejected = who
	}
	return p, true
}
