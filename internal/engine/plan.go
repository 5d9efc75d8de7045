// Plans: what would be written, by what hash it is approved, and that an approval is good for one writing.

package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// creation is all that a create would write.
func (p *pass[O, W]) creation() []Change {
	var none W
	changes := Diff(p.want, none)
	for _, c := range secretChanges(p.want) {
		c.From = ""
		changes = append(changes, c)
	}
	for _, m := range p.missing {
		changes = append(changes, Change{Field: strings.TrimPrefix(m.Field, "spec."), To: "a generated value", Secret: true})
	}
	return changes
}

// planned puts a plan into the status and ends the pass, unless just this plan has been approved. An approval is used up
// before anything is written: appliedPlan is saved together with the pending mark, or before the update.
func (p *pass[O, W]) planned(changes []Change, message string) *verdict {
	s := p.o.State()
	s.Changes = published(changes)
	s.PlanHash = p.planHash(changes)
	if p.o.GetAnnotations()[v1alpha1.AnnotationApprove] != s.PlanHash {
		return stop(halted(v1alpha1.ReasonPlanned, message+" (status.changes); to have it done, annotate "+v1alpha1.AnnotationApprove+"="+s.PlanHash))
	}
	s.AppliedPlan, s.PlanHash, s.Changes, p.unsaved = s.PlanHash, "", nil, true
	return nil
}

// planHash identifies a plan: what is written, to which object, with which secrets (by their keyed hash), and after which
// plan. The last makes an approval good for once: what comes after it is another plan even if it reads the same.
func (p *pass[O, W]) planHash(changes []Change) string {
	s := p.o.State()
	id := ""
	if p.found != nil {
		id = p.found.ID
	}
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%q %q %q %q %q", p.o.GetUID(), p.key, id, p.secrets.hash(p.inputs.secrets), s.AppliedPlan)
	for _, c := range changes {
		_, _ = fmt.Fprintf(h, " %q %q %q", c.Field, c.From, c.To)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
