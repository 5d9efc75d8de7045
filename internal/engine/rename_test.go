// Renames of what is known by id and name alone.

package engine

import (
	"testing"

	. "github.com/onsi/gomega"
)

// What has neither GUID nor mark is known by id and name. While its name changes, either one is the recorded one.
func TestRenamedWithoutGUIDAndMark(t *testing.T) {
	g := NewWithT(t)
	p := passOver(account{Login: new("grace")})
	database := Identity{ID: "3"}
	s := p.o.State()
	s.ID, s.ServerGUID, s.Key, s.Within = "7", "server", "ada", database.published()
	found := func(id, login string) *Found[account] {
		return &Found[account]{Identity: Identity{ID: id}, Key: Key{Within: database, Name: login}}
	}
	g.Expect(p.proven(found("7", "ada"))).To(BeTrue())
	g.Expect(p.proven(found("7", "grace"))).To(BeFalse(), "the id was given again: nobody has begun a rename")

	g.Expect(p.translate()).To(BeNil())
	p.noteRename([]Change{{Field: "login", From: "ada", To: "grace"}})
	g.Expect(p.unsaved).To(BeTrue(), "saved before it is written")
	g.Expect(p.proven(found("7", "ada"))).To(BeTrue(), "a crash came before the write")
	g.Expect(p.proven(found("7", "grace"))).To(BeTrue(), "a crash came after it")
	g.Expect(p.proven(found("8", "grace"))).To(BeFalse())
	g.Expect(p.proven(&Found[account]{Identity: Identity{ID: "7"}, Key: Key{Within: Identity{ID: "4"}, Name: "grace"}})).To(BeFalse(), "in another database")

	for name, guid := range map[string]string{"with a GUID": "6f0a", "without": ""} {
		p := passOver(account{Login: new("grace")})
		s := p.o.State()
		s.ID, s.GUID, s.Key, s.Within = "7", guid, "ada", database.published()
		g.Expect(p.translate()).To(BeNil())
		p.noteRename([]Change{{Field: "login", From: "ada", To: "grace"}})
		noted := s.RenamedTo != ""
		g.Expect(noted).To(Equal(guid == ""), name)
		s.RenamedTo, s.Key = "", "grace"
		p.noteRename([]Change{{Field: "login", From: "ada", To: "grace"}})
		g.Expect(s.RenamedTo).To(BeEmpty(), "it has that name already")
	}
}
