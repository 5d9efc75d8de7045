// What the status of an object says of its suspensions.

package engine

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// maxHolders is how many PleskSuspensions the status names.
const maxHolders = 20

// shownSuspension is the record of what stands.
func (p *pass[O, W]) shownSuspension(is decision) *v1alpha1.Suspension {
	out := &v1alpha1.Suspension{Reason: is.reason.String(), Found: is.found, Until: lastUntil(p.standing)}
	for _, s := range p.standing[:min(len(p.standing), maxHolders)] {
		out.By = append(out.By, v1alpha1.SuspensionHolder{Name: s.Name, Reason: s.Spec.Reason, Until: s.Spec.Until})
	}
	return out
}

// lastUntil is when the last of the suspensions ends, nil where one has no end, or there is none.
func lastUntil(all []v1alpha1.PleskSuspension) (last *metav1.Time) {
	for _, s := range all {
		if s.Spec.Until == nil {
			return nil
		}
		if last == nil || last.Before(s.Spec.Until) {
			last = s.Spec.Until
		}
	}
	return last
}

// suspenders names the PleskSuspensions that stand, for people.
func (p *pass[O, W]) suspenders() string {
	names := make([]string, len(p.standing))
	for i, s := range p.standing {
		names[i] = fmt.Sprintf("%q (%s)", s.Name, s.Spec.Reason)
		if s.Spec.Until != nil {
			names[i] = fmt.Sprintf("%q (%s, until %s)", s.Name, s.Spec.Reason, s.Spec.Until.UTC().Format(time.RFC3339))
		}
	}
	return ListNames("PleskSuspension", names)
}

// saysSuspended is the message of the condition Suspended, "" while there is to be none.
func (p *pass[O, W]) saysSuspended() string {
	k, status := p.suspendable()
	switch {
	case status == nil || status.Suspension == nil || status.Suspension.Pending != nil:
		return ""
	case p.found != nil && k.Reasons(p.found)&xmlapi.StatusOf(status.Suspension.Reason) == 0:
		return "" // somebody has taken it back, and it is left alone
	case len(p.standing) > 0 && status.Suspension.Found:
		return p.suspenders() + fmt.Sprintf("; %s was set on the server before, and stays", status.Suspension.Reason)
	case len(p.standing) > 0:
		return p.suspenders()
	case deleting(p.o):
		return fmt.Sprintf("no PleskSuspension stands any more: %s stays all the same, since what is being deleted is not resumed", status.Suspension.Reason)
	case !p.managed():
		return fmt.Sprintf("no PleskSuspension stands any more: %s is to be taken back, which spec.managementPolicy %s does not do by itself", status.Suspension.Reason, p.policy())
	}
	return fmt.Sprintf("no PleskSuspension stands any more: %s is to be taken back, once nothing of others' would go along that cannot be put back", status.Suspension.Reason)
}

// judgeSuspension puts that into the conditions. A pass that has not asked leaves it; what is not on the server is not out of service.
func (p *pass[O, W]) judgeSuspension(v verdict) {
	if !p.knowsStanding {
		return
	}
	s := p.o.State()
	if says := p.saysSuspended(); says != "" && v.reason != v1alpha1.ReasonGoneOnServer && v.reason != v1alpha1.ReasonNotFound {
		meta.SetStatusCondition(&s.Conditions, metav1.Condition{
			Type: v1alpha1.ConditionSuspended, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonOutOfService, Message: says,
			ObservedGeneration: p.o.GetGeneration(), LastTransitionTime: p.now(),
		})
		return
	}
	meta.RemoveStatusCondition(&s.Conditions, v1alpha1.ConditionSuspended)
}
