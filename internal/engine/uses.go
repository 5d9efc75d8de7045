// Uses: what an object names, for those who look at resources without running the engine.

package engine

import (
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// Use is one thing that an object names on its server, with what the reference means for it.
type Use struct {
	Mention
	Parent bool // the object lies in it
	Soft   bool // it is not waited for
}

// Uses is what an object names beside its server.
type Uses struct {
	Objects []Use
	Secrets []SecretUse
	Told    *v1alpha1.SecretKeySelector // where what its server tells once is kept, nil where it tells nothing

	lifecycle map[string]bool // paths of what is a billing system's, where the server leaves its life cycle to one
}

// SecretsOn parts the secrets into those that are the operator's to write on a server and those that are a billing system's there.
func (u Uses) SecretsOn(srv *v1alpha1.PleskServer) (ours, theirs []SecretUse) {
	for _, s := range u.Secrets {
		if billedBy(srv) && u.lifecycle[pathOf(s)] {
			theirs = append(theirs, s)
		} else {
			ours = append(ours, s)
		}
	}
	return ours, theirs
}

// UsesOf returns what tells the uses of a kind's objects.
func UsesOf[O v1alpha1.Object, W any](scheme *runtime.Scheme, kind Kind[O, W]) (func(client.Object) Uses, error) {
	refs, err := referencesOf(scheme, kind.Refs())
	if err != nil {
		return nil, err
	}
	var lifecycle map[string]bool
	if _, ok := any(kind).(Contracted); ok {
		lifecycle = lifecyclePaths[W]()
	}
	return func(o client.Object) Uses {
		out := Uses{lifecycle: lifecycle}
		for _, ref := range refs {
			for _, m := range ref.get(o) {
				out.Objects = append(out.Objects, Use{Mention: m, Parent: ref.parent, Soft: ref.soft})
			}
		}
		if user, ok := any(kind).(SecretUser[O]); ok {
			out.Secrets = user.Secrets(o.(O))
		}
		if d, ok := any(kind).(Discloser[O, W]); ok {
			out.Told = new(d.KeepIn(o.(O)))
		}
		return out
	}, nil
}
