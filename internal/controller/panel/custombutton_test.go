// Custom buttons against a simulated Plesk: whose they are, what they show, and how all of them are listed.

package panel

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ui"
)

func FuzzNormalCustomButton(f *testing.F) { controllertest.FuzzNormal(f, CustomButton{}) }

// aButton is a resource on its way through passes.
type aButton = controllertest.Object[*v1alpha1.PleskCustomButton, customButtonValue]

func newButton(t *testing.T, d xmlapi.Doer, manifest string, refs map[string]engine.Resolved) *aButton {
	t.Helper()
	return &aButton{T: t, Kind: CustomButton{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskCustomButton{}, manifest), In: engine.NewInputs("", refs, nil)}
}

func TestCustomButtonArrives(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newButton(t, c, `spec: {serverRef: {name: web-01}, place: DomainProperties, text: "Help  desk", url: "https://help.example.com/", helpText: Ask us, sortKey: 5,
		icon: /opt/desk.png, public: true, openInPanel: true, noFrame: true, urlComponents: [Email, DomainName]}`, nil)
	x.Settle()
	id, err := engine.Number(x.ID.ID)
	g.Expect(err).NotTo(HaveOccurred())
	r, err := ui.GetCustomButton.One(t.Context(), srv, ui.GetCustomButtonRequest{Filter: ui.CustomButtonFilter{IDs: []int64{id}}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.Owner.Admin).NotTo(BeNil())
	g.Expect(r.Properties).To(Equal(ui.CustomButtonProperties{
		SortKey: new(5), Help: new("Ask us"), File: new("/opt/desk.png"), Public: new(true), Internal: new(true), NoFrame: new(true),
		Place: "domain-properties", URL: "https://help.example.com/", Text: "Help desk",
	}))
	g.Expect(r.URLComponents).To(Equal(ui.URLComponents{DomainName: &xmlapi.Empty{}, Email: &xmlapi.Empty{}}))
	g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedCustomButton{
		URLComponents: []v1alpha1.CustomButtonURLComponent{"DomainName", "Email"}, HelpText: "Ask us", SortKey: 5, Icon: "/opt/desk.png",
		Public: true, OpenInPanel: true, NoFrame: true,
	}))
	g.Expect(x.Was.Name).To(Equal("administrator, DomainProperties: Help desk (https://help.example.com/)"))

	found := x.There(x.Was.Name)
	g.Expect(x.Kind.Delete(t.Context(), c, found)).To(Succeed())
	gone, err := x.Find(x.Was)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(gone).To(BeNil())
}

// Each place and each component has its word on the wire and comes back as it was.
func TestCustomButtonWords(t *testing.T) {
	_, c := controllertest.Simulated(t)
	for _, place := range []string{"Navigation", "Customer", "Domain", "DomainProperties", "Admin", "AdminSettings", "Reseller", "ResellerSettings"} {
		newButton(t, c, `spec: {serverRef: {name: web-01}, text: Desk, url: /desk, place: `+place+`}`, nil).Settle()
	}
	newButton(t, c, `spec: {serverRef: {name: web-01}, text: All, url: /desk, place: Admin, urlComponents:
		[DomainID, DomainName, FTPUser, FTPPassword, CustomerID, CompanyName, ContactName, Email]}`, nil).Settle()
}

// Accounts have buttons of their own, of the same name, and one list shows those of all.
func TestCustomButtonsOfAccounts(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	acme := controllertest.AddCustomer(t, srv, "acme")
	controllertest.AddReseller(t, srv, "north")
	r, err := reseller.Get.One(t.Context(), srv, reseller.GetRequest{Filter: reseller.ByLogin("north").Query(), Dataset: reseller.Dataset{GenInfo: &xmlapi.Empty{}}})
	g.Expect(err).NotTo(HaveOccurred())
	north := engine.Resolved{Kind: "PleskReseller", Identity: engine.Identity{ID: engine.IDText(r.ID)}, Key: engine.Key{Name: "north"}}
	const same = `place: Navigation, text: Desk, url: "https://help.example.com/"}`
	admins := newButton(t, c, `spec: {serverRef: {name: web-01}, `+same, nil)
	customers := newButton(t, c, `spec: {serverRef: {name: web-01}, customerRef: {name: acme}, `+same, map[string]engine.Resolved{customButtonCustomer: acme})
	resellers := newButton(t, c, `spec: {serverRef: {name: web-01}, resellerRef: {name: north}, `+same, map[string]engine.Resolved{customButtonReseller: north})
	var handles []engine.Handle
	for _, x := range []*aButton{admins, customers, resellers} {
		x.Settle()
		handles = append(handles, x.Handle(x.Was))
	}
	g.Expect(controllertest.ExpectListed(t, CustomButton{}, c, 2, handles...)).To(HaveLen(3))
	found := customers.There(customers.Was.Name)
	g.Expect(found.In).To(Equal([]engine.Owner{{Kind: "PleskCustomer", Identity: engine.Identity{ID: acme.ID}}}))

	// By its name alone each is found among those of its owner.
	for _, x := range []*aButton{admins, customers, resellers} {
		found, err := CustomButton{}.Find(t.Context(), c, engine.Handle{Key: x.Was})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(found.ID).To(Equal(x.ID.ID))
	}
	_, err = CustomButton{}.Find(t.Context(), c, engine.Handle{Was: engine.Key{Name: "nobody, Navigation: Desk (/)"}})
	g.Expect(err).To(MatchError(ContainSubstring("names no owner")))
	_, err = CustomButton{}.Find(t.Context(), c, engine.Handle{Was: engine.Key{Name: "customer x, Navigation: Desk (/)"}})
	g.Expect(err).To(MatchError(ContainSubstring("not a positive number")))

	for _, p := range []struct {
		x      *aButton
		fields []string
	}{{admins, []string{"customerRef"}}, {customers, nil}, {resellers, []string{"resellerRef"}}} {
		_, w, err := CustomButton{}.Desired(p.x.O, p.x.In)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(engine.Privileges(CustomButton{}, w)).To(Equal(p.fields))
	}
	controllertest.Parse(t, customers.O, `spec: {urlComponents: [FTPPassword]}`)
	_, w, err := CustomButton{}.Desired(customers.O, customers.In)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(engine.Privileges(CustomButton{}, w)).To(Equal([]string{"urlComponents"}), "it hands out passwords")
}

// What the spec does not set is not compared, and what differs is the server's to keep: it changes nothing of a button.
func TestCustomButtonStays(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	newButton(t, c, `spec: {serverRef: {name: web-01}, place: Navigation, text: Desk, url: /desk, helpText: Ask us, public: true, urlComponents: [Email]}`, nil).Settle()
	x := newButton(t, c, `spec: {serverRef: {name: web-01}, place: Navigation, text: Desk, url: /desk}`, nil)
	g.Expect(x.Settle()).To(BeEmpty())
	controllertest.Parse(t, x.O, `spec: {helpText: "", public: false, urlComponents: []}`)
	changes, err := x.Pass()
	g.Expect(err).To(MatchError(errCustomButtonsStay))
	g.Expect(controllertest.FieldsOf(changes)).To(Equal([]string{"helpText", "public", "urlComponents"}))
	for _, change := range changes {
		g.Expect(change.Immutable).To(BeTrue())
	}
}
