// The way to a server: credentials go to the host that they are for, and nothing is written.

package export

import (
	"testing"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

// login is a PleskServer for a simulator, with its administrator's credentials.
func login(srv *plesksim.Server) (*v1alpha1.PleskServer, *corev1.Secret) {
	return credentialsFor(srv, plesksim.DefaultLogin, plesksim.DefaultPassword)
}

// credentialsFor is a PleskServer for a simulator, with the credentials of an account there.
func credentialsFor(srv *plesksim.Server, username, password string) (*v1alpha1.PleskServer, *corev1.Secret) {
	return &v1alpha1.PleskServer{ObjectMeta: metav1.ObjectMeta{Name: "web-01"}, Spec: v1alpha1.PleskServerSpec{URL: srv.URL()}},
		&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "web-01-admin"}, Type: corev1.SecretTypeOpaque, Data: map[string][]byte{
			"url": []byte(srv.URL()), "username": []byte(username), "password": []byte(password), "ca.crt": srv.CA(),
		}}
}

func TestAServerIsReadByTheRulesOfTheOperator(t *testing.T) {
	g := NewWithT(t)
	sim, _ := controllertest.Simulated(t)
	controllertest.AddCustomer(t, sim, "acme")
	reach := engine.Reach{Addresses: xmlapi.Loopback}
	srv, credentials := login(sim)

	from, err := Open(t.Context(), srv, credentials, nil, reach, "test")
	g.Expect(err).NotTo(HaveOccurred())
	defer from.Close()
	g.Expect(from.Role).To(Equal(v1alpha1.RoleAdministrator))
	g.Expect(from.GUID).NotTo(BeEmpty())
	g.Expect(from.Fit("it says " + plesksim.DefaultPassword)).NotTo(ContainSubstring(plesksim.DefaultPassword))
	r, err := Run(t.Context(), from, controller.Exports(), Options{GUID: from.GUID, Role: from.Role, Server: v1alpha1.ServerReference{Name: "web-01"}}, &told{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.names()).To(ContainElement("PleskCustomer/acme"))

	sim.ResetStats()
	_, err = customer.Del.One(t.Context(), from, xmlapi.FilterRequest{Filter: customer.ByLogin("acme")})
	g.Expect(err).To(HaveOccurred(), "whatever is asked, nothing is written")
	_, err = Open(t.Context(), srv, credentials, nil, engine.Reach{}, "test")
	g.Expect(err).To(HaveOccurred(), "loopback is out of reach")
	elsewhere := credentials.DeepCopy()
	elsewhere.Data["url"] = []byte("https://other.example:8443")
	_, err = Open(t.Context(), srv, elsewhere, nil, reach, "test")
	g.Expect(err).To(MatchError(ContainSubstring("does not say that it is for")))
	g.Expect(sim.Stats()).To(BeZero(), "not even the head of a packet has left since")

	another := srv.DeepCopy()
	another.Status.GUID = "00000000-0000-4000-8000-000000000000"
	_, err = Open(t.Context(), another, credentials, nil, reach, "test")
	g.Expect(err).To(MatchError(ContainSubstring("is expected")))
}
