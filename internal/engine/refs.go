// References: what they point at, and who stands in the way of a deletion.

package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// finder looks up an object of a kind by its natural key, for references to what lives only on the server.
type finder func(ctx context.Context, d xmlapi.Doer, key string) (*Resolved, error)

func finderOf[O v1alpha1.Object, W any](kind Kind[O, W]) finder {
	return func(ctx context.Context, d xmlapi.Doer, key string) (*Resolved, error) {
		found, err := kind.Find(ctx, d, Handle{Key: key})
		if err != nil || found == nil {
			return nil, err
		}
		return &Resolved{Identity: found.Identity, Key: found.Key}, nil
	}
}

func (e *Engine) info(kind string) kindInfo {
	for _, k := range e.kinds {
		if k.name == kind {
			return k
		}
	}
	return kindInfo{}
}

// waiting says what a reference waits for.
type waiting struct{ message string }

func (w *waiting) Error() string { return w.message }

// resolveRefs finds what the references point at. A *waiting error names the ones that are not there yet, an
// *InvalidError one that cannot be right.
func (e *Engine) resolveRefs(ctx context.Context, d xmlapi.Doer, srv *v1alpha1.PleskServer, o v1alpha1.Object, refs []Ref) (map[string]Resolved, error) {
	out := map[string]Resolved{}
	var missing []string
	for _, ref := range refs {
		var r *Resolved
		var why string
		var err error
		if ref.Name != "" {
			r, why, err = e.resolveName(ctx, o, ref)
		} else {
			r, why, err = e.resolveExternal(ctx, d, srv, o, ref)
		}
		switch {
		case err != nil:
			return nil, err
		case r == nil:
			missing = append(missing, why)
		default:
			out[ref.Field] = *r
		}
	}
	if missing != nil {
		return nil, &waiting{"waiting for " + strings.Join(missing, "; ")}
	}
	return out, nil
}

func (e *Engine) resolveName(ctx context.Context, o v1alpha1.Object, ref Ref) (_ *Resolved, why string, _ error) {
	what := fmt.Sprintf("%s %q (%s)", ref.Kind, ref.Name, ref.Field)
	info := e.info(ref.Kind)
	if info.object == nil {
		return nil, "", Invalid(ref.Field, ref.Kind+" is not a kind of this operator")
	}
	target := info.object.DeepCopyObject().(v1alpha1.Object)
	err := e.client.Get(ctx, types.NamespacedName{Namespace: o.GetNamespace(), Name: ref.Name}, target)
	switch {
	case apierrors.IsNotFound(err):
		return nil, what + ": not found", nil
	case err != nil:
		return nil, "", err
	case serverName(target) != serverName(o):
		return nil, "", Invalid(ref.Field, fmt.Sprintf("%s %q lives on another server, %s", ref.Kind, ref.Name, serverName(target)))
	case deleting(target):
		return nil, what + ": being deleted", nil
	case target.State().ID == "":
		return nil, what + ": not on the server yet", nil
	}
	s := target.State()
	return &Resolved{Identity: Identity{ID: s.ID, GUID: s.GUID}, Key: s.Key}, "", nil
}

// resolveExternal looks up something by its natural key. Kinds without a custom resource are known by that alone.
func (e *Engine) resolveExternal(ctx context.Context, d xmlapi.Doer, srv *v1alpha1.PleskServer, o v1alpha1.Object, ref Ref) (_ *Resolved, why string, _ error) {
	r := &Resolved{Key: ref.External}
	if find := e.info(ref.Kind).find; find != nil {
		var err error
		if r, err = find(ctx, d, ref.External); err != nil {
			return nil, "", err
		}
		if r == nil {
			return nil, fmt.Sprintf("%q on the server (%s): not found", ref.External, ref.Field), nil
		}
	}
	if ref.Shared {
		return r, "", nil
	}
	why, err := e.outOfReach(ctx, srv, o, ref.Kind, r.ID)
	if err != nil {
		return nil, "", err
	}
	if why != "" {
		return nil, "", &forbidden{fmt.Sprintf("%s: %q on the server: %s", ref.Field, ref.External, why)}
	}
	return r, "", nil
}

// forbidden is an error for what the resource's namespace may not do.
type forbidden struct{ message string }

// Error implements error.
func (f *forbidden) Error() string { return f.message }

// outOfReach says why an object on the server is not to be taken or filled by o, "" when it may be. The server's own namespace
// may have everything; others what their own resources describe and, where the server allows it, what no resource describes.
func (e *Engine) outOfReach(ctx context.Context, srv *v1alpha1.PleskServer, o v1alpha1.Object, kind, id string) (why string, _ error) {
	if o.GetNamespace() == srv.Namespace {
		return "", nil
	}
	var holders []v1alpha1.Object
	if info := e.info(kind); id != "" && info.object != nil {
		var err error
		if holders, err = e.listIndexed(ctx, info, "", indexID, serverIndex(serverName(o), id)); err != nil {
			return "", err
		}
	}
	for _, h := range holders {
		if h.GetNamespace() == o.GetNamespace() {
			return "", nil
		}
	}
	switch {
	case len(holders) > 0:
		return "a resource of another namespace describes it", nil
	case srv.Spec.AllowedNamespaces.ExistingObjects != v1alpha1.ExistingObjectsAllow:
		return fmt.Sprintf("PleskServer %s/%s keeps what no resource describes for its own namespace (its spec.allowedNamespaces.existingObjects)", srv.Namespace, srv.Name), nil
	}
	return "", nil
}

// children names the custom resources that refer to o and hold something of their own on the server.
func (e *Engine) children(ctx context.Context, kind string, o v1alpha1.Object) ([]string, error) {
	var out []string
	for _, k := range e.kinds {
		if k.implicit || !slices.Contains(k.parents, kind) {
			continue
		}
		objects, err := e.listIndexed(ctx, k, o.GetNamespace(), indexRef, refIndex(kind, o.GetName()))
		if err != nil {
			return nil, err
		}
		for _, c := range objects {
			if s := c.State(); s.ID != "" || s.Pending != nil {
				out = append(out, fmt.Sprintf("%s %q", k.name, c.GetName()))
			}
		}
	}
	slices.Sort(out)
	return out, nil
}

// Users lists the objects of all kinds that name a server, as "Kind namespace/name".
func (e *Engine) Users(ctx context.Context, server types.NamespacedName) ([]string, error) {
	var out []string
	for _, k := range e.kinds {
		objects, err := e.listIndexed(ctx, k, "", indexServer, server.String())
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			out = append(out, fmt.Sprintf("%s %s/%s", k.name, o.GetNamespace(), o.GetName()))
		}
	}
	slices.Sort(out)
	return out, nil
}

func (e *Engine) listIndexed(ctx context.Context, k kindInfo, namespace, index, value string) ([]v1alpha1.Object, error) {
	list := k.list()
	if err := e.client.List(ctx, list, client.InNamespace(namespace), client.MatchingFields{index: value}); err != nil {
		return nil, err
	}
	var out []v1alpha1.Object
	err := meta.EachListItem(list, func(item runtime.Object) error {
		out = append(out, item.(v1alpha1.Object))
		return nil
	})
	return out, err
}
