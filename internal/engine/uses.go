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
	Sold    []SecretUse                 // those of the secrets that are a billing system's on a server that is BilledBy one
	Told    *v1alpha1.SecretKeySelector // where what its server tells once is kept, nil where it tells nothing
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
		var out Uses
		for _, ref := range refs {
			for _, m := range ref.get(o) {
				out.Objects = append(out.Objects, Use{Mention: m, Parent: ref.parent, Soft: ref.soft})
			}
		}
		if user, ok := any(kind).(SecretUser[O]); ok {
			out.Secrets = user.Secrets(o.(O))
			for _, u := range out.Secrets {
				if lifecycle[pathOf(u)] {
					out.Sold = append(out.Sold, u)
				}
			}
		}
		if d, ok := any(kind).(Discloser[O, W]); ok {
			out.Told = new(d.KeepIn(o.(O)))
		}
		return out
	}, nil
}
