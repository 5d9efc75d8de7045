// What an object lies in: the spec may name another one, and the one that it names may be replaced.

package engine

import (
	"context"
	"testing"

	. "github.com/onsi/gomega"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
)

func TestParentReplaced(t *testing.T) {
	record := func(reference, id, guid, key string) v1alpha1.RecordedParent {
		return v1alpha1.RecordedParent{ObjectIdentity: v1alpha1.ObjectIdentity{ID: id, GUID: guid}, Key: key, Reference: reference}
	}
	const site = "PleskSubscription/acme-example"
	for name, c := range map[string]struct {
		was, now v1alpha1.RecordedParent
		replaced bool
	}{
		"the same":                                     {record(site, "1", "g", "acme.example"), record(site, "1", "g", "acme.example"), false},
		"renamed":                                      {record(site, "1", "g", "acme.example"), record(site, "1", "g", "birch.example"), false},
		"another one by the same resource":             {record(site, "1", "g", "acme.example"), record(site, "2", "h", "birch.example"), true},
		"another resource":                             {record(site, "1", "g", "acme.example"), record("PleskSubscription/birch", "2", "h", "birch.example"), false},
		"by its key, the same":                         {record("", "1", "g", "acme.example"), record("", "1", "g", "acme.example"), false},
		"by its key, another one under that key":       {record("", "1", "g", "acme.example"), record("", "2", "h", "acme.example"), true},
		"by another key":                               {record("", "1", "g", "acme.example"), record("", "2", "h", "heir.example"), false},
		"by its key, and then by a resource":           {record("", "1", "g", "acme.example"), record(site, "2", "h", "heir.example"), false},
		"by its key, its id given again":               {record("", "1", "g", "acme.example"), record("", "1", "h", "acme.example"), true},
		"by a resource, whose GUID was reset":          {record(site, "1", "g", "acme.example"), record(site, "1", "h", "acme.example"), false},
		"without GUIDs, another one by that reference": {record(site, "1", "", "shop"), record(site, "2", "", "store"), true},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(sameReference(c.was, c.now) && !sameParent(c.was, c.now)).To(Equal(c.replaced))
		})
	}
}

// Where an object was found is recorded while that is where the spec has it, or where a move of ours may have left it, and not while the reference leads
// to another parent than it did.
func TestWhereItWasFound(t *testing.T) {
	place := func(guid string) *v1alpha1.RecordedParent {
		return &v1alpha1.RecordedParent{ObjectIdentity: v1alpha1.ObjectIdentity{GUID: guid}}
	}
	for name, c := range map[string]struct {
		in             string
		moving, wanted *v1alpha1.RecordedParent
		replaced       bool
		parent, still  *v1alpha1.RecordedParent
	}{
		"where it was":                           {"old", nil, place("old"), false, place("old"), nil},
		"moved as the spec has it":               {"new", place("new"), place("new"), false, place("new"), nil},
		"not moved yet":                          {"old", place("new"), place("new"), false, place("old"), place("new")},
		"moved, and the spec went back":          {"new", place("new"), place("old"), false, place("new"), nil},
		"not moved, and the spec went back":      {"old", place("new"), place("old"), false, place("old"), nil},
		"in what the reference leads to by now":  {"new", nil, place("new"), true, place("old"), nil},
		"somewhere else, moved by somebody else": {"third", place("new"), place("new"), false, place("old"), place("new")},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p := lone(t, clock.RealClock{})
			p.o.Status.Parent, p.o.Status.MovingTo, p.parentNow = place("old"), c.moving, c.wanted
			if c.replaced {
				p.parentReplaced = stop(stalled(v1alpha1.ReasonParentReplaced, ""))
			}
			p.noteWhere(&Found[sample]{In: []Owner{{Identity: Identity{GUID: c.in}}}})
			g.Expect(p.o.Status.Parent).To(Equal(c.parent))
			g.Expect(p.o.Status.MovingTo).To(Equal(c.still))
		})
	}
}

// Those who refer to an object without a GUID wait until it is known where it lies.
func TestWhereItLiesWakesWhatRefersToIt(t *testing.T) {
	g := NewWithT(t)
	was := siblingCustomer()
	is := was.DeepCopy()
	is.Status.Parent = &v1alpha1.RecordedParent{Key: "acme.example"}
	g.Expect(identityChanged().Update(event.UpdateEvent{ObjectOld: was, ObjectNew: is})).To(BeTrue())
	g.Expect(identityChanged().Update(event.UpdateEvent{ObjectOld: is, ObjectNew: is.DeepCopy()})).To(BeFalse())
}

// The parent's own pass may record another identity while a pass below it is under way, and what is recorded then is the parent's beyond doubt.
func TestParentThatMovedWhileAPassWasUnderWay(t *testing.T) {
	for name, c := range map[string]struct {
		recorded Identity
		proven   bool
		reason   string
	}{
		"as it was resolved":        {Identity{"1", "g"}, true, ""},
		"not what is on the server": {Identity{"1", "g"}, false, v1alpha1.ReasonDependencyNotReady},
		"another id":                {Identity{"2", "g"}, true, v1alpha1.ReasonDependencyNotReady},
		"another GUID":              {Identity{"1", "h"}, true, v1alpha1.ReasonDependencyNotReady},
	} {
		t.Run(name, func(t *testing.T) {
			parent := siblingCustomer()
			parent.Status.ID, parent.Status.GUID = c.recorded.ID, c.recorded.GUID
			p := lone(t, clock.RealClock{}, parent)
			at := Mention{Path: "spec.parentRef", Kind: p.kindName, Name: parent.Name}
			p.self.refs = []reference{{field: at.Path, parent: true, get: func(client.Object) []Mention { return []Mention{at} }}}
			p.self.proves = func(context.Context, *session.Witness, v1alpha1.Object) (bool, error) { return c.proven, nil }
			p.inputs.refs = map[string]Resolved{at.Path: {Identity: Identity{"1", "g"}}}
			reason := ""
			if v := p.verifyParent(t.Context()); v != nil {
				reason = v.reason
			}
			NewWithT(t).Expect(reason).To(Equal(c.reason))
		})
	}
}

// What comes with its parent is known by that: an id alone, with a GUID on one side only, is another's.
func TestParentsOfWhatComesWithThem(t *testing.T) {
	for name, c := range map[string]struct {
		recorded, now Identity
		forgets       bool
		around        string
	}{
		"the same":                   {Identity{"1", "g"}, Identity{"1", "g"}, false, ""},
		"another id, the same GUID":  {Identity{"1", "g"}, Identity{"2", "g"}, false, ""},
		"another GUID":               {Identity{"1", "g"}, Identity{"1", "h"}, true, ""},
		"without GUIDs, the same":    {Identity{"1", ""}, Identity{"1", ""}, false, "s"},
		"without GUIDs, another one": {Identity{"1", ""}, Identity{"2", ""}, true, "s"},
		"one without a GUID":         {Identity{"1", "g"}, Identity{"1", ""}, true, "s"},
		"one with a GUID":            {Identity{"1", ""}, Identity{"1", "g"}, true, ""},
		"nothing recorded":           {Identity{}, Identity{"1", ""}, false, "s"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p := lone(t, clock.RealClock{})
			p.self.implicit = true
			p.self.refs = []reference{{field: "spec.siteRef", parent: true, get: func(client.Object) []Mention { return []Mention{{Path: "spec.siteRef"}} }}}
			p.inputs.refs = map[string]Resolved{"spec.siteRef": {Identity: c.now, around: "s"}}
			p.o.Status.ID, p.o.Status.GUID, p.o.Status.Key = c.recorded.ID, c.recorded.GUID, "acme"
			g.Expect(p.sameParent()).To(BeNil())
			forgot := p.o.Status.Key == ""
			g.Expect(forgot).To(Equal(c.forgets))
			g.Expect(landmarkOf(&v1alpha1.CommonStatus{Parent: p.o.Status.Parent})).To(Equal(c.around))
		})
	}
}

// What comes with the server is the server's: known by its GUID, and not for tenants who may not have what was there before them.
func TestWhatComesWithTheServer(t *testing.T) {
	const guid, another = "8f5c2a30-1b7e-4f6d-9a51-3d2c4b5a6978", "0b1c2d3e-4f50-4a6b-8c7d-8e9fa0b1c2d3"
	for recorded, forgets := range map[string]bool{"": false, guid: false, another: true} {
		g := NewWithT(t)
		p := lone(t, clock.RealClock{})
		p.self.implicit, p.self.ofServer, p.server = true, true, &v1alpha1.PleskServer{}
		p.server.Status.GUID = guid
		g.Expect(p.parent().Identity).To(Equal(Identity{guid, guid}))
		p.o.Status.ID, p.o.Status.GUID, p.o.Status.Key = recorded, recorded, "settings"
		g.Expect(p.sameParent()).To(BeNil())
		forgot := p.o.Status.Key == ""
		g.Expect(forgot).To(Equal(forgets), recorded)

		p.o.Status.ID, p.o.Status.GUID, p.o.Status.Key = "", "", "settings"
		p.access, p.key = &access{}, Key{Name: "settings"}
		p.found = &Found[sample]{Identity: Identity{guid, guid}, Key: p.key}
		v := p.own(t.Context())
		g.Expect(v).NotTo(BeNil())
		g.Expect(v.reason).To(Equal(v1alpha1.ReasonAlreadyExists))
		g.Expect(p.found).To(BeNil(), "nothing of it is shown")
	}
}

func TestKindsThatComeWithTheServer(t *testing.T) {
	g := NewWithT(t)
	e := lone(t, clock.RealClock{}).Engine
	e.kinds = nil
	g.Expect(Add(e, bystander{})).To(Succeed())
	g.Expect(e.kinds[0].implicit && e.kinds[0].ofServer).To(BeTrue())
}

// bystander is a kind that makes nothing and refers to nothing.
type bystander struct {
	Kind[*v1alpha1.PleskCustomer, sample]
}

func (bystander) Refs() []Ref[*v1alpha1.PleskCustomer] { return nil }
func (bystander) Roles() []v1alpha1.ServerRole         { return ForAdministrators }
