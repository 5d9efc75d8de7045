// Credentials: they go to the server that their Secret names and to no other, whatever a PleskServer says.

package e2e

import (
	"net"
	"regexp"
	"strings"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// thief listens where credentials do not belong, and counts who comes.
type thief struct {
	address string
	calls   atomic.Int32
}

func newThief() *thief {
	GinkgoHelper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(l.Close)
	t := &thief{address: l.Addr().String()}
	go func() {
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			t.calls.Add(1)
			_ = conn.Close() // it came too far already
		}
	}()
	return t
}

var command = regexp.MustCompile(`kubectl -n (\S+) patch secret (\S+) --type merge -p '([^']+)'`)

// obey runs the command in what an object says.
func (w *world) obey(o client.Object) {
	GinkgoHelper()
	match := command.FindStringSubmatch(w.ready(o).Message)
	Expect(match).NotTo(BeNil())
	s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: match[1], Name: match[2]}}
	Expect(bed.Client.Patch(w, s, client.RawPatch(types.MergePatchType, []byte(match[3])))).To(Succeed())
}

// events lists the notes of the events of a reason about an object.
func (w *world) events(o client.Object, reason string) []string {
	GinkgoHelper()
	list := &corev1.EventList{}
	Expect(bed.Client.List(w, list, client.InNamespace(o.GetNamespace()))).To(Succeed())
	var notes []string
	for _, e := range list.Items {
		if e.InvolvedObject.UID == o.GetUID() && e.Reason == reason {
			notes = append(notes, e.Type+" "+e.Message)
		}
	}
	return notes
}

var _ = Describe("Credentials", func() {
	It("stay where they are when spec.url is edited, until their Secret names the new server", func() {
		w, t := readyWorld(), newThief()
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.URL = "https://" + t.address })
		w.eventuallySays(w.server, v1alpha1.ReasonInvalidSpec, `Secret "web-01-admin" does not say that it is for https://`+t.address, "no line is that origin")
		c := newCustomer("acme")
		w.create(c)
		w.eventuallySays(c, v1alpha1.ReasonServerNotReady)
		Consistently(t.calls.Load).Should(BeZero())

		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.URL = w.plesk.Access.URL })
		w.eventuallyReady(w.server, c)
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.URL = "https://" + t.address })
		w.eventuallySays(w.server, v1alpha1.ReasonInvalidSpec, "kubectl")
		w.obey(w.server)
		Eventually(t.calls.Load).ShouldNot(BeZero(), "the command in the message is the right one")
	})

	It("are not sent without encryption or verification, unless their Secret permits it, and then with a warning", func() {
		w, t := readyWorld(), newThief()
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.URL = "http://" + t.address })
		edit(w, w.admin(), func(s *corev1.Secret) { s.Data["url"] = []byte(w.plesk.Access.URL + "\nHTTP://" + t.address) })
		w.eventuallySays(w.server, v1alpha1.ReasonInvalidSpec, "spec.url begins with http:", "its key tls")
		Consistently(t.calls.Load).Should(BeZero())
		edit(w, w.admin(), func(s *corev1.Secret) { s.Data["tls"] = []byte("insecure\n") })
		Eventually(t.calls.Load).ShouldNot(BeZero())
		Eventually(w.events).WithArguments(w.server, "InsecureConnection").Should(ConsistOf(HavePrefix("Warning spec.url begins with http:")))

		blind := func(s *v1alpha1.PleskServer) {
			s.Spec.URL, s.Spec.TLS = w.plesk.Access.URL, &v1alpha1.ServerTLS{InsecureSkipVerify: true}
		}
		edit(w, w.server, blind)
		w.eventuallyReady(w.server)
		Eventually(w.events).WithArguments(w.server, "InsecureConnection").Should(ContainElement(HavePrefix("Warning spec.tls.insecureSkipVerify:")))
		edit(w, w.admin(), func(s *corev1.Secret) { delete(s.Data, "tls") })
		w.eventuallySays(w.server, v1alpha1.ReasonInvalidSpec, "spec.tls.insecureSkipVerify", "its key tls")
	})

	It("are not sent to a server that another certificate authority vouches for, until their Secret names it", func() {
		w := readyWorld()
		second, err := bed.Simulate(plesksim.Options{})
		Expect(err).NotTo(HaveOccurred())
		ca := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: w.ns, Name: "web-01-ca"}}
		edit(w, ca, func(s *corev1.Secret) { s.Data["ca.crt"] = second.Access.CA })
		w.eventuallySays(w.server, v1alpha1.ReasonInvalidSpec, `spec.tls.caBundleSecretRef: Secret "web-01-admin" does not name the certificate authority`)
		w.plesk.ResetStats()
		Consistently(func() int { return w.plesk.Stats().Packets }).Should(BeZero())
		w.obey(w.server)
		w.eventuallySays(w.server, v1alpha1.ReasonServerNotReady, "certificate", "spec.tls")
		edit(w, ca, func(s *corev1.Secret) { s.Data["ca.crt"] = w.plesk.Access.CA })
		w.eventuallySays(w.server, v1alpha1.ReasonInvalidSpec, "does not name the certificate authority")
		w.obey(w.server)
		w.eventuallyReady(w.server)
		edit(w, w.server, func(s *v1alpha1.PleskServer) { s.Spec.TLS = nil })
		w.eventuallySays(w.server, v1alpha1.ReasonInvalidSpec, "names the certificate authorities to trust", "none is given")
	})

	It("may come with their certificate authority, in one Secret", func() {
		w := newWorld(func(s *v1alpha1.PleskServer) { s.Spec.TLS, s.Spec.CredentialsSecretRef.Name = nil, "all-in-one" })
		w.eventuallySays(w.server, v1alpha1.ReasonSecretNotFound, `spec.credentialsSecretRef: Secret "all-in-one" not found`)
		s := w.plesk.Credentials(w.ns, "all-in-one")
		s.Type = corev1.SecretTypeBasicAuth
		w.create(s)
		w.eventuallyReady(w.server)
		edit(w, s, func(s *corev1.Secret) { delete(s.Data, "ca.crt") })
		w.eventuallySays(w.server, v1alpha1.ReasonServerNotReady, "certificate", "(spec.url, spec.tls; ", "key ca.crt)")
	})

	DescribeTable("are not taken from Secrets that were made for something else",
		func(kind corev1.SecretType, change func(*corev1.Secret)) {
			w := newWorld(func(s *v1alpha1.PleskServer) { s.Spec.CredentialsSecretRef.Name = "another" })
			s := w.plesk.Credentials(w.ns, "another")
			s.Type = kind
			change(s)
			w.create(s)
			w.eventuallySays(w.server, v1alpha1.ReasonInvalidSpec, `spec.credentialsSecretRef: Secret "another" is of type `+string(kind))
			Expect(w.plesk.Stats().Packets).To(BeZero())
		},
		Entry("a service account's token", corev1.SecretTypeServiceAccountToken, func(s *corev1.Secret) {
			s.Annotations = map[string]string{corev1.ServiceAccountNameKey: "default"}
		}),
		Entry("a TLS key", corev1.SecretTypeTLS, func(s *corev1.Secret) { s.Data["tls.crt"], s.Data["tls.key"] = nil, nil }),
		Entry("an SSH key", corev1.SecretTypeSSHAuth, func(s *corev1.Secret) { s.Data["ssh-privatekey"] = []byte("private") }),
	)

	DescribeTable("are not shown when the server tells them again, and its texts are short enough to be kept",
		func(text string) {
			w := readyWorld()
			w.plesk.Inject(plesksim.Fault{Operator: "server", Operation: "get", Code: 1001, Text: strings.ReplaceAll(text, "PASSWORD", w.plesk.Password)})
			w.eventuallySays(w.server, v1alpha1.ReasonCredentialsRejected, "[redacted]")
			said := w.ready(w.server).Message
			Expect(len(said)).To(BeNumerically("<=", 1000))
			Expect(said).NotTo(Or(ContainSubstring(w.plesk.Password), ContainSubstring("\x1b")))
			Eventually(w.events).WithArguments(w.server, v1alpha1.ReasonCredentialsRejected).Should(ConsistOf("Warning " + said))
		},
		Entry("in a sentence", "The password \"PASSWORD\" of admin is wrong."),
		Entry("in a text of 40 kB", "PASSWORD"+strings.Repeat(" is wrong, PASSWORD", 2_000)),
		Entry("in colours", "\x1b[31mPASSWORD\x1b[0m is wrong"),
	)

	It("that cannot be sent are named by their Secret and key", func() {
		w := newWorld()
		w.eventuallyReady(w.server)
		edit(w, w.admin(), func(s *corev1.Secret) { s.Data["password"] = []byte(w.plesk.Password + "\n") })
		w.eventuallySays(w.server, v1alpha1.ReasonInvalidSpec, `spec.credentialsSecretRef: Secret "web-01-admin", key password: it ends with a line end`)
		edit(w, w.admin(), func(s *corev1.Secret) { delete(s.Data, "password") })
		w.eventuallySays(w.server, v1alpha1.ReasonSecretNotFound, "username", "password", "secretKey")
	})
})

var _ = Describe("The operator's own network", func() {
	It("cannot be looked around in by a PleskServer", func() {
		w, t := newWorld(), newThief()
		_, port, err := net.SplitHostPort(t.address)
		Expect(err).NotTo(HaveOccurred())
		says := map[string]string{}
		for name, port := range map[string]string{"somebody": port, "nobody": "9"} {
			// To the kernel this address is the machine itself; the operator of these tests may talk to 127.0.0.0/8 only.
			srv, secrets := testbed.Access{URL: "https://0.0.0.0:" + port, Login: "admin", Password: "Panel-2031-x", CA: w.plesk.Access.CA}.Server(w.ns, name)
			for _, s := range secrets {
				w.create(s)
			}
			w.create(srv)
			w.eventuallySays(srv, v1alpha1.ReasonInvalidSpec)
			says[name] = w.ready(srv).Message
		}
		Expect(says["somebody"]).To(Equal(says["nobody"]))
		Expect(t.calls.Load()).To(BeZero())
	})
})
