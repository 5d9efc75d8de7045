// What a version lacks is left out of what is wanted, and named; the rest stays as it is.

package engine

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// dated is a value whose fields have come over the years.
type dated struct {
	Name     *string           `plesk:"name"`
	Redirect *string           `plesk:"redirect,needs=seo-redirect"`
	Inner    *datedInner       `plesk:"inner"`
	Limits   map[string]string `plesk:"limits"`
	Members  []string          `plesk:"members,needs=power-user"`
	Both     *bool             `plesk:"both,needs=web-server-settings|nginx-proxy-mode"`

	seen string // not compared
}

type datedInner struct {
	Old  *string           `plesk:"old"`
	New  *int              `plesk:"new,needs=http_code"`
	More map[string]string `plesk:"more"`
}

func fullDated() dated {
	return dated{
		Name: new("acme"), Redirect: new("www"), Members: []string{"a"}, Both: new(false), seen: "seen",
		Inner:  &datedInner{Old: new("old"), New: new(301), More: map[string]string{"unpaid_website_status": "disabled"}},
		Limits: map[string]string{"disk_space": "1", "cgroups_cpu_usage": "50", "cgroups_ram_usage": "60"},
	}
}

func TestSupported(t *testing.T) {
	const seo, code, unpaid, members = "spec.redirect (since 1.6.5.0)", "spec.inner.new (since 1.6.5.0)", "spec.inner.more.unpaid_website_status (since 1.6.5.0)", "spec.members (since 1.6.6.0)"
	later := []string{"spec.limits.cgroups_cpu_usage (since 1.6.8.0)", "spec.limits.cgroups_ram_usage (since 1.6.8.0)"}
	for spoken, lacking := range map[version.Version][]string{
		"1.6.4.0":    {seo, code, unpaid, later[0], later[1], members, "spec.both (since 1.6.5.0)"},
		"1.6.5.0":    {later[0], later[1], members, "spec.both (since 1.6.8.0)"},
		"1.6.6.0":    {later[0], later[1], "spec.both (since 1.6.8.0)"},
		"1.6.8.0":    nil,
		version.Full: nil,
		"1.6.10.0":   nil,
	} {
		t.Run(string(spoken), func(t *testing.T) {
			g := NewWithT(t)
			whole := fullDated()
			want, left := supported(whole, spoken)
			g.Expect(left).To(Equal(lacking))
			g.Expect(whole).To(Equal(fullDated()), "the whole stays as it is")
			g.Expect(want.seen).To(Equal("seen"))
			if lacking == nil {
				g.Expect(want).To(Equal(whole))
			}
			again, left := supported(want, spoken)
			g.Expect(left).To(BeEmpty())
			g.Expect(again).To(Equal(want))
		})
	}
	g := NewWithT(t)
	want, _ := supported(fullDated(), version.Oldest)
	g.Expect(Diff(want, dated{})).To(HaveExactElements(
		Change{Field: "name", To: "acme"}, Change{Field: "inner.old", To: "old"}, Change{Field: "limits.disk_space", To: "1"}))
	_, lacking := supported(dated{Name: new("acme")}, version.Oldest)
	g.Expect(lacking).To(BeEmpty(), "what is not set is not missed")
}

// A field cannot be said to need what every version has, or nobody has heard of: the table and the tag would say different things.
func TestNeedsAreInTheTable(t *testing.T) {
	type misspelt struct {
		Redirect *string `plesk:"redirect,needs=seo_redirect"`
	}
	g := NewWithT(t)
	g.Expect(func() { supported(misspelt{}, version.Full) }).To(Panic())
}

func TestUnsupportedIsSaid(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, clocktesting.NewFakePassiveClock(time.Unix(1e9, 0)))
	p.spoken = "1.6.5.0"
	p.serverName.Namespace, p.serverName.Name = "hosting", "web-01"
	g.Expect(p.unsupported()).To(BeNil())
	p.lacking = []string{"spec.a (since 1.6.6.0)", "spec.b (since 1.6.8.0)"}
	v := p.unsupported()
	g.Expect(*v).To(Equal(stalled(v1alpha1.ReasonUnsupportedByServer,
		"PleskServer hosting/web-01 (spec.serverRef) speaks protocol 1.6.5.0, which does not have spec.a (since 1.6.6.0), spec.b (since 1.6.8.0); all else is as the spec says")))

	// What is changed back there counts as in a contest nevertheless, and what a newer version has at last does not.
	p.judge(*v)
	p.before = p.o.DeepCopy()
	g.Expect(p.wasInSync()).To(BeTrue())
	p.spoken, p.lacking = "1.6.6.0", p.lacking[1:]
	g.Expect(p.wasInSync()).To(BeFalse())
	p.spoken, p.lacking = "1.6.8.0", nil
	g.Expect(p.wasInSync()).To(BeFalse())
	p.spoken, p.lacking = "1.6.5.0", []string{"spec.a (since 1.6.6.0)", "spec.b (since 1.6.8.0)"}
	g.Expect(p.wasInSync()).To(BeTrue())
	p.o.Generation++
	g.Expect(p.wasInSync()).To(BeFalse())
}

// reserved is a kind whose one field is not for tenants, and not in every version.
type reserved struct {
	Kind[*v1alpha1.PleskCustomer, reservedValue]
}

type reservedValue struct {
	Redirect *string `plesk:"redirect,privileged,needs=seo-redirect"`
}

func (reserved) Desired(*v1alpha1.PleskCustomer, Inputs) (Key, reservedValue, error) {
	return Key{Name: "acme"}, reservedValue{Redirect: new("www")}, nil
}

// An upgrade of the server is not what refuses a tenant something.
func TestTenantsAreRefusedWhatTheServerLacks(t *testing.T) {
	g := NewWithT(t)
	c := lone(t, nil)
	p := &pass[*v1alpha1.PleskCustomer, reservedValue]{
		reconciler: &reconciler[*v1alpha1.PleskCustomer, reservedValue]{Engine: c.Engine, kind: reserved{}, kindName: c.kindName, self: c.self}, o: c.o, before: c.before,
		access: &access{}, spoken: version.Oldest,
	}
	g.Expect(p.translate()).To(BeNil())
	g.Expect(p.want.Redirect).To(BeNil())
	g.Expect(p.beyondReach()).To(Equal([]string{"redirect"}))
}

// The objects of a server are woken when it can do more, or less, than before; load, counts and the like wake nobody.
func TestAnotherVersionWakes(t *testing.T) {
	g := NewWithT(t)
	was := &v1alpha1.PleskServer{Status: v1alpha1.PleskServerStatus{ProtocolVersion: "1.6.5.0", LastEventID: 1}}
	is := was.DeepCopy()
	is.Status.LastEventID = 2
	g.Expect(serverChanged().Update(event.UpdateEvent{ObjectOld: was, ObjectNew: is})).To(BeFalse())
	is.Status.ProtocolVersion = "1.6.9.1"
	g.Expect(serverChanged().Update(event.UpdateEvent{ObjectOld: was, ObjectNew: is})).To(BeTrue())
}
