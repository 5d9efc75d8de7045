// Sameness: when two identities, keys and links are of one thing.

package engine

import (
	"fmt"
	"testing"

	. "github.com/onsi/gomega"
)

func TestSameIdentity(t *testing.T) {
	for name, c := range map[string]struct {
		a, b Identity
		same bool
	}{
		"none":                            {Identity{}, Identity{}, true},
		"both":                            {Identity{"7", "g"}, Identity{"7", "g"}, true},
		"the id has moved":                {Identity{"7", "g"}, Identity{"8", "g"}, true},
		"the id was given again":          {Identity{"7", "g"}, Identity{"7", "h"}, false},
		"one does not know the GUID":      {Identity{"7", "g"}, Identity{"7", ""}, true},
		"one does not know it, other ids": {Identity{"7", "g"}, Identity{"8", ""}, false},
		"ids alone":                       {Identity{ID: "7"}, Identity{ID: "8"}, false},
		"GUIDs alone":                     {Identity{GUID: "g"}, Identity{GUID: "g"}, true},
		"a GUID and none":                 {Identity{GUID: "g"}, Identity{}, false},
		"an id and none":                  {Identity{ID: "7"}, Identity{}, false},
		"an id and a GUID":                {Identity{ID: "7"}, Identity{GUID: "g"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(c.a.same(c.b)).To(Equal(c.same))
			g.Expect(c.b.same(c.a)).To(Equal(c.same))
		})
	}
}

func TestSameKey(t *testing.T) {
	site := Identity{"7", "g"}
	for name, c := range map[string]struct {
		a, b Key
		same bool
	}{
		"names on the server":              {Key{Name: "acme"}, Key{Name: "acme"}, true},
		"another name":                     {Key{Name: "acme"}, Key{Name: "birch"}, false},
		"in one place":                     {Key{site, "info"}, Key{site, "info"}, true},
		"in one place whose id has moved":  {Key{site, "info"}, Key{Identity{"8", "g"}, "info"}, true},
		"in another place with that id":    {Key{site, "info"}, Key{Identity{"7", "h"}, "info"}, false},
		"in another place without GUIDs":   {Key{Identity{ID: "7"}, "info"}, Key{Identity{ID: "8"}, "info"}, false},
		"another name in one place":        {Key{site, "info"}, Key{site, "sales"}, false},
		"in a place, and on the server":    {Key{site, "info"}, Key{Name: "info"}, false},
		"in a place known by GUID, and on": {Key{Identity{GUID: "g"}, "info"}, Key{Name: "info"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(c.a.same(c.b)).To(Equal(c.same))
			g.Expect(c.b.same(c.a)).To(Equal(c.same))
		})
	}
}

// Who claims the same has the same index; who claims something else has not.
func TestKeyIndex(t *testing.T) {
	g := NewWithT(t)
	key := Key{Identity{"7", "g"}, "info"}
	g.Expect(Key{Identity{"8", "g"}, "info"}.index()).To(Equal(key.index()), "the place's id has moved")
	g.Expect(Key{Identity{"7", ""}, "info"}.index()).To(Equal(Key{Identity{"7", ""}, "info"}.index()))
	for _, other := range []Key{
		{Name: "info"}, {Identity{"7", "h"}, "info"}, {Identity{"7", "g"}, "sales"}, {Identity{GUID: "gi"}, "nfo"}, {Name: "ginfo"},
	} {
		g.Expect(other.index()).NotTo(Equal(key.index()), "%+v", other)
	}
}

func TestSameLink(t *testing.T) {
	for name, c := range map[string]struct {
		a, b *Link
		same bool
	}{
		"by GUID, whatever the rest":            {link("7", "g", "acme"), link("8", "g", "birch"), true},
		"by GUID, although the rest agrees":     {link("7", "g", "acme"), link("7", "h", "acme"), false},
		"by id where one does not know a GUID":  {link("7", "g", "acme"), link("7", "", "birch"), true},
		"by id, although the names agree":       {link("7", "", "acme"), link("8", "g", "acme"), false},
		"by key where one knows nothing else":   {link("7", "g", "acme"), link("", "", "acme"), true},
		"by key, another":                       {link("7", "g", "acme"), link("", "", "birch"), false},
		"by key where each knows another thing": {link("7", "", "acme"), link("", "g", "acme"), true},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(c.a.Same(*c.b)).To(Equal(c.same))
			g.Expect(c.b.Same(*c.a)).To(Equal(c.same))
		})
	}
	NewWithT(t).Expect(fmt.Sprint(link("7", "g", "acme"))).To(Equal("acme"), "people know names, not ids")
}
