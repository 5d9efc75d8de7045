// Absence: what it means that an object is not on the server: not yet, not any more, or not visibly.

package engine

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// absent decides what it means that the object is not on the server.
func (p *pass[O, W]) absent(ctx context.Context) *verdict {
	s := p.o.State()
	s.Observing = nil
	switch {
	case p.policy() == v1alpha1.ManagementPolicyObserveOnly:
		return stop(halted(v1alpha1.ReasonNotFound, fmt.Sprintf("%q does not exist on the server", p.key.Name)))
	case p.self.implicit:
		return p.fail(&waiting{fmt.Sprintf("waiting for what %q belongs to: not on the server", p.key.Name)})
	case p.contracted():
		if v := p.inFlight(); v != nil {
			return v
		}
		return p.leftToBilling()
	case s.ID != "" && s.Pending == nil:
		if v := p.vanished(ctx); v != nil {
			return v
		}
	case s.Pending != nil:
		if v := p.inFlight(); v != nil {
			return v
		}
	case controllerutil.ContainsFinalizer(p.o, v1alpha1.Finalizer):
		// The finalizer follows the record. So there was one, and a backup tool has dropped the status.
		if v := p.unlessPermitted(v1alpha1.PermitRecreate, stalled(v1alpha1.ReasonGoneOnServer, fmt.Sprintf(
			"%q is not on the server, and nothing is recorded of it any more (it was deleted there, or a backup has lost the record): nothing is made", p.key.Name)), p.key.Name); v != nil {
			return v
		}
	}
	if v := p.askServer(ctx, p.want); v != nil {
		return v
	}
	if !p.managed() {
		if v := p.planned(p.creation(), fmt.Sprintf("%q would be created", p.key.Name)); v != nil {
			return v
		}
	}
	return p.unlessRefused(nil, func() *verdict { return p.create(ctx) })
}

// vanished decides about an object that was on the server and is not any more. What held data is not created again, empty, unless somebody
// asks for it.
func (p *pass[O, W]) vanished(ctx context.Context) *verdict {
	s := p.o.State()
	if m, ok := p.kind.(Mover); ok {
		what, err := m.Moved(ctx, p.doer, Identity{ID: s.ID, GUID: s.GUID})
		if err != nil {
			return p.fail(err)
		}
		if what != "" {
			return stop(stalled(v1alpha1.ReasonGoneOnServer, fmt.Sprintf("%q (id %s) is %s: nothing is made in its place", s.Key, s.ID, what)))
		}
	}
	named, err := p.underItsID(ctx)
	if err != nil {
		return p.fail(err)
	}
	if p.recreates() && named == "" {
		wait, ok, err := p.recreations.take(p.server, p.incarnation(s.ID), 1, func(counts []v1alpha1.DeletionCount) error {
			return p.saveRecreations(ctx, p.server, counts)
		})
		if err != nil {
			return p.fail(err)
		}
		if !ok {
			v := waitFor(v1alpha1.ReasonGoneOnServer, fmt.Sprintf("%q was deleted on the server; PleskServer %s has had its %d recreations for the hour (its spec.maxRecreationsPerHour)",
				s.Key, p.serverName, recreationLimit(p.server)))
			v.pace, v.after = paceAfter, wait
			return &v
		}
		return nil
	}
	why := fmt.Sprintf("%q (id %s) was deleted on the server with all that it held: it is not made anew, empty, by itself (spec.recreationPolicy)", s.Key, s.ID)
	if !p.seesAll() {
		why = fmt.Sprintf("%q (id %s) is not shown to the account of PleskServer %s any more, a %s's: it was deleted, or moved out of its sight; nothing is made in its place by itself", s.Key, s.ID, p.serverName, strings.ToLower(string(p.role())))
	}
	if named != "" {
		why = fmt.Sprintf("%q is not on the server any more, and %q has its id %s: if it was renamed there, name it so in the spec, or rename it back; nothing is made beside it", s.Key, named, s.ID)
	}
	p.noteMade(false) // what appears under the name after this was made by others
	return p.unlessPermitted(v1alpha1.PermitRecreate, stalled(v1alpha1.ReasonGoneOnServer, why), s.ID, s.GUID, named)
}

// incarnation is what a recreation is counted for: what is deleted again after it was recreated counts again.
func (p *pass[O, W]) incarnation(id string) types.UID { return p.o.GetUID() + types.UID("/"+id) }

// underItsID is what the server shows under the recorded id in the recorded place, "" for nothing. Of kinds without GUIDs and marks it may be
// the object, renamed, or another one that was given the id.
func (p *pass[O, W]) underItsID(ctx context.Context) (name string, _ error) {
	s := p.o.State()
	if s.GUID != "" || p.parentReplaced != nil || s.Within == nil || p.parent() == nil {
		return "", nil
	}
	found, err := p.kind.Find(ctx, p.doer, Handle{Identity: Identity{ID: s.ID}, Was: recordedKey(s)})
	if err != nil || found == nil || found.ID != s.ID || len(found.In) > 0 && !found.In[0].same(p.parent().Identity) {
		return "", err
	}
	return found.Key.Name, nil
}

// recreates reports whether what has vanished is made anew by itself. Whoever is not shown all can tell that something is gone only inside of
// what they see.
func (p *pass[O, W]) recreates() bool {
	_, stateless := p.kind.(Stateless)
	if !p.seesAll() && !(stateless && p.parent() != nil) {
		return false
	}
	if own := p.o.Common().RecreationPolicy; own != nil {
		return *own == v1alpha1.RecreationPolicyRecreate
	}
	return stateless || p.server.Spec.RecreationPolicy == v1alpha1.RecreationPolicyRecreate
}
