// Tenants: what a namespace may use of a server, set there, see there and put something into.

package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// access is how far a namespace may use a server.
type access struct {
	own        bool     // it is the server's own namespace, which may do everything
	kinds      []string // of the server, beyond a tenant's own
	privileged bool     // fields that reach beyond the tenant's sites
	existing   bool     // what no resource describes
}

// has reports whether objects of a kind are allowed.
func (a *access) has(k *kindInfo) bool {
	return a.own || !k.serverScoped || slices.Contains(a.kinds, k.name)
}

// access tells how far a namespace may use a server, nil for not at all: the union of the entries that match it.
func (s *Servers) access(ctx context.Context, srv *v1alpha1.PleskServer, namespace string) (*access, error) {
	return accessBy(srv, namespace, func() (labels.Set, error) { return s.labelsOf(ctx, namespace) })
}

// accessBy asks for the labels of the namespace only where a selector needs them.
func accessBy(srv *v1alpha1.PleskServer, namespace string, labelsOf func() (labels.Set, error)) (*access, error) {
	if namespace == srv.Namespace {
		return &access{own: true, privileged: true, existing: true}, nil
	}
	var a *access
	var of labels.Set // of the namespace, once they are known
	known := false
	for _, t := range srv.Spec.Tenants {
		switch t.From {
		case v1alpha1.NamespacesFromAll:
		case v1alpha1.NamespacesFromSelector:
			selector, err := metav1.LabelSelectorAsSelector(t.Selector.LabelSelector())
			if err != nil {
				continue // a selector that selects nothing admits nobody; the server's own condition names it
			}
			if !known {
				if of, err = labelsOf(); err != nil {
					return nil, err
				}
				known = true
			}
			if !selector.Matches(of) {
				continue
			}
		default:
			continue // an unknown source admits nobody
		}
		if a == nil {
			a = &access{}
		}
		a.kinds = append(a.kinds, t.AdditionalKinds...)
		a.privileged = a.privileged || t.PrivilegedFields == v1alpha1.AccessAllow
		a.existing = a.existing || t.ExistingObjects == v1alpha1.AccessAllow
	}
	return a, nil
}

// namespaceWait bounds the wait for the cache of namespaces.
const namespaceWait = 10 * time.Second

// deny ends the pass where a tenant sets fields that are not for tenants.
func (p *pass[O, W]) deny(fields []string) *verdict {
	if len(fields) == 0 {
		return nil
	}
	return stop(stalled(v1alpha1.ReasonPermissionDenied, fmt.Sprintf(
		"spec.%s: not for tenants of PleskServer %s (privilegedFields in its spec.tenants)", strings.Join(sortedUnique(fields), ", spec."), p.serverName)))
}

// beyondReach names the fields of the spec that the namespace may not set.
func (p *pass[O, W]) beyondReach() []string {
	if p.access.privileged {
		return nil
	}
	return Privileges(p.kind, p.whole)
}

// askReach asks the server about values that are about to be written, and ends the pass where a tenant may not have them.
func (p *pass[O, W]) askReach(ctx context.Context, values W) *verdict {
	k, ok := p.kind.(PrivilegedThere[W])
	if !ok || p.access.privileged {
		return nil
	}
	fields, err := k.PrivilegedThere(ctx, p.doer, values)
	if err != nil {
		return p.fail(err)
	}
	return p.deny(fields)
}

// beyond is the one answer that a tenant gets for what it may not have and for what does not exist.
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
		holders, err := p.holders(ctx, link, guidsOf(chain)...)
		if err != nil {
			return "", err
		}
		makers, err := p.makersOf(ctx, link, guidsOf(chain)...)
		if err != nil {
			return "", err
		}
		holders = append(holders, makers...)
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

// makersOf lists the resources whose creation of something on the server is under way, or whose record of it was lost: it bears their mark, or is
// what they have begun to create.
func (p *pass[O, W]) makersOf(ctx context.Context, of Owner, landmarks ...string) ([]v1alpha1.Object, error) {
	info := p.info(of.Kind)
	if info == nil {
		return nil, nil
	}
	var out []v1alpha1.Object
	if _, uid := readMark(of.Mark); uid != "" {
		marked, err := p.listIndexed(ctx, info, "", indexUID, uid)
		if err != nil {
			return nil, err
		}
		out = marked
	}
	if of.Key.Name == "" {
		return out, nil
	}
	named, err := p.onThisPlesk(ctx, info, indexKey, of.Key.index(), append(landmarks, of.landmark())...)
	for _, o := range named {
		if begun := o.State().Pending; begun != nil && begun.Outcome != v1alpha1.PendingRefused && of.Key.same(begunKey(begun)) {
			out = append(out, o)
		}
	}
	return out, err
}

// holdsOthers says why a tenant may not have something that holds what a resource of another namespace describes, "" if it may. Whoever has
// an account has power over all that lies in it.
func (p *pass[O, W]) holdsOthers(ctx context.Context, found *Found[W]) (why string, _ error) {
	if p.access.own || p.self.implicit {
		return "", nil
	}
	contents, err := p.within(ctx, found)
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
