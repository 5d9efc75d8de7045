// A key and its certificates, as a Secret has them and as the server wants them.

package web

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/certificate"
)

// keyPair is a private key with its certificate and those between that and its root.
type keyPair struct {
	key     crypto.Signer
	keyText string // as it stands in the Secret: what a server quotes of it is known and not shown
	chain   []*x509.Certificate
}

const (
	shortestRSA = 2048 // web servers do not start with less
	// clocksDiffer is how much earlier than its time a certificate is taken for valid.
	clocksDiffer = 5 * time.Minute
	shownNames   = 20
)

// The problems of pairs. They tell nothing of what is there.
var (
	errNoKey       = errors.New("tls.key holds no private key in PEM")
	errTwoKeys     = errors.New("it holds several private keys")
	errEncrypted   = errors.New("tls.key is encrypted: store it without a password")
	errUnreadable  = errors.New("tls.key holds no RSA or ECDSA key in PKCS#1, PKCS#8 or SEC 1")
	errShortKey    = fmt.Errorf("tls.key is an RSA key of fewer than %d bits: web servers do not start with it", shortestRSA)
	errNoCert      = errors.New("tls.crt holds no certificate in PEM")
	errBadCert     = errors.New("tls.crt holds a certificate that cannot be read")
	errBroken      = errors.New("a PEM block of it is broken")
	errSomethingOf = errors.New("it holds something else than a private key and certificates")
	errOtherKey    = errors.New("the first certificate of tls.crt is for another key than tls.key")
)

// readPair reads a key and its certificates, in any order but for the certificates' own.
func readPair(text string) (*keyPair, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	p := &keyPair{}
	blocks := strings.Count(text, "-----BEGIN ")
	for rest := text; ; blocks-- {
		block, after := pem.Decode([]byte(rest))
		if block == nil {
			break
		}
		own := rest[:len(rest)-len(after)]
		if err := p.take(block, strings.TrimSpace(own[strings.LastIndex(own, "-----BEGIN "):])+"\n"); err != nil {
			return nil, err
		}
		rest = string(after)
	}
	switch {
	case blocks != 0: // what cannot be decoded is passed over
		return nil, errBroken
	case p.key == nil:
		return nil, errNoKey
	case len(p.chain) == 0:
		return nil, errNoCert
	}
	if k, ok := p.key.(*rsa.PrivateKey); ok && k.N.BitLen() < shortestRSA {
		return nil, errShortKey
	}
	if public, ok := p.key.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !public.Equal(p.chain[0].PublicKey) {
		return nil, errOtherKey
	}
	return p, nil
}

// take reads one block, whose text is given, too.
func (p *keyPair) take(block *pem.Block, text string) error {
	switch block.Type {
	case "CERTIFICATE":
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return errBadCert
		}
		p.chain = append(p.chain, c)
	case "EC PARAMETERS": // of the key that follows, which names its curve itself
	case "ENCRYPTED PRIVATE KEY":
		return errEncrypted
	case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY":
		switch {
		case p.key != nil:
			return errTwoKeys
		case block.Headers["DEK-Info"] != "":
			return errEncrypted
		}
		p.key, p.keyText = parseKey(block), text
		if p.key == nil {
			return errUnreadable
		}
	default:
		return errSomethingOf
	}
	return nil
}

// parseKey reads a key of the sorts that web servers of all ages have, nil for another one.
func parseKey(block *pem.Block) crypto.Signer {
	var key any
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, _ = x509.ParsePKCS1PrivateKey(block.Bytes) // the error is the same whatever it is
	case "EC PRIVATE KEY":
		key, _ = x509.ParseECPrivateKey(block.Bytes)
	default:
		key, _ = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		if k != nil {
			return k
		}
	case *ecdsa.PrivateKey:
		if k != nil {
			return k
		}
	}
	return nil
}

// problemAt says why the certificate is not valid at a time, "" if it is.
func (p *keyPair) problemAt(now time.Time) string {
	switch leaf := p.chain[0]; {
	case now.After(leaf.NotAfter):
		return fmt.Sprintf("the certificate has expired on %s: what the server has stays", leaf.NotAfter.UTC().Format(time.RFC3339))
	case now.Add(clocksDiffer).Before(leaf.NotBefore):
		return fmt.Sprintf("the certificate is not valid before %s: what the server has stays", leaf.NotBefore.UTC().Format(time.RFC3339))
	}
	return ""
}

// content is what is stored. The server wants a signing request beside each key, so one is made of it that asks for what the certificate is.
func (p *keyPair) content() (certificate.Content, error) {
	leaf := p.chain[0]
	ask := &x509.CertificateRequest{RawSubject: leaf.RawSubject, DNSNames: leaf.DNSNames, IPAddresses: leaf.IPAddresses}
	if len(leaf.Subject.Names) == 0 && len(leaf.DNSNames) > 0 {
		ask.RawSubject, ask.Subject = nil, pkix.Name{CommonName: leaf.DNSNames[0]}
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, ask, p.key)
	if err != nil {
		return certificate.Content{}, errors.New("no signing request can be made with tls.key")
	}
	c := certificate.Content{
		Request: encoded("CERTIFICATE REQUEST", der), Key: xmlapi.Secret(p.keyText), Certificate: new(encoded("CERTIFICATE", leaf.Raw)),
	}
	if between := p.chain[1:]; len(between) > 0 {
		var all strings.Builder
		for _, k := range between {
			all.WriteString(encoded("CERTIFICATE", k.Raw))
		}
		c.Chain = new(all.String())
	}
	return c, nil
}

func encoded(what string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: what, Bytes: der}))
}

// shown is the certificate for people.
func (p *keyPair) shown() *v1alpha1.WrittenCertificate {
	leaf := p.chain[0]
	return &v1alpha1.WrittenCertificate{
		Subject: leaf.Subject.String(), DNSNames: leaf.DNSNames[:min(len(leaf.DNSNames), shownNames)], Issuer: leaf.Issuer.String(),
		NotAfter: new(metav1.NewTime(leaf.NotAfter)), Fingerprint: fmt.Sprintf("%X", sha256.Sum256(leaf.Raw)),
		Chain: int32(len(p.chain) - 1), //nolint:gosec // a Secret holds a megabyte
	}
}
