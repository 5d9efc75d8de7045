// What certificates are made of: checking keys, requests and certificates that were given, and making new ones.

package plesksim

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	certificateapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/certificate"
)

// givenCertificate refuses what is no PEM text or does not belong to the key. The signing request may be empty: clients that hold
// a key and a certificate have none.
func givenCertificate(given certificateapi.Content) (certificateContent, error) {
	content := certificateContent{
		Request: given.Request, Key: given.Key.Reveal(), Certificate: text(given.Certificate), Chain: text(given.Chain),
	}
	key, err := givenKey(content.Key)
	if err != nil {
		return certificateContent{}, err
	}
	if strings.TrimSpace(content.Request) != "" {
		request, err := givenRequest(content.Request)
		if err != nil || !belongs(key, request.PublicKey) {
			return certificateContent{}, refuse(xmlapi.CodeInvalidValue, "The certificate signing request does not match the private key.")
		}
	}
	if strings.TrimSpace(content.Certificate) != "" {
		chain, err := givenChain(content.Certificate)
		if err != nil || !belongs(key, chain[0].PublicKey) {
			return certificateContent{}, refuse(xmlapi.CodeInvalidValue, "The certificate does not match the private key.")
		}
	}
	if strings.TrimSpace(content.Chain) != "" {
		if _, err := givenChain(content.Chain); err != nil {
			return certificateContent{}, err
		}
	}
	return content, nil
}

// givenKey reads a private key without a password, in any of the usual forms. Parameters of a curve may stand before it.
func givenKey(text string) (crypto.Signer, error) {
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			if signer, ok := key.(crypto.Signer); ok {
				return signer, nil
			}
		}
		if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
			return key, nil
		}
		if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
			return key, nil
		}
	}
	return nil, refuse(xmlapi.CodeMalformedKey, "The private key has an invalid format.")
}

func givenRequest(text string) (*x509.CertificateRequest, error) {
	if block, _ := pem.Decode([]byte(text)); block != nil {
		return x509.ParseCertificateRequest(block.Bytes)
	}
	return nil, refuse(xmlapi.CodeInvalidValue, "The certificate signing request has an invalid format.")
}

// givenChain reads one certificate or more.
func givenChain(text string) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		k, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			chain = nil
			break
		}
		chain = append(chain, k)
	}
	if len(chain) == 0 {
		return nil, refuse(xmlapi.CodeInvalidValue, "The certificate has an invalid format.")
	}
	return chain, nil
}

// belongs tells whether a public key is that of a private one.
func belongs(key crypto.Signer, public any) bool {
	own, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && own.Equal(public)
}

// emailAddress is the attribute of a subject for an address (PKCS#9).
var emailAddress = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}

// certificateGenerate makes a signing request and, unless it was given, its key. Nothing is kept.
func certificateGenerate(_ *call, req certificateapi.GenerateRequest) (certificateapi.GenerateResult, error) {
	var none certificateapi.GenerateResult
	subject, err := givenSubject(req.Subject)
	if err != nil {
		return none, err
	}
	generated := &certificateapi.Generated{}
	var key crypto.Signer
	if req.Key != nil {
		if key, err = givenKey(req.Key.Reveal()); err != nil {
			return none, err
		}
	} else {
		made, err := rsa.GenerateKey(rand.Reader, req.Subject.Bits)
		if err != nil {
			return none, err
		}
		der, err := x509.MarshalPKCS8PrivateKey(made)
		if err != nil {
			return none, err
		}
		key, generated.Key = made, new(xmlapi.Secret(pemOf("PRIVATE KEY", der)))
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: subject}, key)
	if err != nil {
		return none, err
	}
	generated.Request = string(pemOf("CERTIFICATE REQUEST", der))
	return certificateapi.GenerateResult{Generated: generated}, nil
}

// givenSubject checks what the schema lets through: it knows numbers and texts only.
func givenSubject(s certificateapi.Subject) (pkix.Name, error) {
	if s.Bits != 1024 && s.Bits != 2048 {
		return pkix.Name{}, refuse(xmlapi.CodeInvalidValue, "A key of %d bits cannot be made.", s.Bits)
	}
	if !countryPattern.MatchString(s.Country) {
		return pkix.Name{}, refuse(xmlapi.CodeInvalidValue, "The value of the %s is invalid: '%s'.", "country", s.Country)
	}
	if !emailPattern.MatchString(s.Email) {
		return pkix.Name{}, refuse(xmlapi.CodeInvalidValue, "The value of the %s is invalid: '%s'.", "email", s.Email)
	}
	if s.CommonName == "" || s.Organisation == "" || s.Location == "" {
		return pkix.Name{}, refuse(xmlapi.CodeInvalidValue, "The location, the company and the name cannot be empty.")
	}
	name := pkix.Name{
		Country: []string{s.Country}, Locality: []string{s.Location}, Organization: []string{s.Organisation}, CommonName: s.CommonName,
		ExtraNames: []pkix.AttributeTypeAndValue{{Type: emailAddress, Value: s.Email}},
	}
	if state := strings.TrimSpace(s.State); state != "" {
		name.Province = []string{state}
	}
	if s.Department != nil && *s.Department != "" {
		name.OrganizationalUnit = []string{*s.Department}
	}
	return name, nil
}
