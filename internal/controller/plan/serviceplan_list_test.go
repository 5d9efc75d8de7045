// Plans in lists: one's own and those of resellers are listed as they are found.

package plan

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

func TestServicePlansAreListed(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	controllertest.AddReseller(t, srv, "North")
	rich := newPlanObject(t, c, richPlan)
	rich.Settle()
	handles := []engine.Handle{{Identity: rich.ID, Key: rich.Was}}
	for _, p := range []struct {
		owner string
		req   serviceplan.AddRequest
	}{
		{"", serviceplan.AddRequest{Name: "birch/small"}},
		{"", serviceplan.AddRequest{Name: "birch-large", HostingType: new(hosting.Virtual), ExternalID: new("plan-7")}},
		{"north", serviceplan.AddRequest{Name: "birch-large", HostingType: new(hosting.Virtual)}}, // of the same name
	} {
		if p.owner != "" {
			p.req.OwnerLogin = &p.owner
		}
		r, err := serviceplan.Add.One(t.Context(), srv, p.req)
		g.Expect(err).NotTo(HaveOccurred())
		handles = append(handles, engine.Handle{
			Identity: engine.Identity{ID: engine.IDText(r.ID), GUID: r.GUID}, Key: engine.Key{Name: target.PlanKey(p.owner, p.req.Name)},
		})
	}
	other := controllertest.AddPlan(t, srv, "neighbour", 1)
	list := controllertest.ExpectListed(t, ServicePlan{}, c, 1, handles...)
	g.Expect(controllertest.Listed(list, other.ID)).To(HaveExactElements(HaveField("Key", other.Key)), "what nobody describes is listed, too")
}

// A plan whose owner is not known would be taken for another's of the same name.
func TestDoubtfulListsOfServicePlans(t *testing.T) {
	g := NewWithT(t)
	const (
		ours   = `<result><status>ok</status><id>3</id><name>birch</name><guid>plan-3</guid><owner-login>admin</owner-login></result>`
		theirs = `<result><status>ok</status><id>4</id><name>birch</name><guid>plan-4</guid><owner-id>9</owner-id></result>`
		named  = `<result><status>ok</status><id>4</id><name>birch</name><guid>plan-4</guid><owner-login>North</owner-login></result>`
		north  = `<result><status>ok</status><id>9</id><data><gen-info><login>North</login></gen-info></data></result>`
		denied = `<result><status>error</status><errcode>1006</errcode></result>`
	)
	keys := func(own, all, owners string) ([]string, error) {
		list, err := ServicePlan{}.List(t.Context(), controllertest.Recorded(`<packet><service-plan><get>`+own+`</get></service-plan><service-plan><get>`+all+
			`</get></service-plan><reseller><get>`+owners+`</get></reseller></packet>`), engine.Known{})
		var names []string
		for _, f := range list {
			names = append(names, f.Key.Name)
		}
		return names, err
	}
	g.Expect(keys(ours, ours+theirs, north)).To(Equal([]string{"birch", "north/birch"}))
	g.Expect(keys(ours, ours+named, denied)).To(Equal([]string{"birch", "north/birch"}))
	g.Expect(keys(ours, ours, denied)).To(Equal([]string{"birch"}), "the resellers are not asked about one's own")
	for _, doubt := range [][3]string{{ours, ours + theirs, ""}, {ours, ours + theirs, denied}, {denied, ours, north}, {ours, denied, north}, {ours, ours + ours, north}} {
		_, err := keys(doubt[0], doubt[1], doubt[2])
		g.Expect(xmlapi.ClassOf(err)).NotTo(BeEmpty(), "%v", doubt)
	}
}
