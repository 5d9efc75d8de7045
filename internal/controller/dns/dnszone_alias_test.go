// Zones of site aliases: known by id and name, and never taken for those of sites.

package dns

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
)

// newAliasZoneTest starts a server with a site that has an alias, whose zone is the object's. The alias has the id of the site, as it may.
func newAliasZoneTest(t *testing.T) *zoneTest {
	z := newZoneTest(t, "acme.example")
	z.name = "birch.example"
	for z.alias < z.site {
		a, err := sitealias.Create.One(z.ctx, z.srv, sitealias.CreateRequest{Info: sitealias.Info{SiteID: z.site, Name: z.name}})
		z.Expect(err).NotTo(HaveOccurred())
		if z.alias = a.ID; z.alias < z.site {
			_, err = sitealias.Delete.One(z.ctx, z.srv, xmlapi.FilterRequest{Filter: sitealias.ByID(z.alias)})
			z.Expect(err).NotTo(HaveOccurred())
		}
	}
	z.Expect(z.alias).To(Equal(z.site))
	return z
}

func TestZoneOfAnAlias(t *testing.T) {
	z := newAliasZoneTest(t)
	siteZone := &zoneTest{GomegaWithT: z.GomegaWithT, ctx: z.ctx, srv: z.srv, d: z.d, site: z.site}
	before, sites, state := z.content(), siteZone.content(), siteZone.state()
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("shop", "A", "198.51.100.8"), spec("www", "A", "198.51.100.8")}
	z.o.Spec.Absent = []v1alpha1.AbsentDNSRecord{{Name: "www", Type: v1alpha1.DNSRecordCNAME}}
	z.o.Spec.SOA = &v1alpha1.DNSZoneSOA{TTL: &metav1.Duration{Duration: time.Hour}}
	z.o.Spec.Enabled = new(false)
	z.pass()
	z.silent()
	z.Expect(z.content()).To(ContainElements("shop.birch.example. A 198.51.100.8", "www.birch.example. A 198.51.100.8"))
	z.Expect(z.content()).To(HaveLen(len(before) + 1))
	z.Expect(z.state()).To(HavePrefix("master disabled 3600 "))
	z.Expect(z.owned()).To(ConsistOf("shop A 198.51.100.8", "www A 198.51.100.8"))

	z.Expect(Zone{}.CleanUp(z.ctx, z.d, z.o, z.find())).To(Succeed())
	z.Expect(z.content()).To(HaveLen(len(before)-1), "what it was to take away does not come back")
	z.Expect(siteZone.content()).To(Equal(sites))
	z.Expect(siteZone.state()).To(Equal(state))
}

func TestAliasZoneBecomesSecondaryAndPrimaryAgain(t *testing.T) {
	z := newAliasZoneTest(t)
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("shop", "A", "198.51.100.8")}
	z.pass()
	primary := z.content()
	z.o.Spec.Type, z.o.Spec.MasterServers, z.o.Spec.Records = new(v1alpha1.DNSZoneTypeSecondary), []string{"203.0.113.53"}, nil
	z.pass()
	z.silent()
	z.Expect(z.state()).To(HavePrefix("slave "))
	z.Expect(z.o.Status.Observed.MasterServers).To(Equal([]string{"203.0.113.53"}))
	z.Expect(z.content()).To(Equal(primary), "whatever a secondary zone holds is another server's")

	z.o.Spec.Type, z.o.Spec.MasterServers = new(v1alpha1.DNSZoneTypePrimary), nil
	z.pass()
	z.pass()
	z.silent()
	z.Expect(z.state()).To(HavePrefix("master "))
	z.Expect(z.content()).NotTo(ContainElement("shop.birch.example. A 198.51.100.8"), "it was this resource's, and is not listed any more")
}

// An id is given again: another alias under it is another one, and so is a site.
func TestZoneOfAnotherAliasUnderTheID(t *testing.T) {
	z := newAliasZoneTest(t)
	h := engine.Handle{Identity: z.parent(), Key: z.find().Key}
	for name, other := range map[string]engine.Handle{
		"another name": {Identity: z.parent(), Key: engine.Key{Within: z.parent(), Name: "elm.example"}},
		"recorded so":  {Identity: z.parent(), Was: engine.Key{Within: z.parent(), Name: "elm.example"}},
		"another id":   {Identity: engine.Identity{ID: "4711"}, Key: h.Key},
	} {
		found, err := Zone{}.Find(z.ctx, z.d, other)
		z.Expect(found, err).To(BeNil(), name)
	}
	_, err := sitealias.Rename.One(z.ctx, z.srv, sitealias.RenameRequest{ID: &z.alias, NewName: "elm.example"})
	z.Expect(err).NotTo(HaveOccurred())
	found, err := Zone{}.Find(z.ctx, z.d, h)
	z.Expect(found, err).To(BeNil())
}

func TestAliasWithoutAZone(t *testing.T) {
	z := newAliasZoneTest(t)
	h := engine.Handle{Identity: z.parent(), Key: z.find().Key}
	_, err := sitealias.Set.One(z.ctx, z.srv, sitealias.SetRequest{Filter: sitealias.ByID(z.alias), Settings: sitealias.Settings{ManageDNS: new(false)}})
	z.Expect(err).NotTo(HaveOccurred())
	found, err := Zone{}.Find(z.ctx, z.d, h)
	z.Expect(found, err).To(BeNil())
}

// A site and an alias of one id are listed side by side.
func TestZonesOfSitesAndAliasesAreListed(t *testing.T) {
	z := newAliasZoneTest(t)
	alias := z.find()
	z.alias, z.name = 0, "acme.example"
	list, err := Zone{}.List(z.ctx, z.d, controllertest.KnownBy(z.find(), alias))
	z.Expect(err).NotTo(HaveOccurred())
	z.Expect(list).To(ConsistOf(z.find(), alias))
}
