// The server's addresses against a simulated Plesk: added, changed one thing at a time, and kept where something uses them.

package address

import (
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func FuzzNormalIPAddress(f *testing.F) { controllertest.FuzzNormal(f, IPAddress{}) }

// anAddress is a resource on its way through passes.
type anAddress = controllertest.Object[*v1alpha1.PleskIPAddress, addressValue]

const newAddress = `spec: {serverRef: {name: web-01}, address: 198.51.100.9, prefixLength: 24, interface: eth0, type: Shared}`

func newAddressObject(t *testing.T, d xmlapi.Doer, manifest string) *anAddress {
	t.Helper()
	return &anAddress{T: t, Kind: IPAddress{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskIPAddress{}, manifest)}
}

// addressOn is what the server shows of an address, nil for nothing.
func addressOn(t *testing.T, srv *plesksim.Server, address string) *ip.Info {
	t.Helper()
	r, err := ip.Get.One(t.Context(), srv, xmlapi.EmptyRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range r.Addresses.Info {
		if i.Address == address {
			return &i
		}
	}
	return nil
}

func TestAddressArrives(t *testing.T) {
	for _, c := range []struct {
		spec, address string
		netmask       string
	}{
		{newAddress, "198.51.100.9", "255.255.255.0"},
		{`spec: {serverRef: {name: web-01}, address: "2001:DB8:0::9", prefixLength: 64, interface: eth0, type: Exclusive}`, "2001:db8::9", "64"},
		{`spec: {serverRef: {name: web-01}, address: 198.51.100.9, prefixLength: 32, interface: eth0, type: Shared, publicAddress: 203.0.113.9}`, "198.51.100.9", "255.255.255.255"},
	} {
		g := NewWithT(t)
		srv, client := controllertest.Simulated(t)
		x := newAddressObject(t, client, c.spec)
		x.Settle()
		g.Expect(x.ID).To(Equal(engine.Identity{ID: c.address}))
		is := addressOn(t, srv, c.address)
		g.Expect(is).NotTo(BeNil(), c.address)
		g.Expect([]string{is.Netmask, is.Interface}).To(Equal([]string{c.netmask, "eth0"}))
		g.Expect(x.O.Status.Observed.Type).To(Equal(*x.O.Spec.Type))
		if p := x.O.Spec.PublicAddress; p != nil {
			g.Expect(is.PublicAddress).To(HaveValue(Equal(*p)))
			g.Expect(x.O.Status.Observed.PublicAddress).To(Equal(*p))
		}
	}
}

// What is there is known in any spelling, and nothing but what the spec sets is compared.
func TestAddressesThatAreThere(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	for _, spec := range []string{
		`address: 198.51.100.7`, `address: 198.51.100.7, prefixLength: 24, interface: eth0, type: Shared, publicAddress: ""`, `address: 198.51.100.7, publicAddress: 198.51.100.7`,
		`address: "2001:0DB8::0007", prefixLength: 64`, `address: 198.51.100.8, type: Exclusive`,
	} {
		g.Expect(newAddressObject(t, c, `spec: {serverRef: {name: web-01}, `+spec+`}`).Settle()).To(BeEmpty(), spec)
	}
	changes, err := newAddressObject(t, c, `spec: {serverRef: {name: web-01}, address: 198.51.100.7, prefixLength: 25, interface: eth1}`).Pass()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(changes).To(Equal([]engine.Change{
		{Field: "prefixLength", From: "24", To: "25", Immutable: true}, {Field: "interface", From: "eth0", To: "eth1", Immutable: true},
	}))
}

func TestAddressChanges(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newAddressObject(t, c, newAddress)
	x.Settle()
	x.Edit(`spec: {type: Exclusive}`, "type")
	x.Edit(`spec: {type: Shared, publicAddress: 203.0.113.9}`, "publicAddress", "type")
	is := addressOn(t, srv, "198.51.100.9")
	g.Expect(is.Type).To(Equal(ip.Shared))
	g.Expect(is.PublicAddress).To(HaveValue(Equal("203.0.113.9")))
	x.Edit(`spec: {publicAddress: ""}`, "publicAddress")
	g.Expect(addressOn(t, srv, "198.51.100.9").PublicAddress).To(BeNil())
	g.Expect(addressOn(t, srv, "198.51.100.8").Type).To(Equal(ip.Exclusive), "a neighbour is as it was")
}

func TestAddressNeedsItsNetworkToBeAdded(t *testing.T) {
	for lacking, spec := range map[string]string{
		"spec.prefixLength": `interface: eth0, type: Shared`,
		"spec.interface":    `prefixLength: 24, type: Shared`,
		"spec.type":         `prefixLength: 24, interface: eth0`,
	} {
		g := NewWithT(t)
		srv, c := controllertest.Simulated(t)
		_, err := newAddressObject(t, c, `spec: {serverRef: {name: web-01}, address: 198.51.100.9, `+spec+`}`).Pass()
		invalid, ok := errors.AsType[*engine.InvalidError](err)
		g.Expect(ok).To(BeTrue(), "%v", err)
		g.Expect(invalid.Field).To(Equal(lacking))
		g.Expect(addressOn(t, srv, "198.51.100.9")).To(BeNil())
	}
}

// Who uses an address is asked before it goes; what does not say which it uses may use it.
func TestAddressDeletion(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newAddressObject(t, c, newAddress)
	x.Settle()
	found := x.There("198.51.100.9")
	contents := func(of *engine.Found[addressValue]) []engine.Content {
		t.Helper()
		out, err := IPAddress{}.Contents(t.Context(), c, of)
		g.Expect(err).NotTo(HaveOccurred())
		return out
	}
	for domain, address := range map[string]string{"acme.example": "198.51.100.9", "other.example": "198.51.100.7"} {
		_, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, IPAddresses: []string{address}}})
		g.Expect(err).NotTo(HaveOccurred())
	}
	controllertest.AddReseller(t, srv, "north") // on the server's first address
	acme, err := target.FindSubscription(t.Context(), c, "acme.example")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents(found)).To(Equal([]engine.Content{{Kind: "PleskSubscription", Identity: acme.Identity, Key: acme.Key, Name: "acme.example"}}))
	g.Expect(IPAddress{}.Delete(t.Context(), c, found)).NotTo(Succeed(), "Plesk does not remove it either")

	first := &engine.Found[addressValue]{Identity: engine.Identity{ID: "198.51.100.7"}}
	g.Expect(contents(first)).To(ConsistOf(HaveField("Name", "other.example"), And(HaveField("Kind", "PleskReseller"), HaveField("Name", "north"))))

	_, err = webspace.Del.One(t.Context(), srv, xmlapi.FilterRequest{Filter: webspace.ByName("acme.example")})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(contents(found)).To(BeEmpty())
	g.Expect(IPAddress{}.Delete(t.Context(), c, &engine.Found[addressValue]{})).NotTo(Succeed(), "without an address nothing is deleted")
	another := *found
	another.ID = "198.51.100.8"
	g.Expect(IPAddress{}.Delete(t.Context(), c, &another)).NotTo(Succeed(), "nor is one that is not what was found")
	g.Expect(IPAddress{}.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(addressOn(t, srv, "198.51.100.9")).To(BeNil())
	gone, err := x.Find(engine.Key{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(gone).To(BeNil())
}

// A list that cannot be right says nothing, and neither do subscriptions without addresses.
func TestDoubtfulAddresses(t *testing.T) {
	const info = `<ip_info><ip_address>198.51.100.9</ip_address><netmask>255.255.255.0</netmask><type>shared</type><interface>eth0</interface></ip_info>`
	for _, list := range []string{`<addresses/>`, ``, `<addresses>` + info + info + `</addresses>`} {
		g := NewWithT(t)
		_, err := IPAddress{}.Find(t.Context(), controllertest.Recorded(`<packet><ip><get><result><status>ok</status>`+list+`</result></get></ip></packet>`), engine.Handle{Key: engine.Key{Name: "198.51.100.9"}})
		g.Expect(err).To(HaveOccurred(), list)
	}
	g := NewWithT(t)
	const silent = `<packet><webspace><get><result><status>ok</status><id>4</id><data><gen_info><name>acme.example</name><ascii-name>acme.example</ascii-name><guid>g-4</guid></gen_info></data></result></get></webspace>` +
		`<reseller><get/></reseller></packet>`
	_, err := IPAddress{}.Contents(t.Context(), controllertest.Recorded(silent), &engine.Found[addressValue]{Identity: engine.Identity{ID: "198.51.100.9"}})
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "%v", err)
}

func TestPrefixes(t *testing.T) {
	for text, want := range map[string]int{
		"255.255.255.0": 24, "255.255.255.255": 32, "255.0.0.0": 8, "128.0.0.0": 1, "/64": 64, "64": 64, "ffff:ffff:ffff:ffff::": 64, "255.255.252.0": 22,
		"255.0.255.0": -1, "mask": -1, "": -1,
	} {
		got := prefixLength(text)
		if want < 0 && got != nil || want >= 0 && (got == nil || *got != want) {
			t.Errorf("%q: %v, want %d", text, got, want)
		}
	}
}

// A refusal names the field that it is about.
func TestAddressRefusals(t *testing.T) {
	_, c := controllertest.Simulated(t)
	for spec, field := range map[string]string{
		`address: 198.51.100.9, prefixLength: 24, interface: eth7, type: Shared`: "spec.interface",
		`address: 198.51.100.7, certificateName: none`:                           "spec.certificateName",
	} {
		g := NewWithT(t)
		x := newAddressObject(t, c, `spec: {serverRef: {name: web-01}, `+spec+`}`)
		_, err := x.Pass()
		if err == nil {
			found := x.There(x.O.Spec.Address)
			err = x.Update(found, addressValue{Certificate: x.O.Spec.CertificateName}, []engine.Change{{Field: "certificateName"}})
		}
		g.Expect(err).To(HaveOccurred(), spec)
		if e, ok := errors.AsType[*xmlapi.Error](err); ok && engine.FieldOf(IPAddress{}, e) == field {
			continue
		}
		g.Expect(err).To(MatchError(ContainSubstring(field)))
	}
}
