// What is ours: two independent attributes that agree, or nothing.

package engine

import (
	"context"
	"fmt"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// recorded gives a pass the record of a customer acme with id 7.
func recorded(p *customerPass, guid string) {
	s := p.o.State()
	s.ID, s.GUID, s.Key, s.ServerGUID = "7", guid, "acme", "server"
}

func TestProven(t *testing.T) {
	mine, theirs := markOf(installation, ownUID), markOf(installation, siblingUID)
	none := Key{Name: "another"}
	acme := Key{Name: "acme"}
	for name, c := range map[string]struct {
		guid  string // recorded
		found Found[sample]
		yes   bool
	}{
		"id and GUID":                        {"g", Found[sample]{Identity: Identity{"7", "g"}, Key: none}, true},
		"id and GUID, marked by others":      {"g", Found[sample]{Identity: Identity{"7", "g"}, Key: none, Mark: "client-4711"}, true},
		"GUID and key, the id has moved":     {"g", Found[sample]{Identity: Identity{"8", "g"}, Key: acme}, true},
		"id and key, of a kind without GUID": {"", Found[sample]{Identity: Identity{"7", ""}, Key: acme}, true},
		"id and key, none recorded":          {"", Found[sample]{Identity: Identity{"7", "g"}, Key: acme}, true},
		"id and key, none told":              {"g", Found[sample]{Identity: Identity{"7", ""}, Key: acme}, true},
		"our mark and the id, GUID reset":    {"g", Found[sample]{Identity: Identity{"7", "h"}, Key: none, Mark: mine}, true},
		"our mark and the GUID":              {"g", Found[sample]{Identity: Identity{"8", "g"}, Key: none, Mark: mine}, true},
		"our mark and the key":               {"g", Found[sample]{Identity: Identity{"8", "h"}, Key: acme, Mark: mine}, true},
		"nothing":                            {"g", Found[sample]{Identity: Identity{"8", "h"}, Key: none}, false},
		"the id alone":                       {"g", Found[sample]{Identity: Identity{"7", "h"}, Key: none}, false},
		"the id alone, without GUIDs":        {"", Found[sample]{Identity: Identity{"7", ""}, Key: none}, false},
		"the GUID alone":                     {"g", Found[sample]{Identity: Identity{"8", "g"}, Key: none}, false},
		"the key alone":                      {"g", Found[sample]{Identity: Identity{"8", "h"}, Key: acme}, false},
		"the key alone, without GUIDs":       {"", Found[sample]{Identity: Identity{"8", ""}, Key: acme}, false},
		"our mark alone":                     {"g", Found[sample]{Identity: Identity{"8", "h"}, Key: none, Mark: mine}, false},
		"id and key, but another GUID":       {"g", Found[sample]{Identity: Identity{"7", "h"}, Key: acme}, false},
		"the same, marked by a sibling":      {"g", Found[sample]{Identity: Identity{"7", "h"}, Key: acme, Mark: theirs}, false},
		"the name in another place":          {"", Found[sample]{Identity: Identity{"7", ""}, Key: Key{Identity{"2", "x"}, "acme"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := lone(t, nil, siblingCustomer())
			recorded(p, c.guid)
			NewWithT(t).Expect(p.proven(&c.found)).To(Equal(c.yes))
		})
	}
}

// answering is a kind whose server answers with whatever it likes.
type answering struct {
	Kind[*v1alpha1.PleskCustomer, sample]
	found Found[sample]
}

func (a answering) Find(context.Context, xmlapi.Doer, Handle) (*Found[sample], error) {
	return &a.found, nil
}

// What is found is what was asked for: by its id, its GUID, its mark, or one of its names. Another object is no answer.
func TestAnswersAboutOthersAreNoAnswers(t *testing.T) {
	asked := Handle{Identity: Identity{"7", "g"}, Mark: markOf(installation, ownUID), Key: Key{Name: "new"}, Was: Key{Name: "old"}}
	other := Found[sample]{Identity: Identity{"8", "h"}, Mark: markOf(installation, siblingUID), Key: Key{Name: "other"}}
	for name, c := range map[string]struct {
		asked  Handle
		differ func(*Found[sample])
		answer bool
	}{
		"the id":                           {asked, func(f *Found[sample]) { f.ID = "7" }, true},
		"the GUID":                         {asked, func(f *Found[sample]) { f.GUID = "g" }, true},
		"the mark":                         {asked, func(f *Found[sample]) { f.Mark = asked.Mark }, true},
		"the wanted name":                  {asked, func(f *Found[sample]) { f.Key.Name = "new" }, true},
		"the recorded name":                {asked, func(f *Found[sample]) { f.Key.Name = "old" }, true},
		"nothing":                          {asked, func(*Found[sample]) {}, false},
		"the name, in another place":       {asked, func(f *Found[sample]) { f.Key = Key{Identity{"2", "x"}, "new"} }, false},
		"no GUID, none was asked for":      {Handle{Key: asked.Key}, func(f *Found[sample]) { f.GUID = "" }, false},
		"no mark, none was asked for":      {Handle{Key: asked.Key}, func(f *Found[sample]) { f.Mark = "" }, false},
		"the name, and nothing else known": {Handle{Key: asked.Key}, func(f *Found[sample]) { f.Key.Name = "new" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p, found := lone(t, nil, siblingCustomer()), other
			c.differ(&found)
			p.kind = answering{found: found}
			got, v := p.lookUp(t.Context(), c.asked)
			if c.answer {
				g.Expect(v).To(BeNil())
				g.Expect(*got).To(Equal(found))
				return
			}
			g.Expect(got).To(BeNil())
			g.Expect(v.reason).To(Equal(v1alpha1.ReasonTransientError))
			g.Expect(v.message).To(ContainSubstring("nothing is concluded"))
		})
	}
}

// While a create is pending, id and GUID are what the answer to an add has told: both at once may be another object's.
func TestProvenWhileACreateIsPending(t *testing.T) {
	mine, none, acme := markOf(installation, ownUID), Key{Name: "another"}, Key{Name: "acme"}
	for name, c := range map[string]struct {
		found Found[sample]
		yes   bool
	}{
		"id and GUID":               {Found[sample]{Identity: Identity{"7", "g"}, Key: none}, false},
		"id, GUID and key":          {Found[sample]{Identity: Identity{"7", "g"}, Key: acme}, true},
		"GUID and key":              {Found[sample]{Identity: Identity{"8", "g"}, Key: acme}, true},
		"id, GUID and our mark":     {Found[sample]{Identity: Identity{"7", "g"}, Key: none, Mark: mine}, true},
		"key and our mark":          {Found[sample]{Identity: Identity{"8", "h"}, Key: acme, Mark: mine}, true},
		"id and GUID, others' mark": {Found[sample]{Identity: Identity{"7", "g"}, Key: none, Mark: "client-4711"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := lone(t, nil)
			recorded(p, "g")
			p.o.Status.Pending = &v1alpha1.PendingWrite{Key: "acme"}
			NewWithT(t).Expect(p.proven(&c.found)).To(Equal(c.yes))
		})
	}
}

// Over all combinations: proven is what agrees in two attributes and whose GUID, where both sides know one, agrees or was reset
// on an object that bears our mark. Without a record, or a record of whose server nobody knows, nothing is.
func TestProvenInAllCombinations(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, nil)
	for i := range 1 << 5 {
		bit := func(n int) bool { return i&(1<<n) != 0 }
		id, guid, key, mark, known := bit(0), bit(1), bit(2), bit(3), bit(4)
		found := Found[sample]{Identity: Identity{"8", "h"}, Key: Key{Name: "another"}, Mark: "client-4711"}
		agree := 0
		for _, a := range []struct {
			yes bool
			set func()
		}{
			{id, func() { found.ID = "7" }}, {guid && known, func() { found.GUID = "g" }},
			{key, func() { found.Key.Name = "acme" }}, {mark, func() { found.Mark = markOf(installation, ownUID) }},
		} {
			if a.yes {
				a.set()
				agree++
			}
		}
		refuted := known && !guid && !mark
		recorded(p, "g")
		if !known {
			p.o.Status.GUID = ""
		}
		says := fmt.Sprintf("id %t, GUID %t (known %t), key %t, mark %t", id, guid, known, key, mark)
		g.Expect(p.proven(&found)).To(Equal(agree >= 2 && !refuted), says)
		p.o.Status.ServerGUID = ""
		g.Expect(p.proven(&found)).To(BeFalse(), "of no known server: "+says)
		recorded(p, p.o.Status.GUID)
		p.o.Status.ID = ""
		g.Expect(p.proven(&found)).To(BeFalse(), "nothing recorded: "+says)
	}
}

func TestBegun(t *testing.T) {
	mine := markOf(installation, ownUID)
	within := Identity{"2", "x"}
	for name, c := range map[string]struct {
		pending *v1alpha1.PendingWrite
		found   Found[sample]
		yes     bool
	}{
		"our mark and the name":                         {&v1alpha1.PendingWrite{Key: "acme"}, Found[sample]{Key: Key{Name: "acme"}, Mark: mine}, true},
		"our mark and the name that is wanted now":      {&v1alpha1.PendingWrite{Key: "acme"}, Found[sample]{Key: Key{Name: "acme-2"}, Mark: mine}, true},
		"our mark and the name in its place":            {&v1alpha1.PendingWrite{Key: "acme", Within: within.published()}, Found[sample]{Key: Key{within, "acme"}, Mark: mine}, true},
		"our mark and the name in another place":        {&v1alpha1.PendingWrite{Key: "acme", Within: within.published()}, Found[sample]{Key: Key{Identity{"2", "y"}, "acme"}, Mark: mine}, false},
		"our mark and another name":                     {&v1alpha1.PendingWrite{Key: "acme"}, Found[sample]{Key: Key{Name: "birch"}, Mark: mine}, false},
		"the name alone":                                {&v1alpha1.PendingWrite{Key: "acme"}, Found[sample]{Key: Key{Name: "acme"}}, false},
		"the name, marked by a sibling":                 {&v1alpha1.PendingWrite{Key: "acme"}, Found[sample]{Key: Key{Name: "acme"}, Mark: markOf(installation, siblingUID)}, false},
		"the name, marked by a billing system":          {&v1alpha1.PendingWrite{Key: "acme"}, Found[sample]{Key: Key{Name: "acme"}, Mark: "client-4711"}, false},
		"our mark and the name, but the server refused": {&v1alpha1.PendingWrite{Key: "acme", Outcome: v1alpha1.PendingRefused}, Found[sample]{Key: Key{Name: "acme"}, Mark: mine}, false},
		"our mark and the name, and nobody knows":       {&v1alpha1.PendingWrite{Key: "acme", Outcome: v1alpha1.PendingUnclear}, Found[sample]{Key: Key{Name: "acme"}, Mark: mine}, true},
		"our mark and the name, but nothing was begun":  {nil, Found[sample]{Key: Key{Name: "acme"}, Mark: mine}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := lone(t, nil, siblingCustomer())
			p.key, p.o.Status.Pending = Key{Name: "acme-2"}, c.pending
			NewWithT(t).Expect(p.begun(&c.found)).To(Equal(c.yes))
		})
	}
}

// An object that a create was to replace may not have been gone: the server's answer was wrong, or a backup has brought it back.
func TestWhatACreateWasToReplace(t *testing.T) {
	within := Identity{"2", "x"}
	acme := Key{within, "acme"}
	for name, c := range map[string]struct {
		previous Identity
		found    Found[sample]
		yes      bool
	}{
		"id and key":                        {Identity{ID: "7"}, Found[sample]{Identity: Identity{ID: "7"}, Key: acme}, true},
		"GUID and key":                      {Identity{"7", "g"}, Found[sample]{Identity: Identity{"8", "g"}, Key: acme}, true},
		"the key alone":                     {Identity{ID: "7"}, Found[sample]{Identity: Identity{ID: "8"}, Key: acme}, false},
		"the id alone":                      {Identity{ID: "7"}, Found[sample]{Identity: Identity{ID: "7"}, Key: Key{within, "birch"}}, false},
		"id and name, in another place":     {Identity{ID: "7"}, Found[sample]{Identity: Identity{ID: "7"}, Key: Key{Identity{"2", "y"}, "acme"}}, false},
		"id and key, but another GUID":      {Identity{"7", "g"}, Found[sample]{Identity: Identity{"7", "h"}, Key: acme}, false},
		"there was none, and what has none": {Identity{}, Found[sample]{Key: acme}, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p := lone(t, nil)
			recorded(p, "")
			s := p.o.State()
			s.ID, s.Key = "", "acme-2" // that the spec says by now
			s.Pending = &v1alpha1.PendingWrite{Key: "acme", Within: within.published(), Previous: c.previous.published()}
			p.restore(&c.found)
			g.Expect(s.Pending == nil).To(Equal(c.yes))
			g.Expect(p.proven(&c.found)).To(Equal(c.yes))
			if c.yes {
				g.Expect(Identity{s.ID, s.GUID}).To(Equal(c.previous))
			}
		})
	}
}

// Somebody else's mark over what is ours: two owners would overwrite each other forever. What was there when the object was adopted stays.
func TestTakenOver(t *testing.T) {
	for name, c := range map[string]struct {
		mark, adoptedWith string
		stops             bool
	}{
		"our mark":                               {markOf(installation, ownUID), "", false},
		"no mark":                                {"", "", false},
		"that of a resource long gone":           {markOf(installation, goneUID), "", false},
		"a sibling's":                            {markOf(installation, siblingUID), "", true},
		"another cluster's":                      {markOf("0f0f0f0f", goneUID), "", true},
		"a billing system's":                     {"client-4711", "", true},
		"a billing system's, adopted with":       {"client-4711", "client-4711", false},
		"a billing system's, adopted with other": {"client-4712", "client-4711", true},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p := lone(t, nil, siblingCustomer())
			recorded(p, "g")
			p.o.Status.ExternalID = c.adoptedWith
			p.found = &Found[sample]{Identity: Identity{"7", "g"}, Mark: c.mark}
			v := p.markConflict()
			g.Expect(v != nil).To(Equal(c.stops))
			if v != nil {
				g.Expect(v.reason).To(Equal(v1alpha1.ReasonOwnedByAnother))
				g.Expect(v.message).To(ContainSubstring(c.mark))
			}
			g.Expect(p.mayMark()).To(Equal(!c.stops && c.adoptedWith == ""), "another system's external id is never replaced")
		})
	}
}
