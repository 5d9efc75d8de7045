// What the server describes: asked before anything is written, about that alone, and no reason to refuse where it is not known.

package engine

import (
	"crypto/x509"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"github.com/prometheus/client_golang/prometheus"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// worded is a kind whose name is that of a permission. What writes would reach a method that it does not have.
type worded struct {
	Kind[*v1alpha1.PleskCustomer, sample]
}

func (worded) Observe(*v1alpha1.PleskCustomer, *Found[sample]) {}

func (worded) Described(values sample) []Described {
	if values.Name == nil {
		return nil
	}
	return []Described{{Field: "name", In: webspace.Descriptors.Permissions, Name: *values.Name, Value: "true"}}
}

// wordedPass is a pass of the kind on a simulated server.
func wordedPass(t *testing.T, name string) (*customerPass, *plesksim.Server, *clocktesting.FakeClock) {
	t.Helper()
	g := NewWithT(t)
	sim, err := plesksim.New(plesksim.Options{OnInvalidAnswer: func(err error, _, _ []byte) { t.Error(err) }})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(sim.Start()).To(Succeed())
	t.Cleanup(sim.Close)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(sim.CA())
	c, err := xmlapi.New(xmlapi.Config{URL: sim.URL(), Username: plesksim.DefaultLogin, Password: plesksim.DefaultPassword, RootCAs: roots, Addresses: xmlapi.Loopback})
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(c.Close)
	is, err := server.Get.One(t.Context(), sim, server.GetRequest{GenInfo: &xmlapi.Empty{}})
	g.Expect(err).NotTo(HaveOccurred())

	clock := clocktesting.NewFakeClock(time.Unix(1e9, 0))
	p := lone(t, clock)
	p.kind, p.access, p.server = worded{}, &access{privileged: true, own: true}, &v1alpha1.PleskServer{}
	p.server.Status.GUID = is.GenInfo.GUID
	p.session = session.New(session.Config{Client: c, Parallel: 2, Metrics: session.NewMetrics(prometheus.NewRegistry()), Now: clock.Now})
	p.want = sample{Name: &name, Active: new(true)}
	return p, sim, clock
}

func TestNothingIsCreatedThatTheServerDoesNotHave(t *testing.T) {
	g := NewWithT(t)
	p, sim, _ := wordedPass(t, "manage_dnss")
	v := p.absent(t.Context())
	g.Expect(v).NotTo(BeNil())
	g.Expect([]any{v.reason, v.state, v.pace}).To(Equal([]any{v1alpha1.ReasonInvalidSpec, stateStalled, paceResync}))
	g.Expect(v.message).To(HavePrefix(`spec.name: this server has no "manage_dnss", but manage_dns, `))
	g.Expect(p.o.Status.Pending).To(BeNil(), "nothing was begun")
	g.Expect(p.o.Finalizers).To(BeEmpty())
	g.Expect(sim.Stats().Writes).To(BeZero())
}

func TestNothingIsWrittenThatTheServerDoesNotHave(t *testing.T) {
	g := NewWithT(t)
	p, _, _ := wordedPass(t, "manage_dnss")
	p.found = &Found[sample]{Value: sample{Name: new("manage_dns"), Active: new(true)}}
	v := p.converge(t.Context())
	g.Expect(v).NotTo(BeNil())
	g.Expect(v.reason).To(Equal(v1alpha1.ReasonInvalidSpec))
}

// What is there is not asked about, whether the server still describes it or not.
func TestWhatIsNotWrittenIsNotAskedAbout(t *testing.T) {
	g := NewWithT(t)
	p, sim, _ := wordedPass(t, "of_yesterday")
	p.found = &Found[sample]{Value: p.want}
	g.Expect(p.converge(t.Context())).To(BeNil())
	g.Expect(p.askServer(t.Context(), sample{Active: new(true)})).To(BeNil())
	g.Expect(sim.Stats().Packets).To(BeZero())
}

func TestWhatCannotBeKnownIsNotRefused(t *testing.T) {
	for _, fault := range []plesksim.Fault{
		{Code: xmlapi.CodePermissionDenied}, {Code: xmlapi.CodeUnsupportedByVersion}, {Code: xmlapi.CodeFailed}, {Drop: true}, {Without: []string{"descriptor/property"}},
		{Code: xmlapi.CodeUnsupportedByVersion, System: true}, {Code: xmlapi.CodeAuthentication, System: true},
	} {
		g := NewWithT(t)
		p, sim, _ := wordedPass(t, "manage_dnss")
		fault.Operation = "get-permission-descriptor"
		sim.Inject(fault)
		g.Expect(p.askServer(t.Context(), p.want)).To(BeNil(), "%+v", fault)
		g.Expect(sim.Stats().Operations["webspace/get-permission-descriptor"]).To(Equal(1))
	}
}

// Nobody is refused for what was known before they acted; and many who are refused do not ask each.
func TestRefusalsComeFromWhatIsKnownNow(t *testing.T) {
	g := NewWithT(t)
	p, sim, clock := wordedPass(t, "ext_permission_docker_manage_docker")
	asked := func() int { return sim.Stats().Operations["webspace/get-permission-descriptor"] }
	for range 10 {
		g.Expect(p.askServer(t.Context(), p.want)).NotTo(BeNil())
	}
	g.Expect(asked()).To(Equal(1))
	_, err := extension.Install.One(t.Context(), sim, extension.InstallRequest{ID: new("docker")})
	g.Expect(err).NotTo(HaveOccurred())
	clock.Step(refusingAge - time.Second)
	g.Expect(p.askServer(t.Context(), p.want)).NotTo(BeNil())
	clock.Step(time.Second)
	g.Expect(p.askServer(t.Context(), p.want)).To(BeNil())
	clock.Step(session.DescriptorAge - time.Second)
	g.Expect(p.askServer(t.Context(), p.want)).To(BeNil())
	g.Expect(asked()).To(Equal(2), "what is possible is not asked for again so soon")
}
