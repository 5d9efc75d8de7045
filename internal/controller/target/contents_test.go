// What lies in a subscription, as servers of every age tell it.

package target

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/certificate"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// inhabited is a server of a version with a subscription, an add-on site and a subdomain of each.
func inhabited(t *testing.T, protocol string) (*plesksim.Server, engine.Identity) {
	t.Helper()
	g := NewWithT(t)
	srv, err := plesksim.New(plesksim.Options{Protocol: protocol, OnInvalidAnswer: func(err error, _, _ []byte) { t.Error(err) }})
	g.Expect(err).NotTo(HaveOccurred())
	return srv, inhabit(t, srv)
}

// inhabit makes a subscription with things in it.
func inhabit(t *testing.T, srv *plesksim.Server) engine.Identity {
	t.Helper()
	g := NewWithT(t)
	answer := string(srv.Packet([]byte(`<packet>
		<webspace><add><gen_setup><name>acme.example</name><htype>vrt_hst</htype><ip_address>198.51.100.7</ip_address></gen_setup><hosting><vrt_hst>
			<property><name>ftp_login</name><value>acme</value></property><property><name>ftp_password</name><value>Mossy-Gate-2026!</value></property>
			<ip_address>198.51.100.7</ip_address></vrt_hst></hosting></add></webspace>
		<site><add><gen_setup><name>bücher.example</name><webspace-id>1</webspace-id></gen_setup></add></site>
		<subdomain><add><parent>acme.example</parent><name>shop</name></add></subdomain>
		<subdomain><add><parent>bücher.example</parent><name>blog</name></add></subdomain>
		<site-alias><create><site-id>1</site-id><name>Äcme-shop.example</name></create></site-alias>
		<mail><create><filter><site-id>1</site-id><mailname><name>info</name></mailname></filter></create></mail></packet>`)))
	g.Expect(strings.Count(answer, "<status>ok</status>")).To(Equal(6), answer)
	own, err := site.Get.One(t.Context(), srv, site.GetRequest{Filter: site.ByID(1).Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
	g.Expect(err).NotTo(HaveOccurred())
	return engine.Identity{ID: "1", GUID: own.Data.GenInfo.GUID}
}

func namesOf(contents []engine.Content) []string {
	var out []string
	for _, c := range contents {
		out = append(out, c.Kind+" "+c.Name)
	}
	return out
}

var lyingInAcme = []string{
	"PleskSite xn--bcher-kva.example", "PleskSubdomain shop.acme.example", "PleskSubdomain blog.xn--bcher-kva.example", "PleskSiteAlias äcme-shop.example",
	"PleskMailAccount info",
}

func TestContentsOnServersOfEveryAge(t *testing.T) {
	for _, protocol := range []string{"1.6.4.0", "1.6.5.0", plesksim.NewestVersion} {
		srv, id := inhabited(t, protocol)
		contents, err := SubscriptionContents(t.Context(), srv, id)
		g := NewWithT(t)
		g.Expect(err).NotTo(HaveOccurred(), protocol)
		g.Expect(namesOf(contents)).To(ConsistOf(lyingInAcme), protocol)
		for _, c := range contents {
			switch c.Kind {
			case "PleskSite", "PleskSubdomain":
				g.Expect(c.GUID).NotTo(BeEmpty(), c.Name)
			case "PleskSiteAlias":
				g.Expect(c).To(And(HaveField("Key.Name", "xn--cme-shop-zza.example"), HaveField("Around", id.GUID)), "as its resource records it")
			}
		}
	}
}

// TestContentsThatAreNotFoundAreUnknown: of a subscription that is there, it is no error that nothing of a sort lies in it. One that the server does not
// find by this or that operator may be full.
func TestContentsThatAreNotFoundAreUnknown(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	id := inhabit(t, srv)
	asked := map[string]bool{}
	_, err := SubscriptionContents(t.Context(), controllertest.DoerFunc(func(calls []xmlapi.Caller) error {
		for _, call := range calls {
			asked[call.Operator()+"/"+call.Operation()] = true
		}
		return c.Do(t.Context(), calls...)
	}), id)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(len(asked)).To(BeNumerically(">=", 8), "%v", asked)
	for name := range asked {
		for _, code := range []int{xmlapi.CodeNotFound, xmlapi.CodeOwnerNotFound} {
			op, operation, _ := strings.Cut(name, "/")
			remove := srv.Inject(plesksim.Fault{Operator: op, Operation: operation, Code: code})
			_, err := SubscriptionContents(t.Context(), c, id)
			g.Expect(err).To(HaveOccurred(), "%s %d", name, code)
			remove()
		}
	}
}

// onlyDirect is a server whose list of a subscription's sites leaves out subdomains.
type onlyDirect struct{ *plesksim.Server }

// Do implements xmlapi.Doer.
func (o onlyDirect) Do(ctx context.Context, calls ...xmlapi.Caller) error {
	if err := o.Server.Do(ctx, calls...); err != nil {
		return err
	}
	for _, c := range calls {
		if sites, ok := c.(*xmlapi.Call[site.GetRequest, site.GetResult]); ok {
			for i := len(sites.Results) - 1; i >= 0; i-- {
				if d := sites.Results[i].Data; d != nil && strings.Count(d.GenInfo.Name, ".") > 1 {
					sites.Results = append(sites.Results[:i], sites.Results[i+1:]...)
				}
			}
		}
	}
	return nil
}

// What one operator does not show the other does, so that nothing goes unnoticed.
func TestContentsByTheSubdomainOperatorAlone(t *testing.T) {
	g := NewWithT(t)
	srv, id := inhabited(t, "1.6.4.0")
	contents, err := SubscriptionContents(t.Context(), onlyDirect{srv}, id)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(namesOf(contents)).To(ConsistOf(lyingInAcme))
}

// A subdomain that something refers to lies in the sites above it, too, and in whichever account has the id of the owner: whoever describes one of those is not to find others' things in it.
func TestASubdomainLiesInTheSiteAboveIt(t *testing.T) {
	g := NewWithT(t)
	srv, id := inhabited(t, plesksim.NewestVersion)
	for name, kinds := range map[string][]string{
		"acme.example":        {"PleskSubscription", "PleskCustomer", "PleskReseller"},
		"bücher.example":      {"PleskSite", "PleskSubscription", "PleskCustomer", "PleskReseller"},
		"shop.acme.example":   {"PleskSubdomain", "PleskSubscription", "PleskCustomer", "PleskReseller"},
		"blog.bücher.example": {"PleskSubdomain", "PleskSite", "PleskSubscription", "PleskCustomer", "PleskReseller"},
	} {
		r, err := FindSite(t.Context(), srv, name)
		g.Expect(err).NotTo(HaveOccurred(), name)
		got := []string{r.Kind}
		for _, o := range r.In {
			got = append(got, o.Kind)
			if o.Kind == "PleskSubscription" {
				g.Expect(o.Identity).To(Equal(id), name)
			}
		}
		g.Expect(got).To(Equal(kinds), name)
	}
	r, err := FindSite(t.Context(), srv, "nowhere.example")
	g.Expect(r, err).To(BeNil())
}

// Each site has certificates of its own, which go with it.
func TestCertificatesOfEachSite(t *testing.T) {
	g := NewWithT(t)
	srv, id := inhabited(t, plesksim.NewestVersion)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	g.Expect(err).NotTo(HaveOccurred())
	der, err := x509.MarshalPKCS8PrivateKey(key)
	g.Expect(err).NotTo(HaveOccurred())
	content := certificate.Content{Key: xmlapi.Secret(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))}
	for _, domain := range []string{"acme.example", "bücher.example"} {
		_, err := certificate.Install.One(t.Context(), srv, certificate.InstallRequest{Name: "of " + domain, Repository: hosting.OfSite(domain), Content: content})
		g.Expect(err).NotTo(HaveOccurred())
	}
	contents, err := SubscriptionContents(t.Context(), srv, id)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(namesOf(contents)).To(ConsistOf(append([]string{"PleskCertificate of acme.example", "PleskCertificate of bücher.example"}, lyingInAcme...)))

	further, err := FindSite(t.Context(), srv, "bücher.example")
	g.Expect(err).NotTo(HaveOccurred())
	contents, err = SiteContents(t.Context(), srv, further.Identity, "bücher.example")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(namesOf(contents)).To(ConsistOf("PleskSubdomain blog.xn--bcher-kva.example", "PleskCertificate of bücher.example"))
	g.Expect(contents).To(ContainElement(And(HaveField("Kind", "PleskCertificate"), HaveField("ID", further.GUID+"/of bücher.example"), HaveField("Key.Within.GUID", further.GUID))))
}
