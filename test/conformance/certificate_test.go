// The row of PleskCertificate.

package conformance

import (
	"fmt"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/web"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/certificate"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	domains "github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
	"github.com/plesk-operator/plesk-operator/test/testbed"
)

// certificateRow has neither ids nor marks nor anything that can be read: the reasoned exception of the law of two attributes. What is found under
// the name is taken over only with Always, and deleted only where the resource has made it. What the server holds is looked up in the simulator.
var certificateRow = row{
	kind: "PleskCertificate",
	is:   kind(family.Certificate{}),
	can:  []capability{unexportable, maker, lister, normalizer, secretUser, unproven, opaque, used, privileged, stateless, named, blamer},
	prepare: func(s *site) {
		for _, domain := range []string{"acme.example", "neighbour.example"} {
			do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, IPAddresses: []string{sharedAddress}}})
			addCertificate(s, domain, "neighbour of "+domain, pairs()[2])
		}
		for _, ns := range s.namespaces() {
			for i, p := range pairs() {
				s.create(testbed.TLSSecret(ns, fmt.Sprintf("%s-tls-%d", s.name, i+1), p.key, p.certificate))
			}
		}
	},
	object: func(s *site) v1alpha1.Object {
		c := &v1alpha1.PleskCertificate{Spec: v1alpha1.PleskCertificateSpec{
			CommonSpec: s.common(), SiteRef: &v1alpha1.SiteReference{External: "acme.example"}, CertificateName: new("acme-2031"),
			TLSSecretRef: v1alpha1.SecretReference{Name: s.name + "-tls-1"},
		}}
		c.Name = s.name + "-tls"
		return c
	},
	fields: []field{{
		name: "tlsSecretRef.name", initial: "first", changed: "second",
		change: set(func(c *v1alpha1.PleskCertificate) {
			c.Spec.TLSSecretRef.Name = strings.TrimSuffix(c.Spec.TLSSecretRef.Name, "1") + "2"
		}),
		read: storedCertificate,
	}},
	list: func(s *site) []external {
		var out []external
		for _, d := range findAll(s, webspace.Get, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}) {
			pool := do(s, certificate.GetPool, certificate.GetPoolRequest{Filter: new(certificate.ByDomain(d.ID).Query())})
			for _, c := range pool.Certificates.Certificates {
				id := d.Data.GenInfo.GUID + "/" + c.Name
				out = append(out, external{id: id, key: c.Name, content: storedCertificate(s, id)})
			}
		}
		return out
	},
	neighbour: "neighbour of acme",
	example:   true,
	local:     true,
	guises: []guise{
		{name: "in capitals", here: set(func(c *v1alpha1.PleskCertificate) { c.Spec.SiteRef.External = "ACME.example" })},
	},
	plant:  func(*site, string) []string { return nil },
	rename: rename{change: set(func(c *v1alpha1.PleskCertificate) { c.Spec.CertificateName = new("acme-2032") })},
	add: func(s *site, differing bool, _ string) {
		p := pairs()[0]
		if differing {
			p = pairs()[2]
		}
		addCertificate(s, "acme.example", "acme-2031", p)
	},
	adds:    certificate.Install.Name(),
	telling: map[string][]int{"mail/get_prefs": {xmlapi.CodeComponentMissing}}, // a server without mail has no webmail
	parents: func(s *site) []v1alpha1.Object { return zoneRow.parents(s) },
	depth:   2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskCertificate).Spec.SiteRef = &v1alpha1.SiteReference{Name: in.Name, External: in.External}
	},
	remove: func(s *site, id string) {
		domain, name := placeOfCertificate(s, id)
		do(s, certificate.Remove, certificate.RemoveRequest{Filter: certificate.ByName(name), Repository: hosting.OfSite(domain)})
	},
}

// keyPair is a key and its certificate.
type keyPair struct{ key, certificate []byte }

// pairs are those of the row's object, before and after a change, and somebody's.
var pairs = sync.OnceValue(func() []keyPair {
	out := make([]keyPair, 3)
	for i := range out {
		var err error
		if out[i].key, out[i].certificate, err = testbed.KeyPair("acme.example"); err != nil {
			panic(err)
		}
	}
	return out
})

// addCertificate stores a certificate behind the operator's back.
func addCertificate(s *site, domain, name string, p keyPair) {
	GinkgoHelper()
	do(s, certificate.Install, certificate.InstallRequest{Name: name, Repository: hosting.OfSite(domain), Content: certificate.Content{
		Key: xmlapi.Secret(p.key), Certificate: new(string(p.certificate)),
	}})
}

// storedCertificate says which of the pairs is stored, as fields call their values.
func storedCertificate(s *site, id string) string {
	GinkgoHelper()
	domain, name := placeOfCertificate(s, id)
	stored := s.plesk.Certificate(domain, name)
	s.Expect(stored).NotTo(BeNil(), id)
	for i, p := range pairs() {
		if string(p.certificate) == stored.Certificate {
			return []string{"first", "second", "another"}[i]
		}
	}
	return stored.Certificate
}

// placeOfCertificate reads what stands for the id of a certificate.
func placeOfCertificate(s *site, id string) (domain, name string) {
	GinkgoHelper()
	guid, name, _ := strings.Cut(id, "/")
	d := do(s, domains.Get, domains.GetRequest{Filter: domains.ByGUID(guid).Query(), Dataset: domains.Dataset{GenInfo: &xmlapi.Empty{}}})
	return d.Data.GenInfo.Name, name
}
