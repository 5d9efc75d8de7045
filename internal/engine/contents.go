// Contents: what a deletion would take along is asked of the server, and stops it unless somebody has said that it may go.

package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// within asks the server what lies in something that it has just shown. That it knows nothing of the sort contradicts that, and is no answer.
func (p *pass[O, W]) within(ctx context.Context, found *Found[W]) ([]Content, error) {
	contents, err := p.maker().Contents(ctx, p.doer, found)
	return contents, xmlapi.Contradicted(err)
}

// contents counts what a deletion takes along, once all of it may go.
func (p *pass[O, W]) contents(ctx context.Context, found *Found[W]) (along int, _ *verdict) {
	contents, err := p.within(ctx, found)
	if err != nil {
		if xmlapi.ClassOf(err) == xmlapi.Forbidden {
			err = fmt.Errorf("what lies in it cannot be asked%s: %w", wayOut, err)
		}
		return 0, p.fail(err)
	}
	if k, ok := p.kind.(Inhabited[O, W]); ok {
		contents = append(contents, k.Others(p.o, found)...)
	}
	if contents, err = p.withUnlisted(ctx, found, contents); err != nil {
		return 0, p.fail(err)
	}
	var kept, leaving, undescribed, exactly []string
	inside := p.insideOf(found, contents)
	for _, c := range contents {
		holders, err := p.describing(ctx, c)
		unsaid := err == nil && len(holders) == 0
		if unsaid {
			holders, err = inside.mayDescribe(ctx, c)
		}
		if err != nil {
			return 0, p.fail(err)
		}
		name := strings.TrimSpace(strings.TrimPrefix(c.Kind, "Plesk") + " " + c.Name)
		i := slices.IndexFunc(holders, func(h v1alpha1.Object) bool { return !deletesObject(h, p.server) })
		switch {
		case len(holders) == 0:
			undescribed = append(undescribed, name)
			exactly = append(exactly, fmt.Sprintf("%q %q %q", name, c.ID, c.GUID)) // what bears the name later is something else
		case i < 0 && p.info(c.Kind).goesAlong:
			along++
		case i < 0:
			leaving = append(leaving, name)
		default: // one that stays decides
			holder := holders[i]
			if holder.GetNamespace() != p.o.GetNamespace() {
				name = "something" // of others nothing is told
			}
			by := describe(c.Kind, p.o, holder)
			if unsaid {
				by += " may describe it: it has not been on the server yet"
			}
			kept = append(kept, fmt.Sprintf("%s (%s)", name, by))
		}
	}
	for _, names := range [][]string{kept, leaving, undescribed, exactly} {
		slices.Sort(names)
	}
	switch {
	case len(kept) > 0:
		return 0, stop(soon(blocked(ListNames("its deletion would take along what resources keep:", kept) + wayOut)))
	case len(leaving) > 0:
		return 0, stop(soon(blocked(ListNames("waiting for the deletion of what lies in it:", leaving))))
	case len(undescribed) == 0:
		return along, nil
	case !p.access.own && !p.access.existing:
		// A tenant neither sees nor destroys it, whatever it says or is permitted.
		kept := blocked(fmt.Sprintf("its deletion would take along what no resource of this namespace describes, which PleskServer %s keeps from it (existingObjects in its spec.tenants)", p.serverName) + wayOut)
		kept.pace = paceSlow
		return 0, &kept
	}
	if d := p.o.Common().DeletionPolicy; d != nil && *d == v1alpha1.DeletionPolicyDeleteWithContents {
		return along + len(undescribed), nil
	}
	undone := blocked(ListNames("its deletion would take along what no resource describes:", undescribed) + wayOut)
	undone.pace = paceSlow // somebody may take it away on the server
	v := p.unlessPermitted(v1alpha1.PermitDataLoss, undone, exactly...)
	if v != nil {
		p.o.State().Awaiting.About = p.lost(undescribed)
		v.message += " (status.awaiting.about has all of it)"
	}
	return along + len(undescribed), v
}

// withUnlisted adds what no operation lists, as far as resources have recorded that it lies in what goes.
func (p *pass[O, W]) withUnlisted(ctx context.Context, found *Found[W], contents []Content) ([]Content, error) {
	goes := []string{found.GUID}
	for _, c := range contents {
		goes = append(goes, c.GUID)
	}
	for _, k := range p.kinds {
		if !k.unlisted {
			continue
		}
		objects, err := p.objectsOn(ctx, k, p.server)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			id, key := described(o.State()), recordedKey(o.State())
			if id.ID != "" && key.Within.GUID != "" && slices.Contains(goes, key.Within.GUID) {
				contents = append(contents, Content{Kind: k.name, Identity: id, Key: key, Name: key.Name})
			}
		}
	}
	return contents, nil
}

// maxLost is how many things the status names that a deletion would take along.
const maxLost = 100

// lost names, for whoever has to permit it, what would be lost.
func (p *pass[O, W]) lost(names []string) []string {
	var out []string
	for _, n := range names[:min(len(names), maxLost)] {
		out = append(out, p.fit(n))
	}
	if more := len(names) - maxLost; more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return out
}

// soon has an object reconciled again soon, then less and less often.
func soon(v verdict) verdict {
	v.pace = paceBackoff
	return v
}

// describing lists the resources that describe something on the pass's Plesk. The name counts, too: what was never found has recorded no
// id.
func (p *pass[O, W]) describing(ctx context.Context, c Content) ([]v1alpha1.Object, error) {
	info := p.info(c.Kind)
	if info == nil {
		return nil, nil
	}
	holders, err := p.holders(ctx, Owner{Kind: c.Kind, Identity: c.Identity, Key: c.Key}, c.Around)
	if err != nil || len(holders) > 0 || c.Key.Name == "" {
		return holders, err
	}
	return p.onThisPlesk(ctx, info, indexKey, c.Key.index(), c.Around, c.Key.Within.GUID)
}

// inside is what is known of a deletion while its contents are judged: which resources could describe them without having said so yet.
type inside struct {
	engine     *Engine
	server     types.NamespacedName
	namespace  string // of what is being deleted
	around     []surrounding
	candidates map[string][]v1alpha1.Object // by kind, those that have recorded nothing
}

// surrounding is something that contents lie in: by its key, and by the resource that describes it, if any.
type surrounding struct {
	key                   string
	namespace, kind, name string
}

func (p *pass[O, W]) insideOf(found *Found[W], contents []Content) *inside {
	in := &inside{engine: p.Engine, server: p.serverName, namespace: p.o.GetNamespace(), candidates: map[string][]v1alpha1.Object{}}
	in.around = append(in.around, surrounding{looseKey(found.Key.Name), p.o.GetNamespace(), p.kindName, p.o.GetName()})
	for _, c := range contents {
		if c.Key.Name != "" {
			in.around = append(in.around, surrounding{key: looseKey(c.Key.Name)})
		}
	}
	return in
}

// looseKey is a key as it is compared where a difference must not count too easily.
func looseKey(key string) string { return strings.Trim(strings.ToLower(strings.TrimSpace(key)), ".") }

// mayDescribe lists the resources that may be about something although they have recorded nothing: one that was suspended from the start, or
// waits, has not been asked what it describes. Those of its kind that refer to what is being deleted, or to something in it, count.
func (in *inside) mayDescribe(ctx context.Context, c Content) ([]v1alpha1.Object, error) {
	info := in.engine.info(c.Kind)
	if info == nil {
		return nil, nil
	}
	candidates, known := in.candidates[c.Kind]
	if !known {
		list := info.list()
		if err := in.engine.client.List(ctx, list); err != nil {
			return nil, err
		}
		objects, err := objectsOf(list)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			if !deleting(o) && described(o.State()).ID == "" && in.refersHere(info, o) {
				candidates = append(candidates, o)
			}
		}
		in.candidates[c.Kind] = candidates
	}
	return candidates, nil
}

// mayReach reports whether a resource could describe by an external reference what is being deleted: it is on the same server, and of a namespace
// that may have it. Else anybody could hold a deletion back by naming something.
func (in *inside) mayReach(o v1alpha1.Object) bool {
	ns := o.GetNamespace()
	return KnownServer(o) == in.server && (ns == in.namespace || ns == in.server.Namespace)
}

// refersHere reports whether a resource names something around as its parent.
func (in *inside) refersHere(info *kindInfo, o v1alpha1.Object) bool {
	for _, ref := range info.refs {
		if !ref.parent {
			continue
		}
		for _, m := range ref.get(o) {
			for _, c := range in.around {
				if m.External != "" && looseKey(m.External) == c.key && in.mayReach(o) || m.Name != "" && m.Name == c.name && m.Kind == c.kind && o.GetNamespace() == c.namespace {
					return true
				}
			}
		}
	}
	return false
}

// deletesObject reports whether a resource is being deleted, and its object with it.
func deletesObject(o v1alpha1.Object, srv *v1alpha1.PleskServer) bool {
	c := o.Common()
	policy := srv.Spec.DeletionPolicy
	if c.DeletionPolicy != nil {
		policy = *c.DeletionPolicy
	}
	managed := c.ManagementPolicy == "" || c.ManagementPolicy == v1alpha1.ManagementPolicyManaged
	return deleting(o) && managed && policy != v1alpha1.DeletionPolicyRetain && policy != ""
}
