// Who uses certificates: sites, webmail, addresses, the panel and the mail server. They name them, and a name stands for the nearest
// certificate that has it.

package plesksim

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// certificateFor finds a certificate by its name: in the repositories of the given sites, 0 being none, then in the server's.
func (s *state) certificateFor(name string, sites ...int64) *certificate {
	for _, id := range sites {
		if id == 0 {
			continue
		}
		if k := s.certificatesByName.First(certificateKey(id, name)); k != nil {
			return k
		}
	}
	return s.certificatesByName.First(certificateKey(serverRepository, name))
}

// checkCertificate refuses a hosting property that names no certificate which the site can use.
func (s *state) checkCertificate(properties map[string]string, sites ...int64) error {
	name := properties["certificate_name"]
	if name == "" || s.certificateFor(name, sites...) != nil {
		return nil
	}
	return certificateMissing(name)
}

// certificateUsed tells whether anything would lose its certificate. Sites are no obstacle where they fall back to the default one.
func (c *call) certificateUsed(k *certificate) bool {
	if k.Site == serverRepository && k.Name == defaultCertificate || k.ID == c.PanelCertificate || k.ID == c.MailCertificate {
		return true
	}
	if k.Site == serverRepository {
		for _, a := range c.Addresses {
			if a.Certificate == k.Name {
				return true
			}
		}
	}
	for _, d := range c.mayUse(k) {
		names := []string{text(c.mailPreferencesOf(d).WebmailCertificate)}
		if !c.opts.UsedCertificatesGo {
			names = append(names, d.Properties["certificate_name"])
		}
		for _, name := range names {
			if name == k.Name && c.certificateFor(name, d.ID, d.Webspace) == k {
				return true
			}
		}
	}
	return false
}

// mayUse are the sites that can use a certificate: all of the server, of the subscription, or the one.
func (c *call) mayUse(k *certificate) []*site {
	if k.Site == serverRepository {
		return c.Sites.All()
	}
	if d := c.Sites.Get(k.Site); d.Kind != mainSite {
		return single(d)
	}
	return c.sitesByWebspace.All(idKey(k.Site))
}

// boundAddress finds the address that shall use a new certificate, nil when none is named.
func (c *call) boundAddress(repository int64, asked *string) (*address, error) {
	if asked == nil || *asked == "" {
		return nil, nil
	}
	if repository != serverRepository {
		return nil, refuse(xmlapi.CodeInvalidValue, "Only certificates of the server can be assigned to IP addresses.")
	}
	if a := c.addressOf(*asked); a != nil {
		return a, nil
	}
	return nil, refuse(xmlapi.CodeAddressNotFound, "IP address %s does not exist.", *asked)
}

func (c *call) bindCertificate(a *address, name string) {
	if a != nil {
		a.Certificate = name
		c.event("ip_address", "updated", a.Address)
	}
}

// serverCertificates are those of the panel and of the mail server.
func (c *call) serverCertificates() *server.Certificates {
	return &server.Certificates{Panel: c.namedCertificate(c.PanelCertificate), MailServer: c.namedCertificate(c.MailCertificate)}
}

func (c *call) namedCertificate(id int64) *server.Certificate {
	k := c.Certificates.Get(id)
	if k == nil {
		return nil
	}
	named := &server.Certificate{Name: k.Name, Repository: hosting.OfServer()}
	if d := c.Sites.Get(k.Site); d != nil {
		named.Repository = hosting.OfSite(d.Name)
		if d.Kind == mainSite {
			named.Repository = hosting.OfWebspace(d.Name)
		}
	}
	return named
}

// givenServerCertificates finds the certificates that the panel and the mail server shall use; what is not given stays.
func (c *call) givenServerCertificates(given *server.Certificates) (panel, mail int64, err error) {
	panel, mail = c.PanelCertificate, c.MailCertificate
	if given == nil {
		return panel, mail, nil
	}
	for _, use := range []struct {
		to    *int64
		given *server.Certificate
	}{{&panel, given.Panel}, {&mail, given.MailServer}} {
		if use.given == nil {
			continue
		}
		repository, err := c.repository(use.given.Repository)
		if err != nil {
			return 0, 0, err
		}
		k := c.certificatesByName.First(certificateKey(repository, use.given.Name))
		if k == nil {
			return 0, 0, certificateMissing(use.given.Name)
		}
		*use.to = k.ID
	}
	return panel, mail, nil
}
