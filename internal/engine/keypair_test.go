// Key pairs: Secrets of type kubernetes.io/tls, which nothing else is read from, and which give nothing away.

package engine

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/internal/session"
)

const (
	aKey         = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\nI4gkFYT8VuqFphqIUPQa5bbNrhyhRANCAAQd\nNykg\n-----END PRIVATE KEY-----\n"
	aCertificate = "-----BEGIN CERTIFICATE-----\nMIIBajCCARGgAwIBAgIBATAKBggqhkjOPQQDAjAXMRUwEwYD\n-----END CERTIFICATE-----\n"
)

func tlsType(s *corev1.Secret) { s.Type = corev1.SecretTypeTLS }

func pairIn(name string) SecretUse {
	u := SecretUse{Field: "spec.tlsSecretRef", KeyPair: true}
	u.SecretRef.Name = name
	return u
}

// A pair comes from a Secret of its type and from no other, and no password comes from such a one, in whatever order they are read.
func TestKeyPairsComeFromTheirTypeOnly(t *testing.T) {
	for kind, read := range map[corev1.SecretType]bool{
		corev1.SecretTypeTLS: true, corev1.SecretTypeOpaque: false, corev1.SecretTypeBasicAuth: false, "": false, corev1.SecretTypeServiceAccountToken: false, "example.com/own": false,
	} {
		g := NewWithT(t)
		c, _ := cluster(t, secretNamed("a", map[string]string{"tls.key": aKey, "tls.crt": aCertificate, "password": aKey}, func(s *corev1.Secret) { s.Type = kind }))
		s := secretsOver(t, c)
		for range 2 { // the second time it may be kept
			values, err := valuesOf(s.readAll(t.Context(), "shop", []SecretUse{pairIn("a")}))
			if read {
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(values["spec.tlsSecretRef"].Reveal()).To(Equal(aKey + "\n" + aCertificate))
				_, err = valuesOf(s.readAll(t.Context(), "shop", []SecretUse{use("spec.password", "a")}))
				g.Expect(err).To(MatchError(HavePrefix(`spec.password: Secret "a" is of type kubernetes.io/tls: not read here`)))
				continue
			}
			g.Expect(err).To(BeAssignableToTypeOf(&InvalidError{}))
			g.Expect(err).To(MatchError(And(HavePrefix(`spec.tlsSecretRef: Secret "a" is of type `+string(kind)), HaveSuffix("only kubernetes.io/tls is"))))
		}
	}
}

// Half a pair is none, and says what is missing; a change of either half is a change.
func TestHalfAKeyPairIsNone(t *testing.T) {
	g := NewWithT(t)
	whole := secretNamed("whole", map[string]string{"tls.key": aKey, "tls.crt": aCertificate}, tlsType)
	c, _ := cluster(t, whole, secretNamed("keyless", map[string]string{"tls.key": "", "tls.crt": aCertificate}, tlsType),
		secretNamed("bare", map[string]string{"tls.key": aKey, "tls.crt": ""}, tlsType))
	s := secretsOver(t, c)
	state := func(name string) secretState {
		st, err := s.stateOf("uid-1", s.readAll(t.Context(), "shop", []SecretUse{pairIn(name)}))
		g.Expect(err).NotTo(HaveOccurred())
		return st
	}
	p := lone(t, nil)
	for name, said := range map[string]string{"keyless": "lacks values under", "bare": "lacks values under", "nowhere": "not found; it needs values under"} {
		g.Expect(state(name).missing).To(HaveLen(1), name)
		p.ownSecrets = s.readAll(t.Context(), "shop", []SecretUse{pairIn(name)})
		g.Expect(p.secretMissing(p.ownSecrets[0].SecretUse, "").message).To(Equal(`spec.tlsSecretRef: Secret "` + name + `" ` + said + ` the keys tls.key and tls.crt`))
	}
	first := state("whole").digests["tlsSecretRef"]
	g.Expect(first).NotTo(BeEmpty())
	for _, half := range []string{"tls.key", "tls.crt"} {
		was := state("whole").digests["tlsSecretRef"]
		g.Expect(c.Get(t.Context(), client.ObjectKeyFromObject(whole), whole)).To(Succeed())
		whole.Data[half] = append(whole.Data[half], "\n"...)
		g.Expect(c.Update(t.Context(), whole)).To(Succeed())
		g.Expect(state("whole").digests["tlsSecretRef"]).NotTo(Equal(was), half)
	}
}

// A server that quotes a line of the key tells nothing of it to anybody.
func TestLinesOfKeysAreNotShown(t *testing.T) {
	g := NewWithT(t)
	c, _ := cluster(t, secretNamed("a", map[string]string{"tls.key": aKey, "tls.crt": aCertificate}, tlsType))
	r := secretsOver(t, c).readAll(t.Context(), "shop", []SecretUse{pairIn("a")})[0]
	hidden := hiddenOf(r)
	for line := range strings.Lines(aKey) {
		line = strings.TrimSpace(line)
		shown := session.Fit("Element 'pvt': '"+line+"' is not a key.", hidden...)
		secret := len(line) >= shortestLine && !strings.HasPrefix(line, "-----")
		g.Expect(strings.Contains(shown, line)).To(Equal(!secret), shown)
	}
	g.Expect(session.Fit("Invalid: "+aKey, hidden...)).NotTo(ContainSubstring("MIGHAgEAMBMG"))
}
