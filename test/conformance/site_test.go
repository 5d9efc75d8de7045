// A site: one simulated Plesk, its PleskServer, and what is done there behind the operator's back.

package conformance

import (
	"fmt"
	"strings"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// droppedPackets is the fault of a line that is cut.
var droppedPackets = plesksim.Fault{Drop: true}

// injectedText is in every refusal that a test has asked for.
const injectedText = "Injected failure."

// site is one Plesk server of a world.
type site struct {
	*world
	name    string
	plesk   *plesksim.Server
	server  *v1alpha1.PleskServer
	strike  atomic.Value // the mode of the packet fault that is armed
	onWrite atomic.Pointer[func()]
}

// newSite starts a simulator of a platform whose every packet is validated, and makes its PleskServer, which deletes what its objects leave.
func (w *world) newSite(os plesksim.OS, change ...func(*v1alpha1.PleskServer)) *site {
	GinkgoHelper()
	w.mu.Lock()
	w.names++
	s := &site{world: w, name: fmt.Sprintf("web-%02d", w.names)}
	w.mu.Unlock()
	var err error
	s.plesk, err = plesksim.New(plesksim.Options{OS: os, OnPacket: s.onPacket, OnInvalidAnswer: func(err error, request, answer []byte) {
		w.complain("the simulator's answer violates the grammar: %v\n%s\n%s", err, request, answer)
	}})
	w.Expect(err).NotTo(HaveOccurred())
	w.Expect(s.plesk.Start()).To(Succeed())
	w.mu.Lock()
	w.sites = append(w.sites, s)
	w.mu.Unlock()
	access := testbed.Access{URL: s.plesk.URL(), Login: plesksim.DefaultLogin, Password: plesksim.DefaultPassword, CA: s.plesk.CA()}
	srv, secrets := access.Server(w.ns, s.name)
	srv.Spec.EventPollInterval = metav1.Duration{Duration: w.poll}
	srv.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete
	srv.Spec.MaxDeletionsPerHour = new(int32(1000))
	for _, c := range change {
		c(srv)
	}
	for _, secret := range secrets {
		w.create(secret)
	}
	w.create(srv)
	s.server = srv
	w.eventuallyReady(srv)
	return s
}

// onPacket is told of every packet before its sender learns how it ended.
func (s *site) onPacket(p plesksim.Packet) {
	what := mode("")
	if p.Status == 0 {
		what, _ = s.strike.Load().(mode)
	}
	s.journal.packet(p, what)
	if p.Writes {
		if next := s.onWrite.Swap(nil); next != nil {
			(*next)()
		}
	}
	if what == killed {
		s.op.life().kill()
	}
	answer := string(p.Response)
	if strings.Contains(answer, "<errcode>1014</errcode>") && !strings.Contains(answer, injectedText) {
		s.complain("a packet violates the grammar:\n%s\n%s", p.Request, answer)
	}
}

// afterWrite arms a fault as soon as something has been written, and then tells how to end it.
func (s *site) afterWrite(f plesksim.Fault) <-chan func() {
	armed := make(chan func(), 1)
	s.onWrite.Store(new(func() { armed <- s.plesk.Inject(f) }))
	return armed
}

// common is what objects of a site have in their specs.
func (s *site) common() v1alpha1.CommonSpec {
	return v1alpha1.CommonSpec{ServerRef: &v1alpha1.ServerReference{Name: s.name}}
}

// secretName is that of the Secret with an object's password.
func (s *site) secretName() string { return s.name + "-password" }

// connectionName is that of the Secret that tells how to connect.
func (s *site) connectionName() string { return s.name + "-connection" }

// generated is a password that the operator makes.
func (s *site) generated() v1alpha1.SecretValue { return generatedIn(s.secretName()) }

func generatedIn(secret string) v1alpha1.SecretValue {
	return v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: secret, Key: "password"}, Generate: true}
}

// givePassword makes the Secret by hand.
func (s *site) givePassword(value string) {
	GinkgoHelper()
	s.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: s.secretName()}, StringData: map[string]string{"password": value}})
}

// do does something at the server behind the operator's back. It must succeed.
func do[Req any, Res xmlapi.Outcomer](s *site, op xmlapi.Operation[Req, Res], req Req) Res {
	GinkgoHelper()
	r, err := op.One(s, s.plesk, req)
	s.Expect(err).NotTo(HaveOccurred())
	return r
}

// findAll reads all that the server has of something behind the operator's back.
func findAll[Req any, Res xmlapi.Outcomer](s *site, op xmlapi.Operation[Req, Res], req Req) []Res {
	GinkgoHelper()
	r, err := op.All(s, s.plesk, req)
	if xmlapi.IsNotFound(err) {
		return nil
	}
	s.Expect(err).NotTo(HaveOccurred())
	return r
}
