// Making an object ours: creation and adoption, each recorded so that a crash between two steps loses and doubles nothing.

package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// create adds the object. The order is what a crash asks for: the finalizer before anything exists; the pending mark before
// the add, with a plain update, so that a pass with an outdated view stops here; the id at once after the add.
func (p *pass[O, W]) create(ctx context.Context) *verdict {
	s := p.o.State()
	begun := s.Pending != nil // an earlier add may have been executed
	if err := p.addFinalizer(ctx); err != nil {
		return p.fail(err)
	}
	if v := p.generateSecrets(ctx); v != nil {
		return v
	}
	s.ID, s.GUID, s.InputsHash = "", "", ""
	s.Pending = &v1alpha1.PendingWrite{Key: p.key, StartTime: p.now()}
	s.Contested, s.Changes, s.PlanHash = nil, nil, ""
	p.judge(verdict{reason: v1alpha1.ReasonCreating, message: fmt.Sprintf("creating %q", p.key), state: stateWorking})
	if err := p.saveStatus(ctx); err != nil {
		return p.fail(err)
	}
	ctx = context.WithoutCancel(ctx) // a shutdown does not tear the add from its record
	id, err := p.kind.Create(ctx, p.session, p.want)
	if err != nil {
		return p.createFailed(ctx, err, begun)
	}
	p.event(v1alpha1.ReasonCreating, "Create", fmt.Sprintf("created %q with id %s", p.key, id.ID))
	p.metrics.write(p.kindName, "create")
	if err := p.record(ctx, id, p.secrets.hash(p.inputs.secrets)); err != nil {
		return p.fail(err)
	}
	return p.find(ctx)
}

// createFailed decides whether the pending mark stays: it goes only when the server said that nothing was made.
func (p *pass[O, W]) createFailed(ctx context.Context, err error, begun bool) *verdict {
	if _, ok := errors.AsType[*InvalidError](err); ok && !begun {
		p.o.State().Pending = nil // the kind refused before it sent anything
		return p.fail(err)
	}
	switch xmlapi.ClassOf(err) {
	case xmlapi.Transient, xmlapi.Ambiguous:
		return p.fail(err)
	case xmlapi.Exists:
		if begun {
			return stop(verdict{reason: v1alpha1.ReasonTransientError, state: stateWorking, pace: paceBackoff, err: err,
				message: err.Error() + "; an earlier attempt may have made it: looking again"})
		}
		p.o.State().Pending = nil
		if v := p.find(ctx); v != nil {
			return v
		}
		if p.found != nil && p.managed() { // it appeared between Find and Create
			if v := p.ownership(ctx); v != nil || p.adoption == nil {
				return v
			}
			return p.adopt(ctx)
		}
	default:
		p.o.State().Pending = nil
	}
	return p.fail(err)
}

func (p *pass[O, W]) addFinalizer(ctx context.Context) error {
	base := p.o.DeepCopyObject().(O)
	if !controllerutil.AddFinalizer(p.o, v1alpha1.Finalizer) {
		return nil
	}
	return p.patchKeepingStatus(ctx, base)
}

// patchKeepingStatus writes metadata with an optimistic lock; the status being worked on survives the server's echo.
func (p *pass[O, W]) patchKeepingStatus(ctx context.Context, base O) error {
	changed := p.o.DeepCopyObject().(O)
	if err := p.client.Patch(ctx, changed, client.MergeFromWithOptions(base, client.MergeFromWithOptimisticLock{})); err != nil {
		return err
	}
	p.outdated.replaced(p.o.GetUID(), p.o.GetResourceVersion(), changed.GetResourceVersion())
	p.o.SetResourceVersion(changed.GetResourceVersion())
	p.o.SetFinalizers(changed.GetFinalizers())
	return nil
}

// saveStatus writes the status with an optimistic lock: a pass that works on an outdated object ends here.
func (p *pass[O, W]) saveStatus(ctx context.Context) error {
	if err := p.updateStatus(ctx); err != nil {
		return err
	}
	p.before = p.o.DeepCopyObject().(O)
	return nil
}

func (p *pass[O, W]) updateStatus(ctx context.Context) error {
	was := p.o.GetResourceVersion()
	if err := p.client.Status().Update(ctx, p.o); err != nil {
		return err
	}
	p.outdated.replaced(p.o.GetUID(), was, p.o.GetResourceVersion())
	return nil
}

// generateSecrets makes the missing values and translates the spec anew with them.
func (p *pass[O, W]) generateSecrets(ctx context.Context) *verdict {
	if len(p.missing) == 0 {
		return nil
	}
	if p.o.State().InputsHash != "" {
		// There was a value and it has disappeared: what replaces it is the user's to say.
		return stop(secretMissing(p.missing[0], "; it was there before, so none is generated"))
	}
	if err := p.secrets.generate(ctx, p.o.GetNamespace(), p.missing, p.inputs.secrets); err != nil {
		return p.fail(err)
	}
	p.missing = nil
	return p.translate()
}

// record notes what is ours. It is a patch without a lock: nobody else writes these fields, and losing them would orphan the object.
func (p *pass[O, W]) record(ctx context.Context, id Identity, inputsHash string) error {
	base := p.o.DeepCopyObject().(O)
	s := p.o.State()
	s.ID, s.GUID, s.ServerGUID, s.Pending, s.InputsHash = id.ID, id.GUID, p.guid, nil, inputsHash
	changed := p.o.DeepCopyObject().(O)
	if err := p.client.Status().Patch(ctx, changed, client.MergeFrom(base)); err != nil {
		return err
	}
	p.outdated.replaced(p.o.GetUID(), p.o.GetResourceVersion(), changed.GetResourceVersion())
	p.o.SetResourceVersion(changed.GetResourceVersion())
	p.before = changed
	return nil
}

// adoption is what it takes to make ours what was found and is not recorded.
type adoption struct {
	foreign bool // it was not made by us, and the policy lets us have it
}

// ownership decides, and writes nothing: what was found is recorded as ours, or may be (p.adoption), or ends the pass.
func (p *pass[O, W]) ownership(ctx context.Context) *verdict {
	p.adoption = nil
	if p.recorded() {
		return p.takenOver()
	}
	if other, err := p.recordedBy(ctx, p.o, p.found.ID); err != nil || other != nil {
		if err != nil {
			return p.fail(err)
		}
		return stop(stalled(v1alpha1.ReasonOwnedByAnother, fmt.Sprintf("%s owns %q on this server already", describe(p.kindName, other), p.key)))
	}
	made := p.made()
	if !made {
		if v := p.mayAdopt(ctx); v != nil {
			return v
		}
	}
	p.adoption = &adoption{foreign: !made}
	return nil
}

// adopt records what was found as ours, before anything is written to it.
func (p *pass[O, W]) adopt(ctx context.Context) *verdict {
	hash := p.o.State().InputsHash
	if p.adoption.foreign {
		hash = "" // the passwords on the server are not known to be ours
	}
	if err := p.addFinalizer(ctx); err != nil {
		return p.fail(err)
	}
	if err := p.record(ctx, p.found.Identity, hash); err != nil {
		return p.fail(err)
	}
	if p.adoption.foreign {
		p.event(v1alpha1.ReasonAvailable, "Adopt", fmt.Sprintf("adopted %q with id %s", p.key, p.found.ID))
	}
	p.adoption = nil
	return nil
}

// recorded reports whether what was found is what the status has recorded. An object whose GUID an administrator has reset
// is judged anew: it is ours still if it bears our mark.
func (p *pass[O, W]) recorded() bool {
	s := p.o.State()
	return s.ID != "" && s.ID == p.found.ID && s.GUID == p.found.GUID && s.ServerGUID != ""
}

// takenOver stops where somebody else has put their mark over ours: two owners would overwrite each other for ever.
func (p *pass[O, W]) takenOver() *verdict {
	if m := p.found.Mark; m == "" || m == p.inputs.UID || p.o.Common().AdoptionPolicy == v1alpha1.AdoptionPolicyAlways {
		return nil
	}
	return stop(stalled(v1alpha1.ReasonOwnedByAnother, fmt.Sprintf(
		"another owner has marked %q as %q (spec.adoptionPolicy: Always would take it back)", p.key, p.found.Mark)))
}

// made reports whether we made what was found: it bears our mark, or it comes with its parent, or a create of ours was begun
// for this key on a kind whose objects bear no mark.
func (p *pass[O, W]) made() bool {
	if p.found.Implicit || p.found.Mark == p.inputs.UID {
		return true
	}
	s := p.o.State()
	return s.Pending != nil && s.Pending.Key == p.found.Key && !hasMark[W]()
}

func (p *pass[O, W]) mayAdopt(ctx context.Context) *verdict {
	c := p.o.Common()
	if why, err := p.outOfReach(ctx, p.server, p.o, p.kindName, p.found.ID); err != nil {
		return p.fail(err)
	} else if why != "" {
		return stop(stalled(v1alpha1.ReasonAlreadyExists, fmt.Sprintf("%q exists on the server: %s", p.key, why)))
	}
	exists := fmt.Sprintf("%q exists on the server with id %s and was not made by this resource", p.key, p.found.ID)
	switch c.AdoptionPolicy {
	case v1alpha1.AdoptionPolicyAlways:
		return nil
	case v1alpha1.AdoptionPolicyNever:
		return stop(stalled(v1alpha1.ReasonAlreadyExists, exists+" (spec.adoptionPolicy: Never)"))
	}
	if m := p.found.Mark; m != "" && uuid.Validate(m) != nil {
		// Marks of ours, of an earlier life of this resource or of another cluster, are UIDs. This one is another system's.
		return stop(stalled(v1alpha1.ReasonAlreadyExists, exists+fmt.Sprintf(": another owner has marked it %q (spec.adoptionPolicy: Always would take it over)", p.found.Mark)))
	}
	if differing := unmarked(Diff(p.want, p.compared())); len(differing) > 0 {
		return stop(stalled(v1alpha1.ReasonAlreadyExists, exists+": it differs in "+fieldNames(differing)+" (spec.adoptionPolicy: Always would take it over)"))
	}
	return nil
}

func unmarked(changes []Change) []Change {
	var out []Change
	for _, c := range changes {
		if !c.Mark {
			out = append(out, c)
		}
	}
	return out
}

func (p *pass[O, W]) now() metav1.Time { return metav1.NewTime(p.clock.Now()) }
