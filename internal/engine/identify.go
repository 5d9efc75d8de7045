// Identity: looking an object up, and what proves that it is ours. Two independent attributes have to agree: the handle, and one of
// GUID, mark and recorded key.

package engine

import (
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// find looks the object up. Not knowing is an error and ends the pass: nothing is concluded from it.
func (p *pass[O, W]) find(ctx context.Context) *verdict {
	if p.listed {
		return p.findListed(ctx)
	}
	s := p.o.State()
	h := Handle{Identity: Identity{ID: s.ID, GUID: s.GUID}, Mark: p.mark(), Key: p.key, Was: recordedKey(s)}
	if !onServer(p.o) && !controllerutil.ContainsFinalizer(p.o, v1alpha1.Finalizer) {
		h.Mark = "" // nothing was ever begun, so nothing bears it
	}
	if p.self.implicit {
		h.Identity = p.parent().Identity
	}
	found, v := p.lookUp(ctx, h)
	away := false
	if v == nil && found != nil && !p.self.implicit && p.proven(found) {
		var err error
		if away, err = p.elsewhere(ctx, found); err != nil {
			return p.fail(err)
		}
	}
	if v == nil && found != nil && h.ID != "" && !p.self.implicit && (away || !p.proven(found)) {
		// The recorded id is another object's by now: the server was restored, or has given the id again.
		h.Identity = Identity{}
		found, v = p.lookUp(ctx, h)
	}
	if v != nil {
		return v
	}
	p.found = found
	if found != nil {
		found.Value = p.normal(found.Value)
		p.restore(found)
		if p.self.implicit || p.proven(found) {
			if s.ID != "" && !p.self.implicit {
				p.noteWhere(found)
			}
			p.noteKey(found.Key) // until a rename is done, those who refer to the object need its present name
			if found.Key.same(p.key) {
				s.RenamedTo = ""
			}
		}
	}
	return nil
}

// mark is what Create leaves on the object, "" for kinds whose objects bear none.
func (p *pass[O, W]) mark() string {
	if marked, _ := marking[W](); !marked {
		return ""
	}
	return markOf(p.secrets.id, string(p.o.GetUID()))
}

// wantedMark is the mark that is to stand on the object now: one that passes is wanted by nothing but the create itself, so it is never
// put on what was found.
func (p *pass[O, W]) wantedMark() string {
	if p.passing() && !p.creating {
		return ""
	}
	return p.mark()
}

// passing reports whether objects of the kind bear our mark only while they are being created.
func (p *pass[O, W]) passing() bool {
	_, passing := marking[W]()
	return passing
}

// lookUp asks the server for the object. What it answers has to be what was asked for: by the id, the mark, or the key.
func (p *pass[O, W]) lookUp(ctx context.Context, h Handle) (*Found[W], *verdict) {
	h.Spoken = p.spoken
	found, err := p.kind.Find(ctx, p.doer, h)
	if err != nil {
		return nil, p.fail(err)
	}
	if found != nil && found.ID != h.ID && (h.GUID == "" || found.GUID != h.GUID) &&
		(h.Mark == "" || found.Mark != h.Mark) && !found.Key.same(h.Key) && !found.Key.same(h.Was) {
		return nil, p.fail(&xmlapi.Error{Class: xmlapi.Transient, Operator: p.kindName, Operation: "find", Err: fmt.Errorf(
			"asked for %q, the server answered with %q (id %s): nothing is concluded from that", h.Key.Name, found.Key.Name, found.ID)})
	}
	if found != nil && h.GUID != "" && found.GUID != "" && found.GUID != h.GUID && !p.self.implicit {
		if v := p.confirmGUID(ctx, found); v != nil {
			return nil, v
		}
	}
	return found, nil
}

// confirmGUID asks for what bears a GUID that is not the recorded one: writes go by it. An object whose GUID was reset answers; another one
// that an answer has mixed up with ours is another one.
func (p *pass[O, W]) confirmGUID(ctx context.Context, found *Found[W]) *verdict {
	is, err := p.kind.Find(ctx, p.doer, Handle{Identity: Identity{ID: found.ID, GUID: found.GUID}})
	if err != nil {
		return p.fail(err)
	}
	if is == nil || is.ID != found.ID || is.GUID != found.GUID || is.Mark != found.Mark {
		return p.fail(&xmlapi.Error{Class: xmlapi.Transient, Operator: p.kindName, Operation: "find", Err: fmt.Errorf(
			"the server contradicts itself about %q (id %s, GUID %s): nothing is concluded from that", found.Key.Name, found.ID, found.GUID)})
	}
	return nil
}

// proven reports whether what was found is what the status has recorded. An object whose GUID was reset is ours still while it
// bears our mark; a mark or a name alone, or an id alone, proves nothing.
func (p *pass[O, W]) proven(found *Found[W]) bool {
	s := p.o.State()
	if s.ID == "" || s.ServerGUID == "" {
		return false
	}
	sameID, sameKey := found.ID == s.ID, found.Key.same(recordedKey(s)) || s.RenamedTo != "" && found.Key.same(renamedKey(s))
	knowGUIDs := s.GUID != "" && found.GUID != ""
	sameGUID := knowGUIDs && found.GUID == s.GUID
	switch {
	case p.bearer(found.Mark) == ours:
		return sameID || sameGUID || sameKey
	case s.Pending != nil && !sameKey:
		return false // id and GUID are from the answer to an add, which may have told another object's: they are one attribute
	case knowGUIDs:
		return sameGUID && (sameID || sameKey)
	}
	return sameID && sameKey
}

// begunKey is the key of what a create was begun for.
func begunKey(w *v1alpha1.PendingWrite) Key { return Key{Within: identityOf(w.Within), Name: w.Key} }

// begun reports whether what was found is what a create of ours was begun for and never confirmed: it has the name, and our mark. What bears
// no mark is adopted under the adoption policy only, as anybody may have made it meanwhile. What shows nothing but its name is ours if it
// was not there before: no policy could tell more, and it is written once more.
func (p *pass[O, W]) begun(found *Found[W]) bool {
	s := p.o.State()
	if p.opaque() {
		return p.begunHere(found)
	}
	return s.Pending != nil && s.Pending.Outcome != v1alpha1.PendingRefused && p.bearer(found.Mark) == ours &&
		(found.Key.same(begunKey(s.Pending)) || found.Key.same(p.key))
}

// restore brings back the record of an object that a create was to replace: the server said that it was gone, and it is there after all.
// Id or GUID, and the name, say whose it is.
func (p *pass[O, W]) restore(found *Found[W]) {
	s := p.o.State()
	if s.ID != "" || s.Pending == nil {
		return
	}
	previous := identityOf(s.Pending.Previous)
	if previous.ID != "" && found.same(previous) && found.Key.same(begunKey(s.Pending)) {
		createRefused(s)
		p.noteKey(found.Key)
	}
}

// bearer tells whose mark an object bears. A resource that cannot be looked for counts as living.
func (p *pass[O, W]) bearer(mark string) bearer {
	return bearerOf(mark, p.secrets.id, string(p.o.GetUID()), func(uid string) bool {
		same, err := p.matching(context.Background(), "", indexUID, uid)
		return err != nil || len(same) > 0
	})
}
