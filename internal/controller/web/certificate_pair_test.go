// Keys and certificates as they come: in all forms that are taken, and in those that are refused.

package web

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
)

// issued is a key with what an authority has issued for it.
type issued struct {
	key, leaf, between string // PEM
	fingerprint        string
	notAfter           time.Time
}

// text is what the Secret holds, key first.
func (i issued) text() string { return i.key + "\n" + i.leaf + i.between }

func ecKey(t *testing.T) crypto.Signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// oneRSA takes a while to find.
var oneRSA = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func rsaKey(t *testing.T) crypto.Signer {
	t.Helper()
	k, err := oneRSA()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// issue is issueFor with a certificate that is valid now.
func issue(t *testing.T, key crypto.Signer, domains ...string) issued {
	t.Helper()
	return issueFor(t, key, time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour), domains...)
}

func issueFor(t *testing.T, key crypto.Signer, from, to time.Time, domains ...string) issued {
	t.Helper()
	ca := ecKey(t)
	authority := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Acme Intermediate"}, IsCA: true, NotBefore: from, NotAfter: to, BasicConstraintsValid: true}
	between, err := x509.CreateCertificate(rand.Reader, authority, authority, ca.Public(), ca)
	if err != nil {
		t.Fatal(err)
	}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: domains, NotBefore: from, NotAfter: to}
	if len(domains) > 0 {
		leaf.Subject.CommonName = domains[0]
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, authority, key.Public(), ca)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return issued{
		key: encoded("PRIVATE KEY", pkcs8), leaf: encoded("CERTIFICATE", der), between: encoded("CERTIFICATE", between),
		fingerprint: fmt.Sprintf("%X", sha256.Sum256(der)), notAfter: parsed.NotAfter,
	}
}

func readRequest(t *testing.T, text string) *x509.CertificateRequest {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE REQUEST" {
		t.Fatalf("no signing request: %s", text)
	}
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err == nil {
		err = request.CheckSignature()
	}
	if err != nil {
		t.Fatal(err)
	}
	return request
}

// uselessPairs are what a Secret may hold that is not to be sent.
func uselessPairs(t *testing.T) map[string]string {
	t.Helper()
	good, other := issue(t, ecKey(t), "acme.example"), issue(t, ecKey(t), "acme.example")
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024) //nolint:gosec // it is to be refused
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	encrypted := strings.ReplaceAll(good.key, "PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
	ancient := encoded("RSA PRIVATE KEY", []byte("x"))
	ancient = strings.Replace(ancient, "KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n", 1)
	return map[string]string{
		"a key of another certificate": other.key + good.leaf,
		"no key":                       good.leaf,
		"no certificate":               good.key,
		"two keys":                     good.key + other.key + good.leaf,
		"text":                         "neither nor",
		"an encrypted key":             encrypted + good.leaf,
		"a key encrypted of old":       ancient + good.leaf,
		"a broken key":                 encoded("PRIVATE KEY", []byte("x")) + good.leaf,
		"a broken certificate":         good.key + encoded("CERTIFICATE", []byte("x")),
		"a broken block in the chain":  good.text() + "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
		"something else":               good.text() + encoded("X509 CRL", []byte("x")),
		"the root first":               good.key + good.between + good.leaf,
		"a key of another sort":        issue(t, edwards, "acme.example").text(),
		"a short key":                  issue(t, short, "acme.example").text(),
		"what has expired":             issueFor(t, ecKey(t), now.Add(-2*time.Hour), now.Add(-time.Hour), "acme.example").text(),
		"what is not valid yet":        issueFor(t, ecKey(t), now.Add(time.Hour), now.Add(2*time.Hour), "acme.example").text(),
	}
}

// Keys are taken in every form that the tools of the field write, and sent as they stand.
func TestPairsOfEveryForm(t *testing.T) {
	ec, ok := ecKey(t).(*ecdsa.PrivateKey)
	if !ok {
		t.Fatal("no ECDSA key")
	}
	sec1, err := x509.MarshalECPrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	r, err := oneRSA()
	if err != nil {
		t.Fatal(err)
	}
	ofEC, ofRSA := issue(t, ec, "acme.example"), issue(t, r, "acme.example")
	old := encoded("EC PRIVATE KEY", sec1)
	pkcs1 := encoded("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(r))
	for what, c := range map[string]struct{ text, sent string }{
		"PKCS#8, ECDSA":             {ofEC.text(), ofEC.key},
		"SEC 1":                     {old + ofEC.leaf, old},
		"SEC 1 behind its curve":    {encoded("EC PARAMETERS", []byte{6, 8, 42, 134, 72, 206, 61, 3, 1, 7}) + old + ofEC.leaf, old},
		"PKCS#8, RSA":               {ofRSA.text(), ofRSA.key},
		"PKCS#1":                    {pkcs1 + ofRSA.leaf + ofRSA.between, pkcs1},
		"lines of another system":   {strings.ReplaceAll(ofEC.text(), "\n", "\r\n"), ofEC.key},
		"with remarks between them": {"Bag Attributes\n  friendlyName: acme\n" + ofEC.key + "subject=CN = acme.example\n" + ofEC.leaf, ofEC.key},
	} {
		p, err := readPair(c.text)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		content, err := p.content()
		if err != nil || content.Key.Reveal() != c.sent || p.problemAt(time.Now()) != "" {
			t.Errorf("%s: %v", what, err)
		}
		readRequest(t, content.Request)
	}
}

// A certificate without a subject, as authorities issue them today, asks for its first name.
func TestRequestOfACertificateWithoutASubject(t *testing.T) {
	g := NewWithT(t)
	p, err := readPair(issueNameless(t))
	g.Expect(err).NotTo(HaveOccurred())
	content, err := p.content()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(readRequest(t, content.Request).Subject.CommonName).To(Equal("acme.example"))
	g.Expect(content.Chain).To(BeNil())
}

func issueNameless(t *testing.T) string {
	t.Helper()
	k := ecKey(t)
	template := &x509.Certificate{SerialNumber: big.NewInt(3), DNSNames: []string{"acme.example"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	return encoded("PRIVATE KEY", pkcs8) + encoded("CERTIFICATE", der)
}

// What is wrong with a pair is said without a word of it.
func TestProblemsOfPairsTellNothing(t *testing.T) {
	for what, text := range uselessPairs(t) {
		p, err := readPair(text)
		said := fmt.Sprint(err)
		if err == nil {
			said = p.problemAt(time.Now())
		}
		if said == "" {
			t.Errorf("%s: nothing is said", what)
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); len(line) > 8 && strings.Contains(said, line) {
				t.Errorf("%s: %s", what, said)
			}
		}
	}
}

func FuzzReadPair(f *testing.F) {
	f.Add("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
	f.Add("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := readPair(text); err == nil {
			if _, err := p.content(); err != nil {
				t.Error(err)
			}
		}
	})
}

func FuzzCertificate(f *testing.F) { controllertest.FuzzNormal[certificateValue](f, Certificate{}) }
