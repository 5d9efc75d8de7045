// References: what they point at.

package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// reference is a Ref without the type of its object.
type reference struct {
	field                string
	find                 func(ctx context.Context, d xmlapi.Doer, external string) (*Resolved, error)
	kinds                []string // of the target; the first is meant where a mention names none
	get                  func(client.Object) []Mention
	parent, soft, shared bool
}

// referencesOf takes the types off a kind's references.
func referencesOf[O v1alpha1.Object](scheme *runtime.Scheme, refs []Ref[O]) ([]reference, error) {
	var out []reference
	for _, r := range refs {
		ref := reference{field: r.Field, find: r.Target.Find, parent: r.Parent, soft: r.Soft, shared: r.Shared}
		for _, k := range r.Target.Kinds {
			gvk, err := apiutil.GVKForObject(k, scheme)
			if err != nil {
				return nil, err
			}
			ref.kinds = append(ref.kinds, gvk.Kind)
		}
		ref.get = func(o client.Object) []Mention {
			mentions := r.Get(o.(O))
			for i := range mentions {
				if mentions[i].Path == "" {
					mentions[i].Path = r.Field
				}
				if mentions[i].Kind == "" && len(ref.kinds) > 0 {
					mentions[i].Kind = ref.kinds[0]
				}
				mentions[i].kinds = ref.kinds
			}
			return mentions
		}
		out = append(out, ref)
	}
	return out, nil
}

func (e *Engine) info(kind string) *kindInfo {
	if i := slices.IndexFunc(e.kinds, func(k *kindInfo) bool { return k.name == kind }); i >= 0 {
		return e.kinds[i]
	}
	return nil
}

// waiting says what a reference waits for.
type waiting struct{ message string }

// Error implements error.
func (w *waiting) Error() string { return w.message }

// forbidden is an error for what the resource's namespace may not do.
type forbidden struct{ message string }

// Error implements error.
func (f *forbidden) Error() string { return f.message }

// getMentioned reads the custom resource that a mention names; why says what is not there.
func (e *Engine) getMentioned(ctx context.Context, namespace string, m Mention) (_ v1alpha1.Object, why string, _ error) {
	what := fmt.Sprintf("%s %q (%s)", m.Kind, m.Name, m.Path)
	info := e.info(m.Kind)
	if info == nil {
		return nil, "", Invalid(m.Path, m.Kind+" is not a kind of this operator")
	}
	target := info.object.DeepCopyObject().(v1alpha1.Object)
	err := e.client.Get(ctx, types.NamespacedName{Namespace: namespace, Name: m.Name}, target)
	if apierrors.IsNotFound(err) {
		return nil, what + ": not found" + e.namesake(ctx, namespace, m), nil
	}
	if err != nil {
		return nil, "", err
	}
	return target, what, nil
}

// namesake says which other kinds that the reference may name have a resource of the name: whoever leaves the kind out means the first.
func (e *Engine) namesake(ctx context.Context, namespace string, m Mention) string {
	for _, kind := range m.kinds {
		if info := e.info(kind); kind != m.Kind && info != nil &&
			e.client.Get(ctx, types.NamespacedName{Namespace: namespace, Name: m.Name}, info.object.DeepCopyObject().(client.Object)) == nil {
			return fmt.Sprintf("; there is a %s of that name (%s.kind)", kind, m.Path)
		}
	}
	return ""
}

// resolveRefs finds what the references point at. A *waiting error names those that are not there yet, an *InvalidError one
// that cannot be right, a *forbidden error one that is out of reach.
func (p *pass[O, W]) resolveRefs(ctx context.Context) (map[string]Resolved, error) {
	out := map[string]Resolved{}
	var missing []string
	p.without = nil
	for _, ref := range p.self.refs {
		for _, m := range ref.get(p.o) {
			if !slices.Contains(ref.kinds, m.Kind) && m.Name != "" {
				return nil, Invalid(m.Path, fmt.Sprintf("%s cannot be named here", m.Kind))
			}
			resolve := p.resolveExternal
			if m.Name != "" {
				resolve = p.resolveName
			}
			r, why, err := resolve(ctx, ref, m)
			switch {
			case err != nil:
				return nil, err
			case r != nil:
				out[m.Path] = *r
			case ref.soft:
				p.without = append(p.without, why)
			default:
				missing = append(missing, why)
			}
		}
	}
	if missing != nil {
		return nil, &waiting{"waiting for " + strings.Join(missing, "; ")}
	}
	return out, nil
}

func (p *pass[O, W]) resolveName(ctx context.Context, _ reference, m Mention) (_ *Resolved, why string, _ error) {
	target, what, err := p.getMentioned(ctx, p.o.GetNamespace(), m)
	if err != nil || target == nil {
		return nil, what, err
	}
	server, err := p.serverOf(ctx, m.Kind, target)
	if err != nil {
		return nil, "", err
	}
	s := target.State()
	switch {
	case server != p.serverName:
		return nil, "", Invalid(m.Path, fmt.Sprintf("%s %q lives on another server, %s", m.Kind, m.Name, server.Name))
	case deleting(target) && !deleting(p.o): // what goes together may wait for each other
		return nil, what + ": being deleted", nil
	case described(s).ID == "" || s.Key == "" || s.Pending != nil:
		return nil, what + ": not on the server yet", nil
	}
	return &Resolved{Kind: m.Kind, Identity: described(s), Key: recordedKey(s), around: landmarkOf(s)}, "", nil
}

// resolveExternal looks up something by its natural key, within what the resource's namespace may reach.
func (p *pass[O, W]) resolveExternal(ctx context.Context, ref reference, m Mention) (_ *Resolved, why string, _ error) {
	if ref.find == nil {
		if !p.access.own && !p.access.existing {
			return nil, "", beyond(m)
		}
		return &Resolved{Kind: m.Kind, Key: Key{Name: m.External}}, "", nil
	}
	r, err := p.findExternal(ctx, ref, m.External)
	if err != nil {
		return nil, "", err
	}
	if r == nil && !p.access.own && !ref.shared {
		return nil, "", beyond(m) // whether it is there is nothing for a tenant to learn
	}
	if r == nil {
		return nil, fmt.Sprintf("%q on the server (%s): not found", m.External, m.Path), nil
	}
	if ref.shared {
		return r, "", nil
	}
	chain := r.chain()
	unreachable, err := p.outOfReach(ctx, chain)
	if err != nil {
		return nil, "", err
	}
	if unreachable != "" {
		return nil, "", beyond(m)
	}
	if deleting(p.o) {
		return r, "", nil
	}
	// What the operator is about to delete is no place to put something into.
	for _, link := range chain {
		holders, err := p.holders(ctx, link, guidsOf(chain)...)
		if err != nil {
			return nil, "", err
		}
		if slices.ContainsFunc(holders, func(h v1alpha1.Object) bool { return deleting(h) }) {
			return nil, fmt.Sprintf("%q on the server (%s): being deleted", m.External, m.Path), nil
		}
	}
	return r, "", nil
}
