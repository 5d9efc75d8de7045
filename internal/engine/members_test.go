// Members with secrets of their own: each value is followed by itself, is there when its member is to be made, and is generated then and not
// before. Members that nobody describes are contents.

package engine

import (
	"testing"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// club has members with passwords.
type club struct {
	Members   []string                 `plesk:"members"`
	Passwords map[string]xmlapi.Secret `plesk:"members,writeonly=later"`
}

// clubKind wants what it holds; its members' passwords are in Secrets of their names.
type clubKind struct {
	Kind[*v1alpha1.PleskCustomer, club]
	Maker[club]
	members  []string
	without  string // a member whose password is in no Secret
	generate bool
}

func (k clubKind) Desired(_ *v1alpha1.PleskCustomer, in Inputs) (Key, club, error) {
	w := club{Members: k.members, Passwords: map[string]xmlapi.Secret{}}
	for _, m := range k.members {
		if s := in.Secret("spec.members." + m); s != nil {
			w.Passwords[m] = *s
		}
	}
	return Key{Name: "club"}, w, nil
}

func (k clubKind) Secrets(*v1alpha1.PleskCustomer) []SecretUse {
	var out []SecretUse
	for _, m := range k.members {
		if m != k.without {
			u := use("spec.members."+m, m)
			u.Generate = k.generate
			out = append(out, u)
		}
	}
	return out
}

func (clubKind) NeedsSecrets(changes []Change) []string {
	var out []string
	for _, c := range changes {
		if m, ok := c.Member.(string); ok && c.To != "" {
			out = append(out, "spec.members."+m)
		}
	}
	return out
}

// passOverClub is a pass over a club, as far as no server is needed: its Secrets have been looked at.
func passOverClub(t *testing.T, kind clubKind, secrets *Secrets, inputs map[string]string) *pass[*v1alpha1.PleskCustomer, club] {
	t.Helper()
	o := &v1alpha1.PleskCustomer{}
	o.Namespace, o.UID = "shop", ownUID
	o.Status.ID, o.Status.Inputs = "7", inputs
	p := &pass[*v1alpha1.PleskCustomer, club]{
		reconciler: &reconciler[*v1alpha1.PleskCustomer, club]{Engine: &Engine{secrets: secrets}, kind: kind, self: &kindInfo{}},
		o:          o,
	}
	p.spoken = version.Oldest
	p.readSecrets(t.Context())
	g := NewWithT(t)
	g.Expect(p.lookAtSecrets()).To(BeNil())
	g.Expect(p.translate()).To(BeNil())
	return p
}

func TestSecretsOfMembersAreFollowedEachByItself(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t, secretNamed("ada", map[string]string{"password": "Mint-42-harbour"}), secretNamed("zoe", map[string]string{"password": "Lime-43-harbour"}))
	secrets, kind := secretsOver(t, c), clubKind{members: []string{"ada", "zoe"}}
	p := passOverClub(t, kind, secrets, nil)
	g.Expect(p.created()).To(BeEmpty(), "no create writes them")
	both := []Change{{Field: "members.ada", From: redacted, To: redacted, WriteOnly: true}, {Field: "members.zoe", From: redacted, To: redacted, WriteOnly: true}}
	g.Expect(writeOnlyChanges(p.want, p.inputChanged)).To(Equal(both))
	patch := Only(p.want, both[:1])
	g.Expect(patch.Passwords).To(HaveLen(1))
	g.Expect(patch.Passwords["ada"].Reveal()).To(Equal("Mint-42-harbour"))
	g.Expect(patch.Members).To(BeNil())
	p.noteInputs(anyPath)
	g.Expect(p.o.Status.Inputs).To(And(HaveLen(2), HaveKey("members.ada"), HaveKey("members.zoe")))

	changed := secretNamed("zoe", map[string]string{"password": "Plum-44-harbour"})
	g.Expect(c.Update(t.Context(), changed)).To(Succeed())
	again := passOverClub(t, kind, secrets, p.o.Status.Inputs)
	g.Expect(writeOnlyChanges(again.want, again.inputChanged)).To(Equal(both[1:]))
	g.Expect(Diff(again.want, club{Members: []string{"zoe", "ada"}})).To(BeEmpty(), "they cannot be read back")
}

// Old servers lack names of the protocol; those of members are none.
func TestMembersAreNoNamesOfTheProtocol(t *testing.T) {
	g := NewWithT(t)
	want := club{Passwords: map[string]xmlapi.Secret{"seo-redirect": "Mint-42-harbour"}}
	has, lacking := supported(want, version.Oldest)
	g.Expect(lacking).To(BeEmpty())
	g.Expect(has).To(Equal(want))
}

// What has not changed is read all the same for a member that has gone on the server.
func TestAValueIsThereForAMemberThatIsMadeAgain(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t, secretNamed("ada", map[string]string{"password": "Mint-42-harbour"}))
	secrets := secretsOver(t, c)
	applied := secrets.digestsOfValues(ownUID, map[string]xmlapi.Secret{"spec.members.ada": "Mint-42-harbour"})
	p := passOverClub(t, clubKind{members: []string{"ada"}}, secrets, applied)
	g.Expect(p.want.Passwords).To(BeEmpty(), "nothing has changed, so the pass has no need of it")
	missing := Diff(p.want, club{})
	g.Expect(p.lackSecrets(missing)).To(BeNil())
	changes, v := p.provideSecrets(t.Context(), missing)
	g.Expect(v).To(BeNil())
	g.Expect(changes).To(Equal(missing))
	g.Expect(p.want.Passwords["ada"].Reveal()).To(Equal("Mint-42-harbour"))

	other := []Change{{Field: "name", To: "club"}}
	same, v := p.provideSecrets(t.Context(), other)
	g.Expect(v).To(BeNil())
	g.Expect(same).To(Equal(other))
}

func TestAValueIsGeneratedWhenItsMemberIsMade(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t, secretNamed("ada", map[string]string{"password": "Mint-42-harbour"}, generated))
	secrets := secretsOver(t, c)
	applied := secrets.digestsOfValues(ownUID, map[string]xmlapi.Secret{"spec.members.ada": "Mint-42-harbour"})
	p := passOverClub(t, clubKind{members: []string{"ada", "zoe", "kit"}, generate: true}, secrets, applied)
	kitIsThere := Diff(p.want, club{Members: []string{"ada", "kit"}})
	g.Expect(p.lackSecrets(kitIsThere)).To(BeNil())
	changes, v := p.provideSecrets(t.Context(), kitIsThere)
	g.Expect(v).To(BeNil())
	g.Expect(changes).To(Equal(append(kitIsThere, Change{Field: "members.zoe", From: redacted, To: redacted, WriteOnly: true})))
	g.Expect(p.want.Passwords["zoe"].Reveal()).NotTo(BeEmpty())
	value, err := secrets.read(t.Context(), types.NamespacedName{Namespace: "shop", Name: "zoe"}, valueTypes...)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(value.Data["password"])).To(Equal(p.want.Passwords["zoe"].Reveal()))
	none, err := secrets.read(t.Context(), types.NamespacedName{Namespace: "shop", Name: "kit"}, valueTypes...)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(none).To(BeNil(), "who is there already has a password")
	p.noteInputs(anyPath)
	g.Expect(p.o.Status.Inputs).To(And(HaveLen(2), HaveKey("members.ada"), HaveKey("members.zoe")))
}

func TestNoMemberIsMadeWithoutAValue(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t)
	p := passOverClub(t, clubKind{members: []string{"ada"}}, secretsOver(t, c), nil)
	v := p.lackSecrets(Diff(p.want, club{}))
	g.Expect(v).NotTo(BeNil())
	g.Expect(v.reason).To(Equal(v1alpha1.ReasonSecretNotFound))
	g.Expect(v.message).To(ContainSubstring("spec.members.ada"))
	g.Expect(p.lackSecrets(Diff(p.want, club{Members: []string{"ada"}}))).To(BeNil(), "who is there needs none")

	p = passOverClub(t, clubKind{members: []string{"ada"}, without: "ada"}, secretsOver(t, c), nil)
	v = p.lackSecrets(Diff(p.want, club{}))
	g.Expect(v).NotTo(BeNil())
	g.Expect(v.reason).To(Equal(v1alpha1.ReasonInvalidSpec))
	g.Expect(v.message).To(ContainSubstring("spec.members.ada"))
}

// inhabitedContainer is a container whose members may be others'.
type inhabitedContainer struct {
	container
	others []Content
}

func (c inhabitedContainer) Others(*v1alpha1.PleskCustomer, *Found[sample]) []Content {
	return c.others
}

func TestMembersOfOthersAreContents(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, clock.RealClock{})
	p.server, p.access = &v1alpha1.PleskServer{}, &access{own: true}
	p.kind = inhabitedContainer{}
	along, v := p.contents(t.Context(), &Found[sample]{})
	g.Expect(v).To(BeNil())
	g.Expect(along).To(BeZero())

	p.kind = inhabitedContainer{others: []Content{{Identity: Identity{ID: "7"}, Name: "user guest"}}}
	along, v = p.contents(t.Context(), &Found[sample]{})
	g.Expect(v).NotTo(BeNil())
	g.Expect(v.reason).To(Equal(v1alpha1.ReasonDeletionBlocked))
	g.Expect(v.message).To(ContainSubstring("user guest"))
	g.Expect(along).To(Equal(1))
}

// chapter is a club that nobody is a member of when it is founded.
type chapter struct {
	Motto   *string  `plesk:"motto"`
	Members []string `plesk:"members,later"`
}

// chapterKind has what a Partial kind has to say.
type chapterKind struct {
	Kind[*v1alpha1.PleskCustomer, chapter]
	Partial[*v1alpha1.PleskCustomer, chapter]
}

func (chapterKind) Restrict(_ *v1alpha1.PleskCustomer, _, have chapter) chapter {
	have.Members = nil // guests are nobody's here
	return have
}

// What a create has made has none of the members that no add takes. They are no reason to take it for somebody else's, unless it has some.
func TestMembersThatNoAddTakes(t *testing.T) {
	key := Key{Within: Identity{ID: "7", GUID: "g"}, Name: "north"}
	for what, c := range map[string]struct {
		begun     bool
		policy    v1alpha1.AdoptionPolicy
		have      chapter
		differing string // "" for none: it is taken
	}{
		"what a create was begun for":                   {true, "", chapter{Motto: new("Onward")}, ""},
		"what a create was begun for, and never is":     {true, v1alpha1.AdoptionPolicyNever, chapter{Motto: new("Onward")}, "Never"},
		"what a create was begun for, and has members":  {true, "", chapter{Motto: new("Onward"), Members: []string{"guest"}}, "spec.members"},
		"what a create was begun for, and is different": {true, "", chapter{Motto: new("Upward")}, "spec.motto"},
		"what was there": {false, "", chapter{Motto: new("Onward")}, "spec.members"},
	} {
		t.Run(what, func(t *testing.T) {
			g := NewWithT(t)
			o := &v1alpha1.PleskCustomer{}
			o.UID, o.Spec.AdoptionPolicy = ownUID, c.policy
			if c.begun {
				o.Status.Pending = &v1alpha1.PendingWrite{Key: "north", Within: key.Within.published()}
			}
			p := &pass[*v1alpha1.PleskCustomer, chapter]{
				reconciler: &reconciler[*v1alpha1.PleskCustomer, chapter]{Engine: &Engine{secrets: &Secrets{id: installation}}, kind: chapterKind{}, self: &kindInfo{}},
				o:          o, key: key, want: chapter{Motto: new("Onward"), Members: []string{"ada"}}, found: &Found[chapter]{Identity: Identity{ID: "9"}, Key: key, Value: c.have},
			}
			v := p.mayAdopt()
			if c.differing == "" {
				g.Expect(v).To(BeNil())
				return
			}
			g.Expect(v).NotTo(BeNil())
			g.Expect(v.reason).To(Equal(v1alpha1.ReasonAlreadyExists))
			g.Expect(v.message).To(ContainSubstring(c.differing))
		})
	}
	g := NewWithT(t)
	changes := Diff(chapter{Members: []string{"ada"}}, chapter{})
	g.Expect(changes).To(Equal([]Change{{Field: "members", To: "ada", Member: "ada"}}), "it is written like any other")
}
