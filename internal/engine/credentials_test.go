// Credentials and what they are bound to, as a table of Secrets and servers.

package engine

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestOrigin(t *testing.T) {
	for raw, want := range map[string]string{
		"https://web-01.example:8443":          "https://web-01.example:8443",
		"HTTPS://Web-01.Example:08443/panel":   "https://web-01.example:8443",
		"https://web-01.example":               "https://web-01.example:443",
		"https://web-01.example:/":             "https://web-01.example:443",
		"http://web-01.example":                "http://web-01.example:80",
		"https://198.51.100.7:8443":            "https://198.51.100.7:8443",
		"https://[2001:DB8:0::7]:8443":         "https://[2001:db8::7]:8443",
		"https://bücher.example:8443":          "https://bücher.example:8443",
		"https://[fe80::1%25eth0]:8443":        "", // a zone could be anything
		"https://admin:pw@web-01.example:8443": "",
		"https://web-01.example:99999":         "",
		"https://a';reboot;':8443":             "",
		"https://$(reboot):8443":               "",
		"https://web-01*.example":              "",
		"ftp://web-01.example":                 "",
		"web-01.example:8443":                  "",
		"https://":                             "",
		"":                                     "",
	} {
		have, ok := origin(raw)
		if have != want || ok != (want != "") {
			t.Errorf("%q: have %q, %t", raw, have, ok)
		}
	}
}

// newCA makes a certificate authority, PEM.
func newCA(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// lower is another way to write a fingerprint: with colons and in lower case.
func lower(ca []byte) []byte {
	plain := strings.ToLower(fingerprint(certificates(ca)[0]))
	var out []string
	for i := 0; i < len(plain); i += 2 {
		out = append(out, plain[i:i+2])
	}
	return []byte(strings.Join(out, ":"))
}

func TestConnectionTo(t *testing.T) {
	ours, theirs := newCA(t), newCA(t)
	const secret = "hunter2-hunter2"
	for name, c := range map[string]struct {
		change func(srv *v1alpha1.PleskServer, credentials, ca *corev1.Secret)
		says   string // "" where the credentials may be sent
		weak   string
		trusts [][]byte // nil: the system's
	}{
		"the host that the Secret names": {
			change: func(*v1alpha1.PleskServer, *corev1.Secret, *corev1.Secret) {},
		},
		"one of several hosts": {
			change: func(_ *v1alpha1.PleskServer, s, _ *corev1.Secret) {
				s.Data["url"] = []byte("nonsense\n\n https://web-02.example:8443 \r\nHTTPS://WEB-01.example:8443/\n")
			},
		},
		"no host": {
			change: func(_ *v1alpha1.PleskServer, s, _ *corev1.Secret) { delete(s.Data, "url") },
			says:   `spec.credentialsSecretRef: Secret "web-01-admin" does not say that it is for https://web-01.example:8443, so nothing is sent there: it has no key url. If that is where its credentials belong: kubectl -n hosting patch secret web-01-admin --type merge -p '{"stringData":{"url":"https://web-01.example:8443"}}'`,
		},
		"another host": {
			change: func(srv *v1alpha1.PleskServer, _, _ *corev1.Secret) {
				srv.Spec.URL = "https://web-01.example.evil:8443"
			},
			says: "no line is that origin",
		},
		"another port": {
			change: func(srv *v1alpha1.PleskServer, _, _ *corev1.Secret) { srv.Spec.URL = "https://web-01.example" },
			says:   "does not say that it is for https://web-01.example:443",
		},
		"another scheme": {
			change: func(srv *v1alpha1.PleskServer, s, _ *corev1.Secret) {
				srv.Spec.URL, s.Data["tls"] = "http://web-01.example:8443", []byte("insecure")
			},
			says: "does not say that it is for http://web-01.example:8443",
		},
		"a key that is not what it should be is not shown": {
			change: func(_ *v1alpha1.PleskServer, s, _ *corev1.Secret) {
				s.Data["url"] = []byte("postgres://app:" + secret + "@db.example/app")
			},
			says: "no line is that origin",
		},
		"no encryption": {
			change: func(srv *v1alpha1.PleskServer, s, _ *corev1.Secret) {
				srv.Spec.URL, s.Data["url"] = "http://web-01.example", []byte("http://web-01.example")
			},
			says: "spec.url begins with http:",
		},
		"no encryption, permitted": {
			change: func(srv *v1alpha1.PleskServer, s, _ *corev1.Secret) {
				srv.Spec.URL, s.Data["url"], s.Data["tls"] = "http://web-01.example", []byte("http://web-01.example"), []byte("insecure\n")
			},
			weak: "spec.url begins with http:",
		},
		"no verification": {
			change: func(srv *v1alpha1.PleskServer, _, _ *corev1.Secret) {
				srv.Spec.TLS = &v1alpha1.ServerTLS{InsecureSkipVerify: true}
			},
			says: "spec.tls.insecureSkipVerify",
		},
		"no verification, permitted": {
			change: func(srv *v1alpha1.PleskServer, s, _ *corev1.Secret) {
				srv.Spec.TLS, s.Data["tls"] = &v1alpha1.ServerTLS{InsecureSkipVerify: true}, []byte("insecure")
			},
			weak: "spec.tls.insecureSkipVerify",
		},
		"another word than insecure": {
			change: func(srv *v1alpha1.PleskServer, s, _ *corev1.Secret) {
				srv.Spec.TLS, s.Data["tls"] = &v1alpha1.ServerTLS{InsecureSkipVerify: true}, []byte("true")
			},
			says: "spec.tls.insecureSkipVerify",
		},
		"the Secret's own authority": {
			change: func(_ *v1alpha1.PleskServer, s, _ *corev1.Secret) { s.Data["ca.crt"] = ours },
			trusts: [][]byte{ours},
		},
		"the Secret's own authority, by name": {
			change: func(srv *v1alpha1.PleskServer, s, ca *corev1.Secret) {
				bundle(srv, s.Name)
				ca.Name, s.Data["ca.crt"], ca.Data["ca.crt"] = s.Name, ours, ours
			},
			trusts: [][]byte{ours},
		},
		"another Secret's authority": {
			change: func(srv *v1alpha1.PleskServer, _, ca *corev1.Secret) {
				bundle(srv, ca.Name)
				ca.Data["ca.crt"] = theirs
			},
			says: `spec.tls.caBundleSecretRef: Secret "web-01-admin" does not name the certificate authority, so nothing is sent. If it is the right one: kubectl -n hosting patch secret web-01-admin --type merge -p '{"stringData":{"ca.sha256":"` + fingerprint(certificates(theirs)[0]) + `"}}'`,
		},
		"another Secret's authority, in place of a known one": {
			change: func(srv *v1alpha1.PleskServer, s, ca *corev1.Secret) {
				bundle(srv, ca.Name)
				s.Data["ca.crt"], ca.Data["ca.crt"] = ours, theirs
			},
			says: "does not name the certificate authority",
		},
		"another Secret's authority, known by its certificate": {
			change: func(srv *v1alpha1.PleskServer, s, ca *corev1.Secret) {
				bundle(srv, ca.Name)
				s.Data["ca.crt"], ca.Data["ca.crt"] = append(theirs, ours...), ours
			},
			trusts: [][]byte{ours},
		},
		"another Secret's authority, known by its fingerprint": {
			change: func(srv *v1alpha1.PleskServer, s, ca *corev1.Secret) {
				bundle(srv, ca.Name)
				s.Data["ca.sha256"], ca.Data["ca.crt"] = append([]byte("AB:CD\n"), lower(ours)...), ours
			},
			trusts: [][]byte{ours},
		},
		"a known authority beside an unknown one": {
			change: func(srv *v1alpha1.PleskServer, s, ca *corev1.Secret) {
				bundle(srv, ca.Name)
				s.Data["ca.sha256"], ca.Data["ca.crt"] = lower(ours), append(ours, theirs...)
			},
			says: "does not name 1 of 2 certificate authorities",
		},
		"any authority, permitted": {
			change: func(srv *v1alpha1.PleskServer, s, ca *corev1.Secret) {
				bundle(srv, ca.Name)
				s.Data["tls"], ca.Data["ca.crt"] = []byte("insecure"), theirs
			},
			weak:   "spec.tls.caBundleSecretRef: certificate authorities that Secret",
			trusts: [][]byte{theirs},
		},
		"the system's authorities in place of a known one": {
			change: func(_ *v1alpha1.PleskServer, s, _ *corev1.Secret) { s.Data["ca.sha256"] = lower(ours) },
			says:   "names the certificate authorities to trust (key ca.sha256), and none is given",
		},
		"an authority in a Secret of another type": {
			change: func(srv *v1alpha1.PleskServer, s, ca *corev1.Secret) {
				bundle(srv, ca.Name)
				s.Data["ca.sha256"], ca.Data["ca.crt"], ca.Type = lower(ours), ours, corev1.SecretTypeServiceAccountToken
			},
			says: `spec.tls.caBundleSecretRef: Secret "web-01-ca" is of type kubernetes.io/service-account-token; nothing but Opaque is read`,
		},
		"no authority where one is named": {
			change: func(srv *v1alpha1.PleskServer, _, ca *corev1.Secret) {
				bundle(srv, ca.Name)
				ca.Data["ca.crt"] = []byte("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")
			},
			says: `spec.tls.caBundleSecretRef: Secret "web-01-ca" has no PEM certificate under the key ca.crt`,
		},
		"credentials in a Secret of another type": {
			change: func(_ *v1alpha1.PleskServer, s, _ *corev1.Secret) { s.Type = corev1.SecretTypeDockerConfigJson },
			says:   `spec.credentialsSecretRef: Secret "web-01-admin" is of type kubernetes.io/dockerconfigjson; nothing but Opaque and kubernetes.io/basic-auth is read`,
		},
		"no password": {
			change: func(_ *v1alpha1.PleskServer, s, _ *corev1.Secret) { delete(s.Data, "password") },
			says:   "needs the keys username and password, or secretKey",
		},
		"a line end": {
			change: func(_ *v1alpha1.PleskServer, s, _ *corev1.Secret) { s.Data["password"] = []byte(secret + "\r\n") },
			says:   `spec.credentialsSecretRef: Secret "web-01-admin", key password: it ends with a line end, as files do`,
		},
		"a blank": {
			change: func(_ *v1alpha1.PleskServer, s, _ *corev1.Secret) { s.Data["username"] = []byte(" admin") },
			says:   "key username: it has a blank at an end",
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			srv := &v1alpha1.PleskServer{Spec: v1alpha1.PleskServerSpec{URL: "https://web-01.example:8443"}}
			credentials := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "hosting", Name: "web-01-admin"}, Type: corev1.SecretTypeOpaque, Data: map[string][]byte{
				"url": []byte("https://web-01.example:8443"), "username": []byte("admin"), "password": []byte(secret),
			}}
			ca := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "hosting", Name: "web-01-ca"}, Type: corev1.SecretTypeOpaque, Data: map[string][]byte{}}
			c.change(srv, credentials, ca)
			if srv.Spec.TLS == nil || srv.Spec.TLS.CABundleSecretRef == nil {
				ca = nil
			}
			have, err := connectionTo(srv, credentials, ca)
			if c.says != "" {
				_, config := errors.AsType[*ConfigError](err)
				g.Expect(config).To(BeTrue(), "%v", err)
				g.Expect(err).To(MatchError(ContainSubstring(c.says)))
				g.Expect(err.Error()).NotTo(ContainSubstring(secret))
				return
			}
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(have.Username + ":" + have.Password.Reveal()).To(Equal("admin:" + secret))
			g.Expect(strings.Join(have.weaknesses, "\n")).To(HavePrefix(c.weak))
			g.Expect(have.weaknesses).To(HaveLen(min(1, len(c.weak))))
			var want *x509.CertPool
			if c.trusts != nil {
				want = x509.NewCertPool()
				for _, ca := range c.trusts {
					g.Expect(want.AppendCertsFromPEM(ca)).To(BeTrue())
				}
			}
			g.Expect(want.Equal(have.RootCAs)).To(BeTrue())
		})
	}
}

// bundle makes a server trust what another Secret holds.
func bundle(srv *v1alpha1.PleskServer, secret string) {
	srv.Spec.TLS = &v1alpha1.ServerTLS{CABundleSecretRef: &v1alpha1.SecretReference{Name: secret}}
}
