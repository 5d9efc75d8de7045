// Permits: what the operator does only when a PleskApproval says so, for exactly what was shown, and once.

package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// indexApproval finds the approvals for a resource: Kind/name.
const indexApproval = "engine.approval"

func indexApprovals(ctx context.Context, ix client.FieldIndexer) error {
	return ix.IndexField(ctx, &v1alpha1.PleskApproval{}, indexApproval, func(o client.Object) []string {
		t := o.(*v1alpha1.PleskApproval).Spec.TargetRef
		return []string{refIndex(t.Kind, t.Name)}
	})
}

// unlessPermitted ends the pass with v, which then says what to permit, unless just that has been permitted. A permit is used up before
// anything is done with it (see saveStatus), and not by a pass that does nothing: an act may need two of them, or have to wait.
func (p *pass[O, W]) unlessPermitted(permit v1alpha1.Permit, v verdict, about ...string) *verdict {
	s := p.o.State()
	token := p.token(permit, about...)
	before := len(p.using)
	for _, a := range p.given {
		if a.Spec.Permit == permit && a.Spec.Token == token {
			p.using = append(p.using, a)
		}
	}
	if len(p.using) > before {
		p.permit, s.Awaiting, s.Changes, p.unsaved = token, nil, nil, true
		return nil
	}
	s.Awaiting = &v1alpha1.AwaitedPermit{Permit: permit, Token: token}
	v.message += fmt.Sprintf("; a PleskApproval with permit %s and token %s lets it happen", permit, token)
	for _, a := range p.given {
		if a.Spec.Permit == permit {
			v.message += fmt.Sprintf(" (that of PleskApproval %q is for something else)", a.Name)
		}
	}
	return &v
}

// token identifies what is to be permitted: to which object, what, with which secrets (by their keyed hashes), and after which permit.
// The last makes a permit good for once: what comes after it has another token even if it reads the same.
func (p *pass[O, W]) token(permit v1alpha1.Permit, about ...string) string {
	s := p.o.State()
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%q %q %q %q %q %q", p.o.GetUID(), permit, p.key.index(), s.ID, s.AppliedPermit, about) // a hash takes everything
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// readPermits notes what has been permitted, before anything is read from the server: what was permitted is then compared with what
// was there at that time or later.
func (p *pass[O, W]) readPermits(ctx context.Context) *verdict {
	var err error
	p.given, err = p.approvals(ctx, client.ObjectKeyFromObject(p.o))
	if err != nil {
		return p.fail(err)
	}
	return nil
}

// approvals lists what permits something to an object and has not been used up.
func (r *reconciler[O, W]) approvals(ctx context.Context, of types.NamespacedName) ([]v1alpha1.PleskApproval, error) {
	list := &v1alpha1.PleskApprovalList{}
	err := r.client.List(ctx, list, client.InNamespace(of.Namespace), client.MatchingFields{indexApproval: refIndex(r.kindName, of.Name)})
	if err != nil {
		return nil, err
	}
	var given []v1alpha1.PleskApproval
	for _, a := range list.Items {
		if a.DeletionTimestamp == nil && a.Status.UsedAt == nil {
			given = append(given, a)
		}
	}
	return given, nil
}

// tellApprovals has the approvals that were not used say why. Nothing depends on that: what cannot be written is written by the next pass.
func (p *pass[O, W]) tellApprovals(ctx context.Context) {
	s := p.o.State()
	p.tell(ctx, client.ObjectKeyFromObject(p.o), func(a *v1alpha1.PleskApproval) string {
		switch what := fmt.Sprintf("%s %q", p.kindName, p.o.GetName()); {
		case p.uses(a) || s.Awaiting != nil && a.Spec.Permit == s.Awaiting.Permit && a.Spec.Token == s.Awaiting.Token:
			return ""
		case s.Awaiting == nil:
			return what + " awaits no approval (status.awaiting)"
		case a.Spec.Permit != s.Awaiting.Permit:
			return fmt.Sprintf("%s awaits an approval with permit %s, not %s (status.awaiting)", what, s.Awaiting.Permit, a.Spec.Permit)
		default:
			return what + " awaits an approval with another token: what it shows has changed since, or was permitted before (status.awaiting)"
		}
	})
}

// uses reports whether the pass has used an approval, or is at it.
func (p *pass[O, W]) uses(a *v1alpha1.PleskApproval) bool {
	return slices.ContainsFunc(slices.Concat(p.using, p.used), func(u v1alpha1.PleskApproval) bool { return u.UID == a.UID && u.Name == a.Name })
}

// tellOfNothing has approvals say that there is no such object.
func (r *reconciler[O, W]) tellOfNothing(ctx context.Context, of types.NamespacedName) {
	r.tell(ctx, of, func(*v1alpha1.PleskApproval) string {
		return fmt.Sprintf("there is no %s %q in this namespace", r.kindName, of.Name)
	})
}

func (r *reconciler[O, W]) tell(ctx context.Context, of types.NamespacedName, message func(*v1alpha1.PleskApproval) string) {
	given, err := r.approvals(ctx, of)
	for _, a := range given {
		base := a.DeepCopy()
		if a.Status.Message = message(&a); a.Status.Message != base.Status.Message {
			err = errors.Join(err, client.IgnoreNotFound(r.client.Status().Patch(ctx, &a, client.MergeFrom(base))))
		}
	}
	if err != nil {
		log.FromContext(ctx).Error(err, "PleskApprovals could not be told why they are not used")
	}
}

// useUp notes in the approvals that what they permit is about to be done: they permit nothing any more, whatever becomes of the status that
// their token was made from. It follows the status that has the token: where a crash or a conflict comes in between, nothing was done.
func (p *pass[O, W]) useUp(ctx context.Context) error {
	for _, a := range p.using {
		base := a.DeepCopy()
		a.Status.UsedAt, a.Status.Message = new(p.now()), ""
		if err := p.client.Status().Patch(ctx, &a, client.MergeFrom(base)); err != nil { // one that was deleted meanwhile was taken back
			return fmt.Errorf("PleskApproval %q: %w", a.Name, err)
		}
	}
	p.using, p.used = nil, append(p.used, p.using...)
	return nil
}

// creation is all that a create would write.
func (p *pass[O, W]) creation() []Change {
	var none W
	changes := Diff(p.want, none)
	if p.passing() {
		changes = unmarkedChanges(changes)
	}
	for _, c := range writeOnlyChanges(p.want, func(string) bool { return true }) {
		c.From = ""
		changes = append(changes, c)
	}
	for _, m := range p.secret.missing {
		if m.Generate {
			changes = append(changes, Change{Field: strings.TrimPrefix(m.Field, "spec."), To: "a generated value", WriteOnly: true})
		}
	}
	return changes
}

// planned puts a plan into the status and ends the pass, unless just this plan has been approved.
func (p *pass[O, W]) planned(changes []Change, message string) *verdict {
	about := make([]string, 0, len(changes)+1)
	for _, c := range changes {
		about = append(about, fmt.Sprintf("%q %q %q %q", c.Field, c.From, c.To, p.secret.digests[c.Field]))
	}
	if p.found != nil {
		about = append(about, p.found.ID)
	}
	v := p.unlessPermitted(v1alpha1.PermitPlan, halted(v1alpha1.ReasonPlanned, message+whereShown(changes)), about...)
	if v != nil {
		p.o.State().Changes = p.published(changes)
	}
	return v
}

// maxShown is how many changes the status shows: it has to be saved, and read by somebody.
const maxShown = 100

// whereShown says where changes are shown, and how many of them are not.
func whereShown(changes []Change) string {
	if len(changes) > maxShown {
		return fmt.Sprintf(" (status.changes shows the first %d of %d)", maxShown, len(changes))
	}
	return " (status.changes)"
}

// published turns changes into what the status shows.
func (p *pass[O, W]) published(changes []Change) []v1alpha1.Change {
	var out []v1alpha1.Change
	for _, c := range changes[:min(len(changes), maxShown)] {
		c = p.fitChange(c)
		out = append(out, v1alpha1.Change{Field: c.Field, From: c.From, To: c.To})
	}
	return out
}
