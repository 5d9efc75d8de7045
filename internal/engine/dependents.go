// Dependents: who stands in the way of a deletion.

package engine

import (
	"context"
	"fmt"
	"slices"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// children names the custom resources that refer to o and hold something of their own on the server, but for what is being deleted with it and may go
// along.
func (e *Engine) children(ctx context.Context, kind string, o v1alpha1.Object, srv *v1alpha1.PleskServer) ([]string, error) {
	var out []string
	for _, k := range e.kinds {
		if k.implicit || !k.refersTo(kind) {
			continue
		}
		objects, err := e.listIndexed(ctx, k, o.GetNamespace(), indexRef, refIndex(kind, o.GetName()))
		if err != nil {
			return nil, err
		}
		for _, c := range objects {
			if onServer(c) && !(k.goesAlong && deletesObject(c, srv)) {
				out = append(out, fmt.Sprintf("%s %q", k.name, c.GetName()))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// refersTo reports whether objects of the kind can hold back those of another one by a reference.
func (k *kindInfo) refersTo(kind string) bool {
	return slices.ContainsFunc(k.refs, func(r reference) bool { return !r.soft && slices.Contains(r.kinds, kind) })
}

// Users lists the objects of all kinds that hold a server: those that bear our finalizer, in namespaces that it admits.
func (e *Engine) Users(ctx context.Context, srv *v1alpha1.PleskServer) ([]string, error) {
	var out []string
	admitted := map[string]bool{}
	for _, k := range e.kinds {
		objects, err := e.objectsOn(ctx, k, srv)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			ns := o.GetNamespace()
			if !slices.Contains(o.GetFinalizers(), v1alpha1.Finalizer) {
				continue
			}
			if _, known := admitted[ns]; !known {
				access, err := e.servers.access(ctx, srv, ns)
				if client.IgnoreNotFound(err) != nil {
					return nil, err
				}
				admitted[ns] = access != nil
			}
			if admitted[ns] {
				out = append(out, fmt.Sprintf("%s %s/%s", k.name, ns, o.GetName()))
			}
		}
	}
	slices.Sort(out)
	return out, nil
}
