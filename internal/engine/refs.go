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
func (e *Engine) resolveRefs(ctx context.Context, d xmlapi.Doer, o v1alpha1.Object, refs []Ref) (map[string]Resolved, error) {
	out := map[string]Resolved{}
	var missing []string
	for _, ref := range refs {
		var r *Resolved
		var why string
		var err error
		if ref.Name != "" {
			r, why, err = e.resolveName(ctx, o, ref)
		} else {
			r, why, err = e.resolveExternal(ctx, d, ref)
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

func (e *Engine) resolveExternal(ctx context.Context, d xmlapi.Doer, ref Ref) (_ *Resolved, why string, _ error) {
	find := e.info(ref.Kind).find
	if find == nil {
		// Kinds without a custom resource are known to the server by their natural key.
		return &Resolved{Key: ref.External}, "", nil
	}
	r, err := find(ctx, d, ref.External)
	if err != nil {
		return nil, "", err
	}
	if r == nil {
		return nil, fmt.Sprintf("%q on the server (%s): not found", ref.External, ref.Field), nil
	}
	return r, "", nil
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
