// Life cycle: on a server that leaves it to a billing system, what is the billing system's is compared and shown, and never written.

package engine

import (
	"fmt"
	"reflect"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// BilledBy reports whether a server leaves the life cycle of accounts and subscriptions to a billing system.
func BilledBy(srv *v1alpha1.PleskServer) bool {
	return srv != nil && srv.Spec.Lifecycle != nil && srv.Spec.Lifecycle.Owner == v1alpha1.LifecycleOwnerBilling
}

func (p *pass[O, W]) billed() bool { return BilledBy(p.server) }

// contracted reports whether making and removing the object is the billing system's.
func (p *pass[O, W]) contracted() bool {
	_, ok := p.kind.(Contracted)
	return ok && p.billed()
}

// splitLifecycle parts what is wanted into what is ours to write and what is the billing system's.
func splitLifecycle[W any](want W) (ours, theirs W) {
	only := func(lifecycle bool) W {
		return without(reflect.ValueOf(want), "", func(_ string, opt fieldOptions) bool { return opt.lifecycle != lifecycle }).Interface().(W)
	}
	return only(false), only(true)
}

// lifecycleSecrets are the paths, below spec, of the secret values that are the billing system's: they are neither needed nor replaced.
func (p *pass[O, W]) lifecycleSecrets() map[string]bool {
	if !p.contracted() {
		return nil
	}
	return lifecyclePaths[W]()
}

// lifecyclePaths are the paths, below spec, of what is a billing system's.
func lifecyclePaths[W any]() map[string]bool {
	out := map[string]bool{}
	walkTypes(reflect.TypeFor[W](), "", func(path string, opt fieldOptions) {
		if opt.lifecycle {
			out[path] = true
		}
	})
	return out
}

// ofBilling reports whether a secret value is the billing system's.
func (p *pass[O, W]) ofBilling(u SecretUse) bool {
	return p.lifecycleSecrets()[pathOf(u)]
}

// walkTypes calls visit for every leaf field of a type that is compared.
func walkTypes(t reflect.Type, prefix string, visit func(path string, opt fieldOptions)) {
	for i := range t.NumField() {
		path, opt, ok := field(prefix, t.Field(i))
		switch {
		case !ok:
		case isNested(t.Field(i).Type):
			walkTypes(t.Field(i).Type.Elem(), path, visit)
		default:
			visit(path, opt)
		}
	}
}

// lifecycleChanges are what the billing system has otherwise than the spec, and than the PleskSuspensions.
func (p *pass[O, W]) lifecycleChanges() []Change {
	if !p.billed() || p.found == nil {
		return nil
	}
	if !p.contracted() {
		return p.unsuspended()
	}
	have := p.found.Value
	if k, ok := p.kind.(Partial[O, W]); ok {
		have = k.Restrict(p.o, p.theirs, have)
	}
	return append(Diff(p.theirs, have), p.unsuspended()...)
}

// leftToBilling ends the pass over an object that is not there and is not ours to make.
func (p *pass[O, W]) leftToBilling() *verdict {
	s := p.o.State()
	s.Changes = nil
	if s.ID != "" && s.Pending == nil {
		return stop(stalled(v1alpha1.ReasonGoneOnServer, fmt.Sprintf(
			"%q (id %s) is not on the server any more: its life cycle is a billing system's (spec.lifecycle of PleskServer %s), so nothing is made in its place", s.Key, s.ID, p.serverName)))
	}
	return stop(halted(v1alpha1.ReasonNotFound, fmt.Sprintf(
		"%q does not exist on the server: a billing system makes it (spec.lifecycle of PleskServer %s)", p.key.Name, p.serverName)))
}
