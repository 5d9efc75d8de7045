// Marks: whose is what an object bears.

package engine

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestBearer(t *testing.T) {
	alive := func(uid string) bool { return uid == ownUID || uid == siblingUID }
	for name, c := range map[string]struct {
		mark string
		who  bearer
	}{
		"none": {"", unmarked},
		"ours": {markOf(installation, ownUID), ours},
		"ours, before the installation's id was lost":                {markOf("0f0f0f0f", ownUID), ours},
		"a living resource's":                                        {markOf(installation, siblingUID), sibling},
		"that of a resource that is gone":                            {markOf(installation, goneUID), orphan},
		"another cluster's":                                          {markOf("0f0f0f0f", goneUID), otherOperator},
		"a living resource's, before the installation's id was lost": {markOf("0f0f0f0f", siblingUID), sibling},
		"a billing system's":                                         {"client-4711", foreign},
		"a billing system's, which looks like a UID":                 {ownUID, foreign},
		"ours within something else":                                 {"x" + markOf(installation, ownUID), foreign},
		"ours in other letters":                                      {"Plesk-Operator:" + installation + ":" + ownUID, foreign},
		"cut off":                                                    {markPrefix + installation, foreign},
		"the prefix alone":                                           {markPrefix, foreign},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(bearerOf(c.mark, installation, ownUID, alive)).To(Equal(c.who))
		})
	}
}

// Whether a resource lives is asked of the cluster, and of nobody else than this installation's resources.
func TestBearerAsksTheCluster(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, nil, siblingCustomer())
	g.Expect(p.bearer(markOf(installation, siblingUID))).To(Equal(sibling))
	g.Expect(p.bearer(markOf(installation, goneUID))).To(Equal(orphan))
	g.Expect(p.client.Delete(t.Context(), siblingCustomer())).To(Succeed())
	g.Expect(p.bearer(markOf(installation, siblingUID))).To(Equal(orphan))
}

func TestMarksBeforeTexts(t *testing.T) {
	g := NewWithT(t)
	mine := markOf(installation, ownUID)
	for _, mark := range []string{"", mine, markOf("0f0f0f0f", goneUID)} {
		for _, text := range []string{"", " ", "shop desk", "  two  blanks ", "line\nbreak", "a:b", "plesk-operator", "plesk-operator: what is it?", mine + "x"} {
			if mark == "" && text == mine+"x" {
				continue // looks like a mark, and is nobody's
			}
			m, rest := CutMark(WithMark(mark, text))
			g.Expect([]string{m, rest}).To(Equal([]string{mark, text}), "%q before %q", mark, text)
		}
	}
	m, rest := CutMark(WithMark(mine, "a description that the server has cut short")[:len(mine)+8])
	g.Expect([]string{m, rest}).To(Equal([]string{mine, "a descr"}))
}

// noted is what an object is whose mark stands in a text of the user's.
type noted struct {
	Text *string `plesk:"text"`
	Mark *string `plesk:"mark,mark=passing"`
}

// noting is a kind of which nothing is asked but what it wants.
type noting struct {
	Kind[*v1alpha1.PleskCustomer, noted]
}

func (noting) Desired(_ *v1alpha1.PleskCustomer, in Inputs) (Key, noted, error) {
	return Key{Name: "acme"}, noted{Text: new("desk"), Mark: &in.Mark}, nil
}

// A mark that passes is wanted by the create and by nothing else: what was found never gets one, and what bears ours loses it.
func TestMarkThatPasses(t *testing.T) {
	g := NewWithT(t)
	c := lone(t, nil, siblingCustomer())
	p := &pass[*v1alpha1.PleskCustomer, noted]{
		reconciler: &reconciler[*v1alpha1.PleskCustomer, noted]{Engine: c.Engine, kind: noting{}, kindName: c.kindName, self: c.self}, o: c.o, before: c.before,
	}
	mine := markOf(installation, ownUID)
	g.Expect(p.mark()).To(Equal(mine), "what is looked for")

	g.Expect(p.translate()).To(BeNil())
	g.Expect(*p.want.Mark).To(BeEmpty())
	g.Expect(p.creation()).To(HaveExactElements(Change{Field: "text", To: "desk"}))
	p.creating = true
	g.Expect(p.translate()).To(BeNil())
	g.Expect(*p.want.Mark).To(Equal(mine), "while it is being created")
	g.Expect(p.endCreate()).To(BeNil())
	g.Expect(*p.want.Mark).To(BeEmpty(), "once it is recorded")

	for name, there := range map[string]struct {
		mark    string
		changes []Change
	}{
		"none":                         {"", nil},
		"ours":                         {mine, []Change{{Field: "mark", From: mine, Mark: true}}},
		"of a resource that is gone":   {markOf(installation, goneUID), []Change{{Field: "mark", From: markOf(installation, goneUID), Mark: true}}},
		"a living resource's":          {markOf(installation, siblingUID), nil},
		"another cluster's":            {markOf("0f0f0f0f", goneUID), nil},
		"somebody else's, with a text": {"client-4711", nil},
	} {
		p.found = &Found[noted]{Mark: there.mark, Value: noted{Text: new("desk"), Mark: &there.mark}}
		g.Expect(p.differences()).To(Equal(there.changes), name)
	}

	// A mark that is gone proves nothing: the object is known by id and key, while it is renamed by either key.
	s := p.o.State()
	s.ID, s.Key, s.ServerGUID = "7", "old", "server"
	p.noteRename([]Change{{Field: "name", From: "old", To: "acme"}})
	g.Expect(s.RenamedTo).To(Equal("acme"))
	g.Expect(p.proven(&Found[noted]{Identity: Identity{ID: "7"}, Key: Key{Name: "acme"}})).To(BeTrue())

	// What was permitted with the create needs no permit of its own; what else is written does, and so does an adoption.
	taken := []Change{{Field: "mark", From: mine, Mark: true}}
	g.Expect(p.endsCreation(taken)).To(BeTrue())
	g.Expect(p.endsCreation(append(taken, Change{Field: "text", To: "desk"}))).To(BeFalse())
	p.adoption = &adoption{foreign: true}
	g.Expect(p.endsCreation(taken)).To(BeFalse())
	g.Expect(c.endsCreation([]Change{{Field: "externalID", To: mine, Mark: true}})).To(BeFalse(), "a mark that stays is a change like others")
}

// A mark that lasts is given with the create, and compared with nothing after that.
func TestMarkThatLasts(t *testing.T) {
	g := NewWithT(t)
	type given struct {
		Text *string `plesk:"text"`
		Mark *string `plesk:"mark,mark=lasting"`
	}
	marked, passing := marking[given]()
	g.Expect([]bool{marked, passing}).To(Equal([]bool{true, false}))
	want := given{Text: new("desk"), Mark: new("ours")}
	g.Expect(Diff(want, given{Text: new("desk"), Mark: new("")})).To(BeEmpty())
	g.Expect(Diff(want, given{})).To(HaveExactElements(Change{Field: "text", To: "desk"}))
}
