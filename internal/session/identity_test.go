// As whom credentials call: each role is found out by what it may ask, and known by what it may see.

package session

import (
	"context"
	"crypto/x509"
	"errors"
	"testing"

	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/secretkey"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const accountPassword = "Mossy-Gate-2026!"

// addReseller makes a reseller, who may use the API or not, and returns its GUID.
func addReseller(g *WithT, sim *plesksim.Server, login string, api bool) string {
	r, err := reseller.Add.One(context.Background(), sim, reseller.AddRequest{
		GenInfo:     reseller.NewGenInfo{ContactName: "Nora North", Login: login, Password: accountPassword},
		Permissions: &hosting.ResellerPermissions{Permissions: []hosting.Permission{{Name: "remote_access_interface", Value: api}, {Name: "create_clients", Value: true}}},
	})
	g.Expect(err).NotTo(HaveOccurred())
	return r.GUID
}

func addCustomer(g *WithT, sim *plesksim.Server, login string) {
	_, err := customer.Add.One(context.Background(), sim, customer.AddRequest{GenInfo: customer.NewGenInfo{ContactName: "Ada Birch", Login: login, Password: accountPassword}})
	g.Expect(err).NotTo(HaveOccurred())
}

// addSubscription makes a subscription of a customer, and returns its GUID.
func addSubscription(g *WithT, sim *plesksim.Server, owner, domain string) string {
	r, err := webspace.Add.One(context.Background(), sim, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, OwnerLogin: &owner, IPAddresses: []string{"198.51.100.7"}}})
	g.Expect(err).NotTo(HaveOccurred())
	return r.GUID
}

// callAs makes a session with the credentials of an account, or with a key.
func callAs(t *testing.T, sim *plesksim.Server, login string, key xmlapi.Secret) *Session {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(sim.CA())
	c := xmlapi.Config{URL: sim.URL(), RootCAs: roots, Addresses: xmlapi.Loopback, Username: login, Password: accountPassword, SecretKey: key}
	if key != "" {
		c.Username, c.Password = "", ""
	}
	client, err := xmlapi.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{Name: "hosting/web-01", Client: client, Login: c.Username, Parallel: 4, Metrics: NewMetrics(prometheus.NewRegistry())})
	t.Cleanup(s.close)
	return s
}

// introduce asks for what the controller of PleskServer does.
func introduce(s *Session) (Introduction, error) {
	return s.Introduce(context.Background(), server.GetRequest{GenInfo: &xmlapi.Empty{}, Stat: &xmlapi.Empty{}}, func(Role) []xmlapi.Caller { return nil })
}

func TestEachRoleIsKnownByWhatItMayAsk(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	north := addReseller(g, sim, "north", true)
	addCustomer(g, sim, "acme")
	second, first := addSubscription(g, sim, "acme", "acme.example"), addSubscription(g, sim, "acme", "acme.test")
	if first > second {
		first, second = second, first
	}
	shown, err := webspace.Get.All(context.Background(), sim, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}})
	g.Expect(err).NotTo(HaveOccurred())
	for login, is := range map[string]Identity{
		"north": {Role: Reseller, GUID: north},
		"acme":  {Role: Customer, GUID: shown[0].Data.GenInfo.VendorGUID, Subscriptions: []string{first, second}},
	} {
		made, err := secretkey.Create.One(context.Background(), sim, secretkey.CreateRequest{Login: &login, IPAddress: new("127.0.0.1")})
		g.Expect(err).NotTo(HaveOccurred())
		for _, key := range []xmlapi.Secret{"", made.Key} {
			s := callAs(t, sim, login, key)
			g.Expect(introduce(s)).To(And(HaveField("Identity", is), HaveField("Server", BeNil()), HaveField("Protocols.Protos", Not(BeNil()))))
			sim.ResetStats()
			g.Expect(introduce(s)).To(HaveField("Identity", is))
			g.Expect(sim.Stats().Packets).To(Equal(1), "from then on it is asked as what it is")
			w := s.Witness(Foreground)
			w.Expect(is.GUID)
			w.ExpectOneOf(is.Subscriptions[:min(1, len(is.Subscriptions))])
			g.Expect(hello(w)).To(Succeed())
			g.Expect(w.GUID()).To(Equal(is.GUID))
			g.Expect(sim.Stats().Operations).NotTo(HaveKey("server/get"), "what the role may not ask is not asked")
		}
	}
	s := connect(t, sim, 4, plesksim.DefaultPassword)
	g.Expect(introduce(s)).To(And(HaveField("Identity", Identity{Role: Administrator, GUID: guidOf(t, sim)}), HaveField("Server.Stat", Not(BeNil()))))
}

func TestAnAdministratorIsNotTakenForTheOnlyReseller(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	addReseller(g, sim, "north", true)
	s := connect(t, sim, 4, plesksim.DefaultPassword)
	s.Login = plesksim.DefaultLogin
	sim.Inject(plesksim.Fault{Operator: "server", Operation: "get", Code: xmlapi.CodePermissionDenied})
	_, err := introduce(s)
	g.Expect(err).To(MatchError(ContainSubstring("one reseller, the caller")))
}

// Where nobody knows as whom the credentials call, the administrator's question is asked: for others it fails, and nothing is concluded.
func TestNothingIsConcludedBeforeTheRoleIsKnown(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	addReseller(g, sim, "north", true)
	w := callAs(t, sim, "north", "").Witness(Foreground)
	call := customer.Get.Call(customer.GetRequest{Filter: customer.ByLogin("acme").Query(), Dataset: customer.Dataset{GenInfo: &xmlapi.Empty{}}})
	g.Expect(xmlapi.ClassOf(w.Do(context.Background(), call))).To(Equal(xmlapi.Transient))
	_, err := call.One()
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient))
}

// After a restart objects come before the probe: what the credentials were the last time says that it has to be found out first.
func TestTheFirstWitnessFindsOutAsWhomItCalls(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	north := addReseller(g, sim, "north", true)
	for _, was := range []Role{Reseller, Customer} {
		s := callAs(t, sim, "north", "")
		s.Role = was
		sim.ResetStats()
		w := s.Witness(Foreground)
		g.Expect(hello(w)).To(Succeed())
		g.Expect(w.GUID()).To(Equal(north))
		g.Expect(sim.Stats().Packets).To(Equal(3), "an administrator's question, a reseller's, and what was asked")
		g.Expect(hello(s.Witness(Foreground))).To(Succeed())
		g.Expect(sim.Stats().Packets).To(Equal(4), "it is found out once")
	}

	s := callAs(t, sim, "north", "")
	s.Role = Reseller
	sim.Inject(plesksim.Fault{Operator: "reseller", Operation: "get", Code: xmlapi.CodeNotFound})
	err := add(s.Witness(Foreground))
	_, unsent := causes(err)
	g.Expect(unsent).To(BeTrue(), "%v", err)
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient))
	sim.ClearFaults()
	sim.Inject(plesksim.Fault{Code: xmlapi.CodePermissionDenied, System: true})
	g.Expect(hello(s.Witness(Foreground))).NotTo(Succeed())
	g.Expect(isClosed(hello(s.Witness(Foreground)))).To(BeTrue(), "and the next one asks nothing")
}

func TestACustomerIsKnownByItsSubscriptions(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	addCustomer(g, sim, "acme")
	s := callAs(t, sim, "acme", "")
	_, err := introduce(s)
	g.Expect(errors.Is(err, ErrNoSubscription)).To(BeTrue(), "%v", err)
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient))

	addSubscription(g, sim, "acme", "acme.example")
	is, err := introduce(s)
	g.Expect(err).NotTo(HaveOccurred())
	w := s.Witness(Foreground)
	w.Expect(is.GUID)
	w.ExpectOneOf([]string{"5f2c-0000"})
	err = hello(w)
	wrong, _ := causes(err)
	g.Expect(wrong).To(HaveField("Actual", ContainSubstring(is.Subscriptions[0])), "%v", err)
	g.Expect(wrong).To(HaveField("Expected", ContainSubstring("5f2c-0000")))
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient))

	g.Expect(hello(s.Witness(Foreground))).To(Succeed())
	_, err = webspace.Del.One(context.Background(), sim, xmlapi.FilterRequest{Filter: webspace.ByName("acme.example")})
	g.Expect(err).NotTo(HaveOccurred())
	err = hello(s.Witness(Foreground))
	g.Expect(errors.Is(err, ErrNoSubscription)).To(BeTrue(), "%v", err)
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "no subscription is no absence of anything else")
}

func TestARefusalOfEveryPacketIsNoRole(t *testing.T) {
	for name, refuse := range map[string]func(*WithT, *plesksim.Server){
		"a reseller without the permission": func(g *WithT, sim *plesksim.Server) { addReseller(g, sim, "north", false) },
		"an address that is not admitted": func(g *WithT, sim *plesksim.Server) {
			addReseller(g, sim, "north", true)
			sim.Inject(plesksim.Fault{Code: xmlapi.CodePermissionDenied, System: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			sim := start(t)
			refuse(g, sim)
			s := callAs(t, sim, "north", "")
			sim.ResetStats()
			_, err := introduce(s)
			g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Forbidden))
			g.Expect(sim.Stats().Packets).To(Equal(2), "no other role is tried")
			g.Expect(isClosed(hello(s))).To(BeTrue(), "the door is closed")
			g.Expect(sim.Stats().Packets).To(Equal(2))
			_, err = introduce(s)
			g.Expect(err).To(HaveOccurred())
			g.Expect(sim.Stats().Packets).To(Equal(3), "one packet sees whether that is still so")
			g.Expect(isClosed(hello(s))).To(BeTrue())
		})
	}
}

// A server may refuse the packet where others refuse the operation.
func TestARefusalOfOnePacketIsNotTakenForAll(t *testing.T) {
	g := NewWithT(t)
	sim := start(t)
	north := addReseller(g, sim, "north", true)
	s := callAs(t, sim, "north", "")
	sim.Inject(plesksim.Fault{Operator: "server", Operation: "get", Code: xmlapi.CodePermissionDenied, System: true})
	g.Expect(introduce(s)).To(HaveField("Identity", Identity{Role: Reseller, GUID: north}))
	g.Expect(s.Closed()).NotTo(HaveOccurred())

	admin := connect(t, sim, 4, plesksim.DefaultPassword)
	sim.ClearFaults()
	sim.Inject(plesksim.Fault{Operator: "event_log", Operation: "get-last-id", Code: xmlapi.CodePermissionDenied, System: true})
	with := eventlog.GetLastID.Call(xmlapi.EmptyRequest{})
	is, err := admin.Introduce(context.Background(), server.GetRequest{GenInfo: &xmlapi.Empty{}}, func(Role) []xmlapi.Caller { return []xmlapi.Caller{with} })
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(is.Role).To(Equal(Administrator), "what else was asked costs nobody the role")
	g.Expect(xmlapi.ClassOf(with.Err())).To(Equal(xmlapi.Forbidden))
}
