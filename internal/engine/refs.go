// References: what they point at, which server an object lives on, and who stands in the way of a deletion.

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
			}
			return mentions
		}
		out = append(out, ref)
	}
	return out, nil
}

func (e *Engine) info(kind string) *kindInfo {
	for i := range e.kinds {
		if e.kinds[i].name == kind {
			return &e.kinds[i]
		}
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

// maxNesting bounds the walk from an object to what it lies in.
const maxNesting = 8

// serverOf finds the server of an object: the one that its spec names, else that of what it lies in. A *waiting error says what of
// the way is not there yet.
func (e *Engine) serverOf(ctx context.Context, kind string, o v1alpha1.Object) (types.NamespacedName, error) {
	for range maxNesting {
		if ref := o.Common().ServerRef; ref != nil {
			return serverKey(ref, o.GetNamespace()), nil
		}
		m := e.parentOf(kind, o)
		if m == nil {
			return types.NamespacedName{}, Invalid("spec.serverRef", "required: no other field leads to a server")
		}
		parent, why, err := e.getMentioned(ctx, o.GetNamespace(), *m)
		if err != nil {
			return types.NamespacedName{}, err
		}
		if parent == nil {
			return types.NamespacedName{}, &waiting{"waiting for " + why + ", whose server is this object's"}
		}
		kind, o = m.Kind, parent
	}
	return types.NamespacedName{}, Invalid("spec.serverRef", fmt.Sprintf("not found within %d references", maxNesting))
}

// parentOf is the custom resource that an object lies in, nil where its spec names none.
func (e *Engine) parentOf(kind string, o client.Object) *Mention {
	info := e.info(kind)
	if info == nil {
		return nil
	}
	for _, ref := range info.refs {
		if !ref.parent {
			continue
		}
		if m := ref.get(o); len(m) > 0 && m[0].Name != "" {
			return &m[0]
		}
	}
	return nil
}

func serverKey(ref *v1alpha1.ServerReference, namespace string) types.NamespacedName {
	if ref.Namespace != "" {
		namespace = ref.Namespace
	}
	return types.NamespacedName{Namespace: namespace, Name: ref.Name}
}

// KnownServer is the server that an object is indexed by: the one that its spec names, else the recorded one.
func KnownServer(o v1alpha1.Object) types.NamespacedName {
	for _, ref := range []*v1alpha1.ServerReference{o.Common().ServerRef, o.State().ServerRef} {
		if ref != nil {
			return serverKey(ref, o.GetNamespace())
		}
	}
	return types.NamespacedName{}
}

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
		return nil, what + ": not found", nil
	}
	if err != nil {
		return nil, "", err
	}
	return target, what, nil
}

// resolveRefs finds what the references point at. A *waiting error names those that are not there yet, an *InvalidError one
// that cannot be right, a *forbidden error one that is out of reach.
func (p *pass[O, W]) resolveRefs(ctx context.Context) (map[string]Resolved, error) {
	out := map[string]Resolved{}
	var missing []string
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
			case !ref.soft:
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
	case deleting(target):
		return nil, what + ": being deleted", nil
	case described(s).ID == "" || s.Key == "" || s.Pending != nil:
		return nil, what + ": not on the server yet", nil
	}
	return &Resolved{Kind: m.Kind, Identity: described(s), Key: recordedKey(s)}, "", nil
}

// sureOfParent reads what the object lies in afresh before a write: ids are given again, and few writes can name a GUID. The parent's own
// pass may have recorded another identity since this one has resolved the reference.
func (p *pass[O, W]) sureOfParent(ctx context.Context) *verdict {
	m := p.parentOf(p.kindName, p.o)
	if m == nil || p.self.implicit {
		return nil
	}
	target, what, err := p.getMentioned(ctx, p.o.GetNamespace(), *m)
	if err != nil {
		return p.fail(err)
	}
	sure := false
	if target != nil && described(target.State()) == p.inputs.Ref(m.Path).Identity {
		if sure, err = p.info(m.Kind).proves(ctx, p.doer, target); err != nil {
			return p.fail(err)
		}
	}
	if !sure {
		return p.fail(&waiting{"waiting for " + what + ": the server shows something else under what was recorded"})
	}
	return nil
}

// resolveExternal looks up something by its natural key, within what the resource's namespace may reach.
func (p *pass[O, W]) resolveExternal(ctx context.Context, ref reference, m Mention) (_ *Resolved, why string, _ error) {
	r, err := ref.find(ctx, p.doer, m.External)
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
	unreachable, err := p.outOfReach(ctx, append([]Owner{{Kind: r.Kind, Identity: r.Identity, Key: r.Key}}, r.In...))
	if err != nil {
		return nil, "", err
	}
	if unreachable != "" {
		return nil, "", beyond(m)
	}
	return r, "", nil
}

// beyond is what a tenant is told of what it may not have, and of what is not there.
func beyond(m Mention) error {
	return &forbidden{fmt.Sprintf("%s: %q is not on the server, or not this namespace's (existingObjects in the PleskServer's spec.tenants)", m.Path, m.External)}
}

// outOfReach says why something on the server is not to be shown, taken or filled by the pass's object, "" when it may be. It comes as the
// thing itself and all that it lies in, nearest first. The server's own namespace may have everything; others what their own
// resources describe and, where the server allows it, what no resource describes.
func (p *pass[O, W]) outOfReach(ctx context.Context, chain []Owner) (why string, _ error) {
	if p.access.own {
		return "", nil
	}
	for _, link := range chain {
		holders, err := p.holders(ctx, link)
		if err != nil {
			return "", err
		}
		for _, h := range holders {
			if h.GetNamespace() == p.o.GetNamespace() {
				return "", nil
			}
		}
		if len(holders) > 0 {
			return "it is not this namespace's", nil
		}
	}
	if !p.access.existing {
		return "the PleskServer keeps what no resource of this namespace describes (existingObjects in its spec.tenants)", nil
	}
	return "", nil
}

// holdsOthers says why a tenant may not have what has something in it that a resource of another namespace describes, "" when nothing is.
// Whoever has an account has power over all that lies in it.
func (p *pass[O, W]) holdsOthers(ctx context.Context, found *Found[W]) (why string, _ error) {
	if p.access.own || p.self.implicit {
		return "", nil
	}
	contents, err := p.maker().Contents(ctx, p.doer, found)
	if err != nil {
		return "", err
	}
	for _, c := range contents {
		holders, err := p.describing(ctx, c)
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(holders, func(h v1alpha1.Object) bool { return h.GetNamespace() != p.o.GetNamespace() }) {
			return "it holds what is not this namespace's", nil
		}
	}
	return "", nil
}

// holders lists the resources of a kind that have recorded an object on the pass's server as their own, or observe it. Ids and GUIDs both count:
// either may have moved. A record that differs in GUID, or without GUIDs in the key, is about what bore the id before.
func (p *pass[O, W]) holders(ctx context.Context, of Owner) ([]v1alpha1.Object, error) {
	info := p.info(of.Kind)
	if info == nil {
		return nil, nil
	}
	var out []v1alpha1.Object
	for _, value := range []string{of.ID, of.GUID} {
		if value == "" {
			continue
		}
		objects, err := p.listIndexed(ctx, info, "", indexIdentity, serverIndex(p.serverName, value))
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			known := described(o.State())
			knowGUIDs := of.GUID != "" && known.GUID != ""
			if knowGUIDs && of.GUID == known.GUID || !knowGUIDs && (of.Key.Name == "" || recordedKey(o.State()).same(of.Key)) {
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// children names the custom resources that refer to o and hold something of their own on the server.
func (e *Engine) children(ctx context.Context, kind string, o v1alpha1.Object) ([]string, error) {
	var out []string
	for i := range e.kinds {
		k := &e.kinds[i]
		if k.implicit || !k.refersTo(kind) {
			continue
		}
		objects, err := e.listIndexed(ctx, k, o.GetNamespace(), indexRef, refIndex(kind, o.GetName()))
		if err != nil {
			return nil, err
		}
		for _, c := range objects {
			if onServer(c) {
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
	for i := range e.kinds {
		k := &e.kinds[i]
		objects, err := e.listIndexed(ctx, k, "", indexServer, client.ObjectKeyFromObject(srv).String())
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

func (e *Engine) listIndexed(ctx context.Context, k *kindInfo, namespace, index, value string) ([]v1alpha1.Object, error) {
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
