// The law of exports, over a simulated server: what is described changes nothing, and all is described.

package export

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/export/exporttest"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// told is a reporter that remembers.
type told struct{ read, troubles []string }

func (t *told) Reading(string)          {}
func (t *told) Read(kind string, _ int) { t.read = append(t.read, kind) }
func (t *told) Trouble(x Trouble)       { t.troubles = append(t.troubles, x.String()) }

const serverGUID = "5f0c4a52-77b9-4e36-9f4b-1a5d1c0b1f10"

// exported reads a server as its administrator.
func exported(t testing.TB, d xmlapi.Doer, change ...func(*Options)) *Result {
	t.Helper()
	o := Options{Server: v1alpha1.ServerReference{Name: "web-01"}, GUID: serverGUID, Role: v1alpha1.RoleAdministrator, Lifecycle: true}
	for _, c := range change {
		c(&o)
	}
	var heard told
	r, err := Run(context.Background(), d, controller.Exports(), o, &heard)
	if err != nil {
		t.Fatal(err)
	}
	if len(heard.troubles) != len(r.Troubles) {
		t.Errorf("told %v, the result says %v", heard.troubles, r.Troubles)
	}
	return r
}

// names are those of the manifests, as KIND/NAME.
func (r *Result) names() (out []string) {
	for _, o := range r.Objects {
		out = append(out, o.Kind+"/"+o.GetName())
	}
	return out
}

func (r *Result) named(name string) *Object {
	for _, o := range r.Objects {
		if o.Kind+"/"+o.GetName() == name {
			return o
		}
	}
	return nil
}

// All kinds export, or say why not.
func TestEveryKindExportsOrSaysWhyNot(t *testing.T) {
	for _, k := range controller.Exports() {
		if k.Why == "it is not made for that" {
			t.Errorf("%s neither exports nor says why", k.Kind)
		}
	}
}

// What is described changes nothing: that is checked of each object (engine.Exportable.Describe), so that here every one has to be described. The
// server is filled with the same things as the simulator's demo has, and with odd ones.
func TestAFullServerIsDescribedWhole(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	fill(t, srv)
	packets := srv.Stats().Packets
	r := exported(t, client)
	g.Expect(r.Troubles).To(BeEmpty())
	g.Expect(srv.Stats().Writes).To(Equal(0), "an export writes nothing")
	g.Expect(srv.Stats().Packets-packets).To(BeNumerically("<", 60), "a few packets for each kind")

	kinds := map[string]int{}
	for _, o := range r.Objects {
		kinds[o.Kind]++
	}
	for _, k := range controller.Exports() {
		if k.Why == "" {
			g.Expect(kinds).To(HaveKey(k.Kind))
		}
	}
	order := r.names()
	for _, pair := range [][2]string{
		{"PleskReseller/north", "PleskCustomer/birch"}, {"PleskCustomer/acme", "PleskSubscription/acme-example"},
		{"PleskSubscription/acme-example", "PleskDNSZone/acme-example"}, {"PleskSubscription/acme-example", "PleskMailAccount/info-acme-example"},
		{"PleskDatabase/shop-acme-example", "PleskDatabaseUser/shopper-shop-acme-example"},
	} {
		before, after := slices.Index(order, pair[0]), slices.Index(order, pair[1])
		g.Expect(before).To(BeNumerically(">=", 0), "%s in %v", pair[0], order)
		g.Expect(after).To(BeNumerically(">", before), "%s", pair[1])
	}
	g.Expect(r.named("PleskCustomer/birch").Folder).To(Equal("customers/birch"))
	g.Expect(r.named("PleskMailAccount/info-acme-example").Folder).To(Equal("customers/acme"))
	g.Expect(r.named("PleskServicePlan/basic").Folder).To(Equal("server"))
}

// Who is no administrator exports what is theirs: that of others is not there, kinds that are not for them are skipped, and what refers to something
// that the server does not show them is reported.
func TestResellersAndCustomersExportWhatIsTheirs(t *testing.T) {
	for login, is := range map[string]struct {
		role    v1alpha1.ServerRole
		theirs  []string
		others  []string
		skipped []string
		hidden  []string // what is reported, as it refers to that
	}{
		"north": {
			v1alpha1.RoleReseller, []string{"PleskCustomer/birch", "PleskSubscription/birch-example", "PleskDNSZone/birch-example"},
			[]string{"acme", "crown", "shop", "desk", "basic"}, []string{"PleskReseller", "PleskResellerPlan", "PleskExtension"}, nil,
		},
		"acme": {
			v1alpha1.RoleCustomer, []string{"PleskSubscription/post-example", "PleskSite/shop-example", "PleskMailAccount/info-acme-example", "PleskFTPUser/courier-acme-example"},
			[]string{"birch", "crown", "desk", "basic"}, []string{"PleskCustomer", "PleskReseller", "PleskServicePlan"}, []string{"spec.servicePlanRef", "spec.databaseServerRef"},
		},
	} {
		t.Run(login, func(t *testing.T) {
			g := NewWithT(t)
			sim, _ := controllertest.Simulated(t)
			fill(t, sim)
			_, err := reseller.Set.One(t.Context(), sim, reseller.SetRequest{Filter: reseller.ByLogin("north"), Values: reseller.SetValues{
				Permissions: &hosting.ResellerPermissions{Permissions: []hosting.Permission{{Name: "remote_access_interface", Value: true}}},
			}})
			g.Expect(err).NotTo(HaveOccurred())
			sim.ResetStats()
			srv, credentials := credentialsFor(sim, login, somePassword)
			from, err := Open(t.Context(), srv, credentials, nil, engine.Reach{Addresses: xmlapi.Loopback}, "test")
			g.Expect(err).NotTo(HaveOccurred())
			t.Cleanup(from.Close)
			g.Expect(from.Role).To(Equal(is.role))
			r := exported(t, from, func(o *Options) { o.GUID, o.Role = from.GUID, from.Role })
			g.Expect(r.Troubles).To(HaveLen(len(is.hidden)))
			for _, field := range is.hidden {
				g.Expect(r.Troubles).To(ContainElement(HaveField("Why", field+": what it lies in or belongs to is not shown")))
			}
			g.Expect(sim.Stats().Writes).To(BeZero())
			g.Expect(r.names()).To(ContainElements(is.theirs))
			for _, other := range is.others {
				g.Expect(r.names()).NotTo(ContainElement(MatchRegexp(`[/-]%s\b`, other)))
			}
			for _, kind := range is.skipped {
				g.Expect(r.Skipped).To(ContainElement(HaveField("Kind", kind)))
			}
		})
	}
}

// What a billing system has marked is described alike: an external id is no part of a spec.
func TestExternalIDsAreNotDescribed(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	g.Expect(exporttest.Fill(t.Context(), srv, true)).To(Succeed())
	plans, err := serviceplan.Get.All(t.Context(), srv, serviceplan.GetRequest{Filter: xmlapi.All()})
	g.Expect(err).NotTo(HaveOccurred())
	for _, p := range plans {
		g.Expect(*p.ExternalID).To(HavePrefix("billing-"), p.Name)
	}
	r := exported(t, client)
	g.Expect(r.Troubles).To(BeEmpty())
	var out strings.Builder
	g.Expect(r.WriteStream(&out)).To(Succeed())
	g.Expect(out.String()).NotTo(ContainSubstring("billing-"))
}

func TestPoliciesAreWritten(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	controllertest.AddCustomer(t, srv, "acme")
	c := exported(t, client).named("PleskCustomer/acme").Object.(*v1alpha1.PleskCustomer)
	g.Expect(c.Spec.ManagementPolicy).To(Equal(v1alpha1.ManagementPolicyObserveOnly))
	g.Expect(c.Spec.AdoptionPolicy).To(Equal(v1alpha1.AdoptionPolicyIfMatching))
	g.Expect(*c.Spec.DeletionPolicy).To(Equal(v1alpha1.DeletionPolicyRetain))
	g.Expect(c.Spec.ServerRef.Name).To(Equal("web-01"))
	g.Expect(c.Spec.Password.SecretRef).To(Equal(v1alpha1.SecretKeySelector{Name: "customer-acme-password", Key: "password"}))
	c = exported(t, client, func(o *Options) { o.Policy = v1alpha1.ManagementPolicyManaged }).named("PleskCustomer/acme").Object.(*v1alpha1.PleskCustomer)
	g.Expect(c.Spec.ManagementPolicy).To(Equal(v1alpha1.ManagementPolicyManaged))
}

func TestSelections(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	fill(t, srv)
	r := exported(t, client, func(o *Options) { o.Customers = []string{"ACME"} })
	g.Expect(r.Troubles).To(BeEmpty())
	for _, o := range r.Objects {
		g.Expect(o.Folder).To(Equal("customers/acme"), "%s/%s", o.Kind, o.GetName())
	}
	s := r.named("PleskSubscription/acme-example").Object.(*v1alpha1.PleskSubscription)
	g.Expect(s.Spec.CustomerRef).To(Equal(&v1alpha1.ObjectReference{Name: "acme"}), "what is exported is named")
	g.Expect(s.Spec.ServerRef).To(BeNil(), "its server is the customer's")
	g.Expect(s.Spec.ServicePlanRef).To(Equal(&v1alpha1.ObjectReference{External: "Basic"}), "what is not is on the server")
	g.Expect(r.named("PleskDatabase/shop-acme-example").Object.(*v1alpha1.PleskDatabase).Spec.DatabaseServerRef.External).To(Equal("mysql/localhost:3306"))

	r = exported(t, client, func(o *Options) { o.Kinds = []string{"PleskDatabaseUser"} })
	g.Expect(r.names()).To(Equal([]string{"PleskDatabaseUser/shopper-shop-acme-example"}))
	u := r.Objects[0].Object.(*v1alpha1.PleskDatabaseUser)
	g.Expect(u.Spec.DatabaseRef.External).To(Equal("mysql/localhost:3306/shop"))
	g.Expect(u.Spec.ServerRef.Name).To(Equal("web-01"), "nothing else leads to a server")

	r = exported(t, client, func(o *Options) { o.Domains = []string{"shop.example"} })
	g.Expect(r.names()).To(ContainElement("PleskSite/shop-example"))
	for _, o := range r.Objects {
		g.Expect(o.GetName()).To(ContainSubstring("shop-example"))
	}

	r = exported(t, client, func(o *Options) { o.Plans = []string{"Basic"} })
	g.Expect(r.Troubles).To(BeEmpty())
	g.Expect(r.names()).To(ContainElements("PleskServicePlan/basic", "PleskSubscription/acme-example", "PleskMailAccount/info-acme-example"))
	g.Expect(r.names()).NotTo(ContainElement(HavePrefix("PleskCustomer/")), "customers have no plan")
	g.Expect(r.names()).NotTo(ContainElement("PleskSubscription/birch-example"), "it is bound to no plan")

	_, err := Run(t.Context(), client, controller.Exports(), Options{Plans: []string{"Basics"}}, &told{})
	g.Expect(err).To(MatchError(ContainSubstring(`plan "Basics"`)))
	_, err = Run(t.Context(), client, controller.Exports(), Options{Kinds: []string{"Customer"}}, &told{})
	g.Expect(err).To(MatchError(ContainSubstring("not a kind")))
}

// A subscription that follows its plan says nothing that is the plan's: else no change of the plan would reach it any more.
func TestWhatIsThePlansStaysThePlans(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	fill(t, srv)
	r := exported(t, client)
	follows := r.named("PleskSubscription/acme-example").Object.(*v1alpha1.PleskSubscription)
	g.Expect(follows.Spec.ServicePlanRef.Name).To(Equal("basic"))
	g.Expect(follows.Spec.Limits).To(BeEmpty())
	g.Expect(follows.Spec.Permissions).To(BeEmpty())
	alone := r.named("PleskSubscription/birch-example").Object.(*v1alpha1.PleskSubscription)
	g.Expect(alone.Spec.ServicePlanRef).To(BeNil())
	g.Expect(alone.Spec.Limits).NotTo(BeEmpty())
}

// What a billing system owns is no wish of Git's unless that is asked for: whose a subscription is, by which plan, and what was sold.
func TestTheLifeCycleIsDescribedOnRequest(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	fill(t, srv)
	all, r := exported(t, client), exported(t, client, func(o *Options) { o.Lifecycle = false })
	g.Expect(r.Troubles).To(BeEmpty())
	g.Expect(r.names()).To(Equal(all.names()))
	follows := r.named("PleskSubscription/acme-example").Object.(*v1alpha1.PleskSubscription)
	g.Expect(follows.Spec.CustomerRef).To(BeNil())
	g.Expect(follows.Spec.ServicePlanRef).To(BeNil())
	g.Expect(follows.Spec.ServerRef.Name).To(Equal("web-01"), "no customer leads to a server")
	g.Expect(follows.Spec.Hosting.VirtualHost.SystemUser.Name).NotTo(BeNil())
	g.Expect(follows.Spec.Hosting.VirtualHost.SystemUser.Password).To(BeNil())
	g.Expect(r.named("PleskSubscription/acme-example").Folder).To(Equal("customers/acme"))
	g.Expect(r.named("PleskSubscription/birch-example").Object.(*v1alpha1.PleskSubscription).Spec.Limits).To(BeEmpty())
	c := r.named("PleskCustomer/birch").Object.(*v1alpha1.PleskCustomer)
	g.Expect(c.Spec.ContactName).NotTo(BeEmpty())
	g.Expect(c.Spec.Password).To(BeNil())
	g.Expect(c.Spec.ResellerRef).To(BeNil())
	north := r.named("PleskReseller/north").Object.(*v1alpha1.PleskReseller)
	g.Expect(north.Spec.IPPool).To(BeNil(), "nothing is left of it")
	g.Expect(r.named("PleskServicePlan/basic").Object).To(Equal(all.named("PleskServicePlan/basic").Object), "plans are not sold to anybody")
	g.Expect(r.Secrets).To(ContainElement(HaveField("For", "PleskMailAccount/info-acme-example")), "mail is Git's")
	g.Expect(r.Secrets).NotTo(ContainElement(HaveField("For", HavePrefix("PleskCustomer/"))))
}

// One object that cannot be described does not end the run, and what refers to it does so on the server.
func TestOneBadObjectIsListedAndTheOthersAreDescribed(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	controllertest.AddCustomer(t, srv, "acme")
	controllertest.AddCustomer(t, srv, "nobody")
	addSubscription(t, srv, "fine.example", "acme", "")
	addSubscription(t, srv, "theirs.example", "nobody", "")
	r := exported(t, client, func(o *Options) {
		o.Name = func(n Naming) (string, error) {
			if n.Key == "nobody" {
				return "", errors.New("nobody has a name")
			}
			return n.Name, nil
		}
	})
	g.Expect(r.Troubles).To(Equal([]Trouble{{Kind: "PleskCustomer", Key: "nobody", Why: "nobody has a name"}}))
	g.Expect(r.names()).To(ContainElements("PleskCustomer/acme", "PleskSubscription/fine-example", "PleskSubscription/theirs-example"))
	g.Expect(r.names()).NotTo(ContainElement("PleskCustomer/nobody"))
	g.Expect(r.named("PleskSubscription/theirs-example").Object.(*v1alpha1.PleskSubscription).Spec.CustomerRef.External).To(Equal("nobody"))
}

// A full manifest says the defaults, too, and is the same object.
func TestFullManifestsSayTheDefaults(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	fill(t, srv)
	brief, full := exported(t, client), exported(t, client, func(o *Options) { o.Full = true })
	g.Expect(full.Troubles).To(BeEmpty())
	g.Expect(full.names()).To(Equal(brief.names()))
	text := func(r *Result, name string) string {
		out, err := text(r.named(name).Object)
		g.Expect(err).NotTo(HaveOccurred())
		return string(out)
	}
	const name = "PleskSubscription/acme-example"
	g.Expect(text(brief, name)).NotTo(ContainSubstring("planSync:"))
	g.Expect(text(full, name)).To(ContainSubstring("planSync: Keep"))
}

// A text that no YAML can hold is reported with its object, and keeps no other one back.
func TestWhatNoYAMLHoldsIsReported(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	controllertest.AddCustomer(t, srv, "acme")
	controllertest.AddCustomer(t, srv, "birch")
	_, err := customer.Set.One(t.Context(), srv, customer.SetRequest{Filter: customer.ByLogin("birch"), Values: customer.SetValues{GenInfo: &customer.SetGenInfo{ContactName: new("Bo \u009b31m")}}})
	g.Expect(err).NotTo(HaveOccurred())
	r := exported(t, client)
	g.Expect(r.Troubles).To(ConsistOf(HaveField("Key", "birch")))
	g.Expect(r.names()).To(ContainElement("PleskCustomer/acme"))
	g.Expect(r.WriteStream(io.Discard)).To(Succeed())
}

// The manifests of Secrets have each name once, with all its keys, and no value.
func TestSecretManifestsAreEmpty(t *testing.T) {
	g := NewWithT(t)
	r := &Result{Secrets: []SecretToMake{{Name: "b", Key: "password"}, {Name: "a", Key: "password"}, {Name: "b", Key: "pin"}}}
	out, err := r.SecretManifests()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(out)).To(Equal(`---
apiVersion: v1
kind: Secret
metadata:
  name: a
stringData:
  password: ""
---
apiVersion: v1
kind: Secret
metadata:
  name: b
stringData:
  password: ""
  pin: ""
`))
}

// No secret of a server stands in a manifest.
func TestNoSecretIsExported(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	fill(t, srv)
	r := exported(t, client)
	var out strings.Builder
	g.Expect(r.WriteStream(&out)).To(Succeed())
	for _, secret := range []string{somePassword, plesksim.DefaultPassword, "PRIVATE KEY"} {
		g.Expect(out.String()).NotTo(ContainSubstring(secret))
	}
	g.Expect(r.Secrets).To(ContainElement(SecretToMake{Name: "mailaccount-info-acme-example-password", Key: "password", For: "PleskMailAccount/info-acme-example", Field: "spec.password"}))
}

const somePassword = exporttest.Password

// fill fills a server, and forgets what that took.
func fill(t *testing.T, srv *plesksim.Server) {
	t.Helper()
	if err := exporttest.Fill(t.Context(), srv, false); err != nil {
		t.Fatal(err)
	}
	srv.ResetStats()
}

func addSubscription(t *testing.T, srv *plesksim.Server, domain, owner, plan string) {
	t.Helper()
	if _, err := exporttest.AddSubscription(t.Context(), srv, domain, owner, plan, ""); err != nil {
		t.Fatal(err)
	}
}
