// The certificate operator: repositories of certificates (operators-services §7). What a certificate is made of is in
// certificate_content.go, who uses it in certificate_use.go.

package plesksim

import (
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	certificateapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/certificate"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// certificate has its name as its only key within a repository: a site's or, with Site 0, the server's. A subscription's repository
// is its main site's.
type certificate struct {
	ID      int64 // the server's own; the protocol has none
	Site    int64
	Name    string
	Content certificateContent
}

// certificateContent is PEM text. It is never part of an answer.
type certificateContent struct{ Request, Key, Certificate, Chain string }

// serverRepository is the administrator's.
const serverRepository = 0

// certificateState holds the table of certificates, and which of them the server itself uses.
type certificateState struct {
	Certificates     *table.Table[certificate]
	LastCertificate  int64
	PanelCertificate int64
	MailCertificate  int64 // 0: none was chosen

	certificatesBySite *table.Index[certificate]
	certificatesByName *table.Index[certificate] // by repository and name
}

func newCertificateState() certificateState {
	var s certificateState
	s.Certificates = table.New(func(k *certificate) int64 { return k.ID })
	s.certificatesBySite = s.Certificates.Index(func(k *certificate) string { return repositoryKey(k.Site) })
	s.certificatesByName = s.Certificates.Index(func(k *certificate) string { return certificateKey(k.Site, k.Name) })
	return s
}

func repositoryKey(site int64) string {
	if site == serverRepository {
		return "server"
	}
	return idKey(site)
}

func certificateKey(site int64, name string) string { return repositoryKey(site) + "/" + name }

// defaultCertificate is the self-signed certificate of a fresh server.
const defaultCertificate = "default certificate"

// seedCertificates gives a fresh server its own certificate.
func (s *state) seedCertificates() {
	k := &certificate{ID: next(&s.LastCertificate), Name: defaultCertificate}
	s.Certificates.Insert(k)
	s.PanelCertificate = k.ID
}

func certificateOperations() []operation {
	return []operation{
		one("certificate/install", anyone, certificateInstall),
		one("certificate/update", anyone, certificateUpdate),
		many("certificate/remove", anyone, certificateRemove),
		one("certificate/generate", anyone, certificateGenerate),
		many("certificate/get-pool", anyone, certificateGetPool),
	}
}

func certificateMissing(name string) *refusal {
	return refuse(xmlapi.CodeNotFound, "Certificate %s does not exist.", name)
}

// repository finds the one that a request names, by the id of its site.
func (c *call) repository(r hosting.Repository) (int64, error) {
	if r.Admin != nil {
		if c.who.role != administrator {
			return 0, permissionDenied()
		}
		return serverRepository, nil
	}
	asked, main := text(r.Site), false
	if r.Webspace != nil {
		asked, main = *r.Webspace, true
	}
	missing := refuse(xmlapi.CodeOwnerNotFound, "Domain does not exist.")
	name, err := parseDomainName(asked)
	if err != nil {
		return 0, missing
	}
	d := c.sitesByName.First(name.ascii)
	switch {
	case d == nil || main && d.Kind != mainSite:
		return 0, missing
	case !c.seesSite(d) && c.writes && c.opts.ForeignObjectsForbidden:
		return 0, permissionDenied()
	case !c.seesSite(d):
		return 0, missing
	}
	return d.ID, nil
}

func certificateInstall(c *call, req certificateapi.InstallRequest) (xmlapi.Result, error) {
	var none xmlapi.Result
	repository, err := c.repository(req.Repository)
	if err != nil {
		return none, err
	}
	name := strings.TrimSpace(req.Name)
	if name == "" {
		return none, refuse(xmlapi.CodeInvalidValue, "Unable to set certificate name : the name is empty.")
	}
	if c.certificatesByName.First(certificateKey(repository, name)) != nil {
		return none, refuse(xmlapi.CodeExists, "Unable to set certificate name : %s already exists.", name)
	}
	content, err := givenCertificate(req.Content)
	if err != nil {
		return none, err
	}
	bind, err := c.boundAddress(repository, req.IPAddress)
	if err != nil {
		return none, err
	}
	c.Certificates.Insert(&certificate{ID: next(&c.LastCertificate), Site: repository, Name: name, Content: content})
	c.bindCertificate(bind, name)
	return none, nil
}

func certificateUpdate(c *call, req certificateapi.InstallRequest) (xmlapi.Result, error) {
	var none xmlapi.Result
	repository, err := c.repository(req.Repository)
	if err != nil {
		return none, err
	}
	k := c.certificatesByName.First(certificateKey(repository, req.Name))
	if k == nil {
		return none, certificateMissing(req.Name)
	}
	content, err := givenCertificate(req.Content)
	if err != nil {
		return none, err
	}
	bind, err := c.boundAddress(repository, req.IPAddress)
	if err != nil {
		return none, err
	}
	k.Content = content
	c.bindCertificate(bind, k.Name)
	return none, nil
}

// certificateRemove names a certificate in its result when it could not be removed.
func certificateRemove(c *call, req certificateapi.RemoveRequest) ([]certificateapi.RemoveResult, error) {
	repository, err := c.repository(req.Repository)
	if err != nil {
		return nil, err
	}
	var results []certificateapi.RemoveResult
	for _, name := range req.Filter.Values() {
		var res certificateapi.RemoveResult
		if err := c.removeCertificate(repository, name); err != nil {
			res.Result, res.Name = c.failure(err), name
		}
		results = append(results, res)
	}
	return results, nil
}

// removeCertificate refuses to remove a certificate in use. Up to Plesk 12.5 the certificate of a site could be removed all the same; it is
// undocumented whether later servers allow it (operators-services, corrections of §7).
func (c *call) removeCertificate(repository int64, name string) error {
	k := c.certificatesByName.First(certificateKey(repository, name))
	if k == nil {
		return certificateMissing(name)
	}
	if c.certificateUsed(k) {
		return refuse(xmlapi.CodeFailed, "Certificate %s is used.", name)
	}
	sites := c.mayUse(k)
	c.Certificates.Remove(k)
	c.fallBack(sites, k.Name)
	return nil
}

// fallBack gives sites whose certificate is gone the server's default one.
func (c *call) fallBack(sites []*site, gone string) {
	for _, d := range sites {
		if d.Properties["certificate_name"] == gone && c.certificateFor(gone, d.ID, d.Webspace) == nil {
			d.Properties = copyOf(d.Properties)
			d.Properties["certificate_name"] = defaultCertificate
		}
	}
}

// removeCertificatesOf empties a site's repository before the site is removed. Where the server itself used one of its certificates, it falls
// back to its own.
func (c *call) removeCertificatesOf(d *site) {
	for _, k := range c.certificatesBySite.All(repositoryKey(d.ID)) {
		if c.PanelCertificate == k.ID {
			c.PanelCertificate = c.certificateFor(defaultCertificate).ID
		}
		if c.MailCertificate == k.ID {
			c.MailCertificate = 0
		}
		c.Certificates.Remove(k)
	}
}

// certificateGetPool answers the names in repositories.
func certificateGetPool(c *call, req certificateapi.GetPoolRequest) ([]certificateapi.GetPoolResult, error) {
	if req.Filter == nil {
		if c.who.role != administrator {
			return nil, permissionDenied()
		}
		return []certificateapi.GetPoolResult{{Certificates: c.pool(serverRepository)}}, nil
	}
	missing := func() *refusal { return refuse(xmlapi.CodeNotFound, "Domain does not exist.") }
	sites := finder[site]{
		table: c.Sites,
		find: func(kind, value string) ([]*site, error) {
			switch kind {
			case "domain-id":
				return rowsOrMissing(single(c.Sites.Get(idValue(value))), missing())
			case "domain-guid":
				return rowsOrMissing(single(c.sitesByGUID.First(strings.ToLower(value))), missing())
			}
			name, err := parseDomainName(value)
			if err != nil {
				return nil, missing()
			}
			return rowsOrMissing(single(c.sitesByName.First(name.ascii)), missing())
		},
		sees: c.seesSite, missing: missing,
	}
	return each(c, sites, *req.Filter, func(d *site) (certificateapi.GetPoolResult, error) {
		return certificateapi.GetPoolResult{Certificates: c.pool(d.ID)}, nil
	})
}

func (c *call) pool(repository int64) *certificateapi.Certificates {
	list := &certificateapi.Certificates{}
	for _, k := range c.certificatesBySite.All(repositoryKey(repository)) {
		list.Certificates = append(list.Certificates, certificateapi.Certificate{Name: k.Name})
	}
	return list
}
