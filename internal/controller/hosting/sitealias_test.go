// Site aliases against a simulated Plesk: whatever the spec says is there afterwards, and nothing else was written.

package hosting

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const richAlias = `
spec:
  siteRef: {external: acme.example}
  aliasName: Bücher.example
  active: true
  web: true
  mail: false
  seoRedirect: false
  manageDNS: true
  icp: {approved: true, permit: "ICP  4711"}
`

type aliasObject = controllertest.Object[*v1alpha1.PleskSiteAlias, aliasValue]

// newAliasObject is a resource whose site is there.
func newAliasObject(t *testing.T, srv *plesksim.Server, c xmlapi.Doer, manifest string) *aliasObject {
	t.Helper()
	o := controllertest.Parse(t, &v1alpha1.PleskSiteAlias{}, manifest)
	at, err := target.FindSite(t.Context(), srv, o.Spec.SiteRef.External)
	if err == nil && at == nil {
		_, err = webspace.Add.One(t.Context(), srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: o.Spec.SiteRef.External, IPAddresses: []string{"198.51.100.7"}}})
		if err == nil {
			at, err = target.FindSite(t.Context(), srv, o.Spec.SiteRef.External)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return &aliasObject{T: t, Kind: SiteAlias{}, D: c, O: o, In: engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": *at}, nil)}
}

func readAlias(t *testing.T, d xmlapi.Doer, name string) *sitealias.Info {
	t.Helper()
	r, err := sitealias.Get.One(t.Context(), d, xmlapi.QueryRequest{Filter: sitealias.ByName(name).Query()})
	if err != nil {
		t.Fatal(err)
	}
	return r.Info
}

func TestSiteAliasArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newAliasObject(t, srv, c, richAlias)
	x.Settle()
	a := readAlias(t, srv, "bücher.example")
	g.Expect(*a.Status).To(Equal(sitealias.Enabled))
	g.Expect(*a.Preferences).To(Equal(sitealias.Preferences{
		Web: new(true), Mail: new(false), SEORedirect: new(false), ICPStatus: new(true), ICPPermit: new("ICP 4711"),
	}))
	g.Expect(*a.ManageDNS).To(BeTrue())
	g.Expect(x.Was).To(Equal(engine.Key{Name: "xn--bcher-kva.example"}))
	g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedSiteAlias{AliasName: "bücher.example", Site: "acme.example", State: "Active"}))
}

func TestSiteAliasFields(t *testing.T) {
	for _, c := range []struct{ spec, field string }{
		{`aliasName: books.example`, "aliasName"},
		{`active: false`, "active"},
		{`web: false`, "web"},
		{`mail: true`, "mail"},
		{`seoRedirect: true`, "seoRedirect"},
		{`manageDNS: false`, "manageDNS"},
		{`icp: {approved: false}`, "icp.approved"},
		{`icp: {permit: ""}`, "icp.permit"},
	} {
		t.Run(c.field, func(t *testing.T) {
			srv, client := controllertest.Simulated(t)
			x := newAliasObject(t, srv, client, richAlias)
			x.Settle()
			srv.ResetStats()
			x.Edit("spec: {"+c.spec+"}", c.field)
			if writes := srv.Stats().Writes; writes != 1 {
				t.Errorf("%d operations wrote, want 1: %v", writes, srv.Stats().Operations)
			}
		})
	}
}

// A name and settings that change together take two operations, and nothing else changes.
func TestSiteAliasIsRenamedAndSet(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newAliasObject(t, srv, c, richAlias)
	x.Settle()
	id := x.ID
	x.Edit(`spec: {aliasName: books.example, mail: true}`, "aliasName", "mail")
	g.Expect(x.ID).To(Equal(id))
	g.Expect(*readAlias(t, srv, "books.example").Preferences.Mail).To(BeTrue())
}

func TestSiteAliasLeavesAloneWhatIsUnset(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	newAliasObject(t, srv, c, richAlias).Settle()
	changes, err := newAliasObject(t, srv, c, `spec: {siteRef: {external: acme.example}, aliasName: bücher.example}`).Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(BeEmpty())
}

// Its site's troubles are not the alias's.
func TestSiteAliasOfADisabledSite(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newAliasObject(t, srv, c, richAlias)
	x.Settle()
	_, err := webspace.Set.One(t.Context(), srv, webspace.SetRequest{Filter: webspace.ByName("acme.example"), Values: webspace.SetValues{GenSetup: &webspace.SetGenSetup{Status: new(16)}}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(x.Settle()).To(BeEmpty())
	g.Expect(x.O.Status.Observed.State).To(Equal("SiteDisabled"))
	x.Edit(`spec: {active: false}`, "active")
	g.Expect(x.O.Status.Observed.State).To(Equal("Disabled,SiteDisabled"))
}

// Whatever reason of its own an alias has not to work is Disabled, and gone where the spec says that it works.
func TestSiteAliasThatIsSwitchedOff(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newAliasObject(t, srv, c, richAlias)
	x.Settle()
	_, err := sitealias.Set.One(t.Context(), srv, sitealias.SetRequest{Filter: sitealias.ByName("bücher.example"), Settings: sitealias.Settings{Status: new(sitealias.SwitchedOff)}})
	g.Expect(err).NotTo(HaveOccurred())
	x.There("xn--bcher-kva.example")
	g.Expect(x.O.Status.Observed.State).To(Equal("Disabled"))
	g.Expect(controllertest.FieldsOf(x.Settle())).To(Equal([]string{"active"}))
	g.Expect(*readAlias(t, srv, "bücher.example").Status).To(Equal(sitealias.Enabled))
}

// Aliases of main sites, add-on sites and subdomains are found and listed with all that they lie in; one of another site is not moved.
func TestSiteAliasesOfSitesOfEverySort(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	main := newAliasObject(t, srv, c, richAlias)
	main.Settle()
	answer := string(srv.Packet([]byte(`<packet><site><add><gen_setup><name>addon.example</name><webspace-id>1</webspace-id></gen_setup></add></site>
		<subdomain><add><parent>addon.example</parent><name>shop</name></add></subdomain></packet>`)))
	g.Expect(strings.Count(answer, "<status>ok</status>")).To(Equal(2), answer)
	addon := newAliasObject(t, srv, c, `spec: {siteRef: {external: addon.example}, aliasName: addon-too.example}`)
	addon.Settle()
	sub := newAliasObject(t, srv, c, `spec: {siteRef: {external: shop.addon.example}, aliasName: shop-too.example}`)
	sub.Settle()
	var handles []engine.Handle
	for _, x := range []*aliasObject{main, addon, sub} {
		handles = append(handles, engine.Handle{Identity: x.ID, Key: x.Was})
	}
	list := controllertest.ExpectListed(t, SiteAlias{}, c, 2, handles...)
	g.Expect(list).To(HaveLen(3))
	r, err := site.Get.One(t.Context(), srv, site.GetRequest{Filter: site.ByName("addon.example").Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
	g.Expect(err).NotTo(HaveOccurred())
	at, err := target.ResolvedAnySite(r)
	g.Expect(err).NotTo(HaveOccurred())
	found := addon.There("addon-too.example")
	g.Expect(found.In).To(Equal(target.WithOwners(at)))
	g.Expect(found.In).To(HaveExactElements(HaveField("Kind", "PleskSite"), HaveField("Kind", "PleskSubscription")))

	changes, err := newAliasObject(t, srv, c, `spec: {siteRef: {external: acme.example}, aliasName: addon-too.example}`).Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(HaveExactElements(And(HaveField("Field", "siteRef"), HaveField("From", "addon.example"), HaveField("Immutable", true))))
}

func TestSiteAliasDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newAliasObject(t, srv, c, richAlias)
	x.Settle()
	newAliasObject(t, srv, c, `spec: {siteRef: {external: acme.example}, aliasName: other.example}`).Settle()
	g.Expect(x.Kind.Delete(t.Context(), c, &engine.Found[aliasValue]{Key: engine.Key{Name: "bücher.example"}})).NotTo(Succeed(), "without an id nothing is deleted")
	found := x.There("xn--bcher-kva.example")
	g.Expect(x.Kind.Contents(t.Context(), c, found)).To(BeEmpty())
	g.Expect(x.Kind.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(xmlapi.IsNotFound(x.Kind.Delete(t.Context(), c, found))).To(BeTrue())
	gone, err := x.Find(engine.Key{Name: "xn--bcher-kva.example"})
	g.Expect(gone, err).To(BeNil())
	g.Expect(readAlias(t, srv, "other.example")).NotTo(BeNil())
}

// What is not known is no answer: an alias that goes on without its site, and answers that lack what tells aliases apart.
func TestDoubtfulSiteAliases(t *testing.T) {
	const (
		alias   = `<result><status>ok</status><filter-id>3</filter-id><id>3</id><info><site-id>7</site-id><name>acme-shop.example</name><ascii-name>acme-shop.example</ascii-name></info></result>`
		bare    = `<result><status>ok</status><filter-id>3</filter-id><id>3</id></result>`
		denied  = `<result><status>error</status><errcode>1006</errcode></result>`
		missing = `<result><status>error</status><errcode>1013</errcode><filter-id>3</filter-id></result>`
	)
	g := NewWithT(t)
	find := func(aliases, sites string) error {
		first := true
		d := controllertest.DoerFunc(func(calls []xmlapi.Caller) error {
			answer := `<packet><site><get>` + sites + `</get></site></packet>`
			if first {
				answer = `<packet><site-alias><get>` + aliases + `</get></site-alias></packet>`
			}
			first = false
			return controllertest.Recorded(answer).Do(t.Context(), calls...)
		})
		found, err := SiteAlias{}.Find(t.Context(), d, engine.Handle{Identity: engine.Identity{ID: "3"}})
		g.Expect(found).To(BeNil())
		return err
	}
	g.Expect(find(missing, "")).To(Succeed())
	g.Expect(xmlapi.ClassOf(find(denied, ""))).To(Equal(xmlapi.Forbidden))
	g.Expect(xmlapi.ClassOf(find(bare, ""))).To(Equal(xmlapi.Transient))
	g.Expect(xmlapi.ClassOf(find(alias, missing))).To(Equal(xmlapi.Transient), "it may be there still")
	g.Expect(xmlapi.ClassOf(find(alias, denied))).To(Equal(xmlapi.Forbidden))
}

func TestSiteAliasNames(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newAliasObject(t, srv, c, richAlias)
	for _, name := range []string{"*.acme.example", "a_b.example", "acme.example."} {
		x.O.Spec.AliasName = name
		_, _, err := x.Kind.Desired(x.O, x.In)
		g.Expect(err).To(MatchError(HavePrefix("spec.aliasName: ")), name)
	}
	x.O.Spec.AliasName = "eu.shop.acme.example"
	_, want, err := x.Kind.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(SiteAlias{}.Overlaps(t.Context(), c, want)).To(HaveExactElements(HaveField("Key.Name", "acme.example")))
}
