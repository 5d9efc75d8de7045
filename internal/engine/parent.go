// The parent: an object stays in the parent that it was created in, which is read afresh before a write.

package engine

import (
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// parent is what the reference to the parent resolves to, nil for none. What comes with the server has that for a parent.
func (p *pass[O, W]) parent() *Resolved {
	if p.self.ofServer {
		guid := p.pleskGUID()
		return &Resolved{Kind: "PleskServer", Identity: Identity{ID: guid, GUID: guid}, Key: Key{Name: guid}}
	}
	for _, ref := range p.self.refs {
		if ref.parent {
			for _, m := range ref.get(p.o) {
				return p.inputs.Ref(m.Path)
			}
		}
	}
	return nil
}

// sameParent checks that the parent is the recorded one. Where the same reference leads to another one by now, a kind without objects of its
// own forgets what it has recorded about the old parent (nothing is cleaned up there, it is somebody else's), and an
// object of another kind stays where it is: nobody has asked for a move.
func (p *pass[O, W]) sameParent() *verdict {
	parent, s := p.parent(), p.o.State()
	if parent == nil {
		s.Parent = nil
		return nil
	}
	p.parentNow = &v1alpha1.RecordedParent{ObjectIdentity: v1alpha1.ObjectIdentity{ID: parent.ID, GUID: parent.GUID}, Key: parent.Key.Name, Around: parent.aroundIt()}
	if m := p.parentOf(p.kindName, p.o); m != nil {
		p.parentNow.Reference = m.Kind + "/" + m.Name
	}
	if p.self.implicit {
		p.forgetOther(parent)
		return nil
	}
	switch {
	case !onServer(p.o), s.Parent == nil:
		s.Parent = p.parentNow
		return nil
	case !sameReference(*s.Parent, *p.parentNow):
		if s.GUID != "" {
			s.Parent = p.parentNow
		} // else where it lies is a part of what tells whose it is, and is recorded when it has been found there
		return nil
	case sameParent(*s.Parent, *p.parentNow):
		s.Parent = p.parentNow
		return nil
	}
	replaced := stop(stalled(v1alpha1.ReasonParentReplaced, fmt.Sprintf(
		"the object lies in %q (id %s), the same reference leads to %q (id %s) by now: nothing is moved or made anew; name the one that is meant by another reference, or delete this resource (with deletionPolicy: Retain) and apply it again",
		s.Parent.Key, s.Parent.ID, p.parentNow.Key, p.parentNow.ID)))
	if s.Parent.Key != p.parentNow.Key || p.parentNow.Reference == "" {
		return replaced // of what no resource describes, nobody has said that it was to be made anew
	}
	p.parentReplaced = replaced // recreated under its name: what lay in the old one is most likely gone
	return nil
}

// forgetOther drops what an object that comes with its parent has recorded of another one. A parent without a GUID is no landmark itself: what
// is around it is recorded.
func (p *pass[O, W]) forgetOther(parent *Resolved) {
	s := p.o.State()
	if parent.GUID != "" {
		p.parentNow = nil
	}
	s.Parent = p.parentNow
	if s.ID == "" || parent.same(Identity{ID: s.ID, GUID: s.GUID}) && (parent.GUID == "") == (s.GUID == "") {
		return
	}
	s.ID, s.GUID, s.Key, s.Within, s.Contested = "", "", "", nil, nil
	if k, ok := p.kind.(Partial[O, W]); ok {
		k.Forget(p.o)
	}
}

// sameReference reports whether the spec names what it named before: the same resource, or the same key on the server.
func sameReference(a, b v1alpha1.RecordedParent) bool {
	return a.Reference == b.Reference && (a.Reference != "" || a.Key == b.Key)
}

// sameParent reports whether two records, the second one of what the reference leads to now, are of one parent: by GUID, or by key where there are no GUIDs.
func sameParent(a, b v1alpha1.RecordedParent) bool {
	if a.GUID != "" && b.GUID != "" {
		// A GUID can be reset: the resource of the parent, where there is one, knows whether that is still the same.
		return a.GUID == b.GUID || b.Reference != "" && a.ID == b.ID && a.Key == b.Key
	}
	return a.Key == b.Key
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

// verifyParent reads what the object lies in afresh before a write: ids are given again, and few writes can name a GUID. The parent's own
// pass may have recorded another identity since this one has resolved the reference.
func (p *pass[O, W]) verifyParent(ctx context.Context) *verdict {
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

// verifyRecordedParent is verifyParent for a deletion, which works from the status alone: the resource of the parent, where there is one, says
// whether the server still shows that under its id. What has a GUID is known by that.
func (p *pass[O, W]) verifyRecordedParent(ctx context.Context) *verdict {
	m := p.parentOf(p.kindName, p.o)
	if m == nil || p.o.State().GUID != "" {
		return nil
	}
	target, what, err := p.getMentioned(ctx, p.o.GetNamespace(), *m)
	if err != nil {
		return p.fail(err)
	}
	if target == nil || described(target.State()).ID == "" {
		return nil
	}
	sure, err := p.info(m.Kind).proves(ctx, p.doer, target)
	if err != nil {
		return p.fail(err)
	}
	if !sure {
		return stop(soon(blocked("waiting for " + what + ": the server shows something else under what was recorded" + wayOut)))
	}
	return nil
}

// liesIn reports whether what was found lies in a parent, as far as both tell. A parent that has no GUID is told from another one of its id and
// name by what is around it.
func (f *Found[W]) liesIn(parent *v1alpha1.RecordedParent) bool {
	if len(f.In) == 0 {
		return true
	}
	in := f.In[0]
	if parent.GUID != "" && in.GUID != "" {
		return parent.GUID == in.GUID
	}
	if !f.named(parent) {
		return false
	}
	around := guidsOf(f.In)
	return len(around) == 0 || parent.Around == "" || around[0] == parent.Around
}

// named reports whether what was found lies in something with the id and the name of a parent.
func (f *Found[W]) named(parent *v1alpha1.RecordedParent) bool {
	in := f.In[0]
	return in.ID == parent.ID && (in.Key.Name == "" || in.Key.Name == parent.Key)
}

// noteWhere records what the object of ours was found in: where the spec has it, or where a move of ours has left it.
func (p *pass[O, W]) noteWhere(found *Found[W]) {
	switch s := p.o.State(); {
	case p.parentNow != nil && p.parentReplaced == nil && found.liesIn(p.parentNow):
		s.Parent, s.MovingTo = p.parentNow, nil
	case s.MovingTo != nil && found.liesIn(s.MovingTo):
		s.Parent, s.MovingTo = s.MovingTo, nil
	}
}

// place is what an object is recorded to lie in: what the spec says, or what it is to be moved out of.
func (p *pass[O, W]) place(found *Found[W]) *v1alpha1.RecordedParent {
	if p.parentNow == nil || found.liesIn(p.parentNow) {
		return p.parentNow
	}
	in := found.In[0]
	place := &v1alpha1.RecordedParent{ObjectIdentity: v1alpha1.ObjectIdentity{ID: in.ID, GUID: in.GUID}, Key: in.Key.Name}
	if around := guidsOf(found.In); in.GUID == "" && len(around) > 0 {
		place.Around = around[0]
	}
	return place
}

// elsewhere reports whether what was found lies in something else than was recorded. Ids and names are given again, by a server that was restored
// also to what lies in somebody else's; what has a GUID is known by that.
func (p *pass[O, W]) elsewhere(ctx context.Context, found *Found[W]) (bool, error) {
	s := p.o.State()
	if s.GUID != "" || s.Parent == nil || found.liesIn(s.Parent) || s.MovingTo != nil && found.liesIn(s.MovingTo) {
		return false, nil
	}
	m := p.parentOf(p.kindName, p.o)
	if m == nil || found.In[0].GUID != "" || !found.named(s.Parent) {
		return true, nil
	}
	// Its parent may have been moved since.
	target, _, err := p.getMentioned(ctx, p.o.GetNamespace(), *m)
	if err != nil || target == nil || described(target.State()).ID != s.Parent.ID {
		return true, err
	}
	now := *s.Parent
	now.Around = landmarkOf(target.State())
	return !found.liesIn(&now), nil
}

// inPlace ends the pass of an object of which nothing but id and name are known, and that is found in something else than was recorded: somebody
// has moved it, or a server that was restored has given both again.
func (p *pass[O, W]) inPlace(ctx context.Context) *verdict {
	s := p.o.State()
	away, err := p.elsewhere(ctx, p.found)
	if err != nil {
		return p.fail(err)
	}
	if !away {
		return nil
	}
	in := p.found.In[0]
	if in.ID == s.Parent.ID || in.Key.Name != "" && in.Key.Name == s.Parent.Key {
		return p.fail(&waiting{fmt.Sprintf("waiting for %s, in which %q was recorded to lie: the server shows something else under that id or that name", placeName(s.Parent.Key, s.Parent.ID), s.Key)})
	}
	return stop(stalled(v1alpha1.ReasonAlreadyExists, fmt.Sprintf(
		"%q (id %s) lies in %s, recorded is %s: somebody has moved it, or the server was restored and this is another one; nothing is written: name what it lies in, or delete this resource (with deletionPolicy: Retain) and apply it again",
		p.found.Key.Name, p.found.ID, placeName(in.Key.Name, in.ID), placeName(s.Parent.Key, s.Parent.ID))))
}

// placeName names what an object lies in; not all that is found tells the name of that.
func placeName(name, id string) string {
	if name == "" {
		return "what has id " + id
	}
	return fmt.Sprintf("%q (id %s)", name, id)
}
