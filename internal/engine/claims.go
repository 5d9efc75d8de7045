// Claims: one custom resource per object on a server. The older one wins; the other one names it in its conditions.

package engine

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// claims remembers who claimed a key, and who has recorded an identity, in this process: two passes may run before either's status
// is in the cache.
type claims struct {
	mu     sync.Mutex
	holder map[string]job   // by slot
	slots  map[job][]string // that an object holds
}

func newClaims() *claims { return &claims{holder: map[string]job{}, slots: map[job][]string{}} }

// hold makes an object the holder of slots, instead of whoever has them. The claims are locked.
func (c *claims) hold(slots []string, by job) {
	for _, slot := range slots {
		was, held := c.holder[slot]
		if held && was == by {
			continue
		}
		if held {
			c.slots[was] = slices.DeleteFunc(c.slots[was], func(s string) bool { return s == slot })
		}
		c.holder[slot] = by
		c.slots[by] = append(c.slots[by], slot)
	}
}

// holders are the others that hold any of the slots. The claims are locked.
func (c *claims) holders(slots []string, than job) []job {
	var out []job
	for _, slot := range slots {
		if holder, held := c.holder[slot]; held && holder != than && !slices.Contains(out, holder) {
			out = append(out, holder)
		}
	}
	return out
}

// forget drops an object's claims.
func (c *claims) forget(by job) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, slot := range c.slots[by] {
		delete(c.holder, slot)
	}
	delete(c.slots, by)
}

// recordedKey is the key that a status has recorded.
func recordedKey(s *v1alpha1.CommonStatus) Key { return Key{Within: identityOf(s.Within), Name: s.Key} }

// renamedKey is the key that an object has once its rename is done.
func renamedKey(s *v1alpha1.CommonStatus) Key {
	return Key{Within: identityOf(s.Within), Name: s.RenamedTo}
}

func identityOf(i *v1alpha1.ObjectIdentity) Identity {
	if i == nil {
		return Identity{}
	}
	return Identity{ID: i.ID, GUID: i.GUID}
}

// described is the identity of what a resource describes: its object, or what it only observes.
func described(s *v1alpha1.CommonStatus) Identity {
	if s.ID != "" {
		return Identity{ID: s.ID, GUID: s.GUID}
	}
	return identityOf(s.Observing)
}

// published is an identity as the status shows it, nil for none.
func (i Identity) published() *v1alpha1.ObjectIdentity {
	if i == (Identity{}) {
		return nil
	}
	return &v1alpha1.ObjectIdentity{ID: i.ID, GUID: i.GUID}
}

// same reports whether two keys name the same.
func (k Key) same(other Key) bool {
	return k.Name == other.Name && k.Within.same(other.Within)
}

// same reports whether two identities are of one object: by GUID where both have one, else by id. Where neither has an id, a GUID that
// only one of them has tells them apart.
func (i Identity) same(other Identity) bool {
	if i.GUID != "" && other.GUID != "" {
		return i.GUID == other.GUID
	}
	return i.ID == other.ID && (i.ID != "" || i.GUID == other.GUID)
}

// index is the key as indexes hold it: a bare id is given again, so a GUID comes first.
func (k Key) index() string {
	within := k.Within.GUID
	if within == "" {
		within = k.Within.ID
	}
	return within + "\x00" + k.Name
}

// claim makes the pass's object the holder of a key, unless another object that still claims it comes first; then it returns that one.
// A resource that only observes or plans holds nothing, and a key without an object on the server yet is not held against the server's own
// namespace.
func (p *pass[O, W]) claim(ctx context.Context, key Key) (owner v1alpha1.Object, err error) {
	o := p.o
	p.claims.mu.Lock()
	defer p.claims.mu.Unlock()
	rivals, err := p.onThisPlesk(ctx, p.self, indexKey, key.index(), key.Within.GUID)
	if err != nil {
		return nil, err
	}
	slots := p.slots("", p.places(key.index(), key.Within.GUID))
	for _, holder := range p.claims.holders(slots, p.job()) {
		rival := newObject[O]()
		if err := p.client.Get(ctx, holder.NamespacedName, rival); err == nil && (rival.State().Key == "" || recordedKey(rival.State()).same(key)) {
			rivals = append(rivals, rival)
		}
	}
	for _, rival := range rivals {
		if rival.GetUID() == o.GetUID() || !precedes(rival, o) || !holds(rival, o, p.serverName) {
			continue
		}
		if owner == nil || precedes(rival, owner) {
			owner = rival
		}
	}
	if owner != nil {
		return owner, nil
	}
	p.claims.hold(slots, p.job())
	return nil, nil
}

// holds reports whether a rival's claim counts against o at all. One that may not have what is on the server keeps nobody else from it.
func holds(rival, o v1alpha1.Object, server types.NamespacedName) bool {
	if onServer(rival) {
		return true
	}
	if refusedWhatExists(rival) {
		return false
	}
	policy := rival.Common().ManagementPolicy
	managed := policy == "" || policy == v1alpha1.ManagementPolicyManaged
	return managed && (o.GetNamespace() != server.Namespace || rival.GetNamespace() == server.Namespace)
}

// refusedWhatExists reports whether an object may not have what is on the server, as far as its present spec goes.
func refusedWhatExists(o v1alpha1.Object) bool {
	ready := meta.FindStatusCondition(o.State().Conditions, v1alpha1.ConditionReady)
	return ready != nil && ready.Reason == v1alpha1.ReasonAlreadyExists && ready.ObservedGeneration == o.GetGeneration()
}

// recordedBy returns another object of the kind that has recorded the same external object as its own, or is about to, nil when there
// is none.
func (p *pass[O, W]) recordedBy(ctx context.Context, found *Found[W]) (v1alpha1.Object, error) {
	holders, err := p.holders(ctx, found.asOwner(p.kindName), guidsOf(found.In)...)
	if err != nil {
		return nil, err
	}
	for _, h := range holders {
		if h.GetUID() != p.o.GetUID() {
			return h, nil
		}
	}
	p.claims.mu.Lock()
	defer p.claims.mu.Unlock()
	return p.recording(ctx, found), nil
}

// take holds what is about to be recorded in memory, until the cache shows the record. It returns whoever holds it already.
func (p *pass[O, W]) take(ctx context.Context, found *Found[W]) v1alpha1.Object {
	p.claims.mu.Lock()
	defer p.claims.mu.Unlock()
	if other := p.recording(ctx, found); other != nil {
		return other
	}
	p.claims.hold(p.identitySlots(found), p.job())
	return nil
}

// recording is the other object that holds an identity in memory, nil for none. The claims are locked.
func (p *pass[O, W]) recording(ctx context.Context, found *Found[W]) v1alpha1.Object {
	for _, holder := range p.claims.holders(p.identitySlots(found), p.job()) {
		rival := newObject[O]()
		if err := p.client.Get(ctx, holder.NamespacedName, rival); err == nil && (rival.State().ID == "" || rival.State().ID == found.ID) {
			return rival
		}
	}
	return nil
}

func (p *pass[O, W]) identitySlots(found *Found[W]) []string {
	return p.slots("id\x00", p.places(found.ID, append(guidsOf(found.In), found.asOwner(p.kindName).landmark())...))
}

// slots are places as the claims of the kind in memory hold them.
func (p *pass[O, W]) slots(of string, places []string) []string {
	out := make([]string, len(places))
	for i, place := range places {
		out[i] = p.kindName + "\x00" + of + place
	}
	return out
}

// precedes reports whether a's claim beats b's: what is on the server already, then age, then name.
func precedes(a, b v1alpha1.Object) bool {
	if onServer(a) != onServer(b) {
		return onServer(a)
	}
	at, bt := a.GetCreationTimestamp(), b.GetCreationTimestamp()
	if !at.Equal(&bt) {
		return at.Before(&bt)
	}
	return client.ObjectKeyFromObject(a).String() < client.ObjectKeyFromObject(b).String()
}

func onServer(o v1alpha1.Object) bool {
	s := o.State()
	return s.ID != "" || s.Pending != nil && s.Pending.Outcome != v1alpha1.PendingRefused
}

// describe names another resource to the user of o. Of other namespaces nothing is told.
func describe(kind string, o, another v1alpha1.Object) string {
	if o.GetNamespace() != another.GetNamespace() {
		return "a resource of another namespace"
	}
	return fmt.Sprintf("%s %q", kind, another.GetName())
}

// holders lists the resources of a kind that have recorded an object on the pass's Plesk as their own, or observe it. Ids and GUIDs both count:
// either may have moved. A record that differs in GUID, or without GUIDs in the key, is about what bore the id before. What the server shows by its
// key alone is what was recorded under that. The landmarks are GUIDs of what is around.
func (p *pass[O, W]) holders(ctx context.Context, of Owner, landmarks ...string) ([]v1alpha1.Object, error) {
	info := p.info(of.Kind)
	if info == nil {
		return nil, nil
	}
	var out []v1alpha1.Object
	if of.ID == "" && of.GUID == "" && of.Key.Name != "" {
		named, err := p.onThisPlesk(ctx, info, indexKey, of.Key.index(), landmarks...)
		return slices.DeleteFunc(named, func(o v1alpha1.Object) bool { return described(o.State()).ID == "" }), err
	}
	for _, value := range []string{of.ID, of.GUID} {
		if value == "" {
			continue
		}
		objects, err := p.onThisPlesk(ctx, info, indexIdentity, value, append(landmarks, of.landmark())...)
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
