// Unproven objects, and opaque ones: what may be concluded from a name alone.

package engine

import (
	"context"
	"testing"

	. "github.com/onsi/gomega"
	"k8s.io/utils/clock"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// opaqueKind is a kind whose objects show nothing but their name, and are used by some.
type opaqueKind struct {
	accountKind
	made    *bool
	written *account
	users   []string
}

func (k opaqueKind) Made(*v1alpha1.PleskCustomer) *bool            { return k.made }
func (k opaqueKind) Wrote(_ *v1alpha1.PleskCustomer, what account) { *k.written = what }
func (k opaqueKind) UsedBy(context.Context, xmlapi.Doer, *Found[account]) ([]string, error) {
	return k.users, nil
}

var (
	_ Opaque[*v1alpha1.PleskCustomer, account] = opaqueKind{}
	_ Used[account]                            = opaqueKind{}
)

func passOverOpaque(users ...string) (*pass[*v1alpha1.PleskCustomer, account], opaqueKind) {
	p := passOver(account{})
	k := opaqueKind{accountKind{account{}}, new(bool), &account{}, users}
	p.kind = k
	return p, k
}

// Nothing that is found under a name is known to match, so only Always takes it. What a create of ours was begun for was not there before.
func TestOpaqueObjectsAreTakenOverWithAlwaysOnly(t *testing.T) {
	g := NewWithT(t)
	for policy, may := range map[v1alpha1.AdoptionPolicy]bool{
		v1alpha1.AdoptionPolicyNever: false, v1alpha1.AdoptionPolicyIfMatching: false, "": false, v1alpha1.AdoptionPolicyAlways: true,
	} {
		p, _ := passOverOpaque()
		p.o.Spec.AdoptionPolicy = policy
		p.found = &Found[account]{Identity: Identity{ID: "a/b"}, Key: Key{Name: "b"}}
		v := p.mayAdopt()
		g.Expect(v == nil).To(Equal(may), "%s", policy)
		if !may {
			g.Expect(v.reason).To(Equal(v1alpha1.ReasonAlreadyExists))
		}
	}
	p, _ := passOverOpaque()
	found := &Found[account]{Identity: Identity{ID: "a/b"}, Key: Key{Within: Identity{ID: "1", GUID: "a"}, Name: "b"}}
	pending := func(key string, outcome v1alpha1.PendingOutcome) bool {
		p.o.Status.Pending = &v1alpha1.PendingWrite{Key: key, Within: &v1alpha1.ObjectIdentity{ID: "1", GUID: "a"}, Outcome: outcome}
		return p.begun(found)
	}
	g.Expect(p.begun(found)).To(BeFalse(), "nothing was begun")
	g.Expect(pending("b", "")).To(BeTrue())
	g.Expect(pending("b", v1alpha1.PendingUnclear)).To(BeTrue())
	g.Expect(pending("b", v1alpha1.PendingRefused)).To(BeFalse(), "the server has made nothing")
	g.Expect(pending("c", "")).To(BeFalse(), "another name")
}

// What was there before is not deleted; what we have made is, once nothing uses it.
func TestOpaqueObjectsAreDeletedByTheirMaker(t *testing.T) {
	g := NewWithT(t)
	found := &Found[account]{Identity: Identity{ID: "a/b"}, Key: Key{Name: "b"}}
	p, k := passOverOpaque()
	p.o.Status.ID = "a/b"
	v := p.notMade(found)
	g.Expect(v.reason).To(Equal(v1alpha1.ReasonDeletionBlocked))
	g.Expect(v.message).To(And(ContainSubstring(`"b" was on the server before`), HaveSuffix(wayOut)))
	p.noteMade(true)
	g.Expect(*k.made).To(BeTrue())
	g.Expect(p.notMade(found)).To(BeNil())
	p.noteMade(false)
	p.o.Status.ID = ""
	p.o.Status.Pending = &v1alpha1.PendingWrite{Key: "b"}
	g.Expect(p.notMade(found)).To(BeNil(), "what a create was begun for is ours")

	g.Expect(p.stillUsed(t.Context(), found)).To(BeNil())
	used, _ := passOverOpaque("acme.example", "the webmail of acme.example")
	v = used.stillUsed(t.Context(), found)
	g.Expect(v.reason).To(Equal(v1alpha1.ReasonDeletionBlocked))
	g.Expect(v.message).To(HavePrefix("still used by acme.example, the webmail of acme.example"))

	plain := passOver(account{})
	plain.o.Status.ID = "7"
	plain.noteMade(true)
	plain.noteWritten(account{})
	g.Expect(plain.notMade(found)).To(BeNil(), "other kinds are known by more than a name")
	g.Expect(plain.stillUsed(t.Context(), found)).To(BeNil())
}

func TestOpaqueKindsAreToldWhatWasWritten(t *testing.T) {
	g := NewWithT(t)
	p, k := passOverOpaque()
	p.noteWritten(account{Login: new("ada")})
	g.Expect(*k.written.Login).To(Equal("ada"))
}

// nameOnly is a kind whose objects show what they are made of, and have nothing but their name to tell one from another.
type nameOnly struct {
	Kind[*v1alpha1.PleskCustomer, sample]
	made *bool
}

func (k nameOnly) Made(*v1alpha1.PleskCustomer) *bool { return k.made }

var _ Unproven[*v1alpha1.PleskCustomer] = nameOnly{}

// A create whose answer was lost has made what is there as it was sent; what was there before it, or is not as it was sent, it has not made.
func TestWhatNothingButANameProvesIsDeletedByItsMaker(t *testing.T) {
	key := Key{Within: Identity{ID: "7", GUID: "g"}, Name: "docs"}
	begun := func(outcome v1alpha1.PendingOutcome, name string) *v1alpha1.PendingWrite {
		return &v1alpha1.PendingWrite{Key: name, Within: key.Within.published(), Outcome: outcome}
	}
	for what, c := range map[string]struct {
		pending *v1alpha1.PendingWrite
		shown   string // that is to be docs
		made    bool
	}{
		"it was there":                          {nil, "docs", false},
		"a create was begun":                    {begun("", "docs"), "docs", true},
		"a create was begun and is unclear":     {begun(v1alpha1.PendingUnclear, "docs"), "docs", true},
		"a create was begun of something else":  {begun("", "docs"), "others", false},
		"a create was refused":                  {begun(v1alpha1.PendingRefused, "docs"), "docs", false},
		"a create under another name was begun": {begun("", "books"), "docs", false},
	} {
		t.Run(what, func(t *testing.T) {
			g := NewWithT(t)
			p, made := lone(t, clock.RealClock{}), false
			p.kind, p.want = nameOnly{made: &made}, sample{Name: new("docs")}
			p.o.Status.Pending = c.pending
			p.found = &Found[sample]{Identity: Identity{ID: "g/docs"}, Key: key, Value: sample{Name: &c.shown}}
			p.adoption = &adoption{foreign: true}
			g.Expect(p.madeNow()).To(Equal(c.made))
			g.Expect(p.notMade(p.found) == nil).To(Equal(c.made), "it is deleted")

			p.o.Status.ID, p.o.Status.Pending = "g/docs", nil
			v := p.notMade(p.found)
			g.Expect(v).NotTo(BeNil(), "it was recorded as one that was there before")
			g.Expect(v.reason).To(Equal(v1alpha1.ReasonDeletionBlocked))
			p.noteMade(true)
			g.Expect(p.notMade(p.found)).To(BeNil())
		})
	}
}
