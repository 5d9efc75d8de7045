// Package certificate holds the operations of the `certificate` operator: the repositories of TLS certificates that the server,
// its subscriptions and their sites have. A certificate has a name in its repository and nothing else; what was stored cannot be
// read back. Putting one to use is up to other operators: site, webspace, ip, mail, server. Callers: administrator, reseller,
// customer; the server's repository: administrator. Source: operators-services §7.
package certificate

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// The operations. Generate keeps nothing on the server.
var (
	Install  = xmlapi.Write[InstallRequest, xmlapi.Result]("certificate", "install")
	Update   = xmlapi.Write[InstallRequest, xmlapi.Result]("certificate", "update")
	Remove   = xmlapi.Write[RemoveRequest, RemoveResult]("certificate", "remove")
	Generate = xmlapi.Read[GenerateRequest, GenerateResult]("certificate", "generate")
	GetPool  = xmlapi.Read[GetPoolRequest, GetPoolResult]("certificate", "get-pool")
)

// ByName selects certificates of one repository.
func ByName(first string, more ...string) xmlapi.Filter { return xmlapi.By("name", first, more...) }

// ByDomain selects the repositories of subscriptions or sites.
func ByDomain(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("domain-id", first, more...)
}

// ByDomainName selects the repositories of subscriptions or sites.
func ByDomainName(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("domain-name", first, more...)
}

// ByDomainGUID selects the repositories of subscriptions or sites.
func ByDomainGUID(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("domain-guid", first, more...)
}

// InstallRequest stores a certificate under a new name, or with Update replaces what is stored under a name.
type InstallRequest struct {
	Name string `xml:"name"`
	hosting.Repository
	Content   Content `xml:"content"`
	IPAddress *string `xml:"ip_address"` // for the server's repository: the address that uses it from now on
}

// Content is PEM text. The signing request and the key are always sent; the certificate may follow with Update.
type Content struct {
	Request     string        `xml:"csr"`
	Key         xmlapi.Secret `xml:"pvt"`
	Certificate *string       `xml:"cert"`
	Chain       *string       `xml:"ca"` // the certificates between Certificate and its root
}

// RemoveRequest removes the named certificates of one repository.
type RemoveRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	hosting.Repository
}

// RemoveResult is the outcome for one name, which it holds when it was not found.
type RemoveResult struct {
	xmlapi.Result
	Name string `xml:"name,omitempty"`
}

// GenerateRequest generates a key with a signing request, or a signing request for a given key.
type GenerateRequest struct {
	Subject Subject        `xml:"info"`
	Key     *xmlapi.Secret `xml:"PVT"`
}

// Subject describes who asks for a certificate, and for what.
type Subject struct {
	Bits         int     `xml:"bits"`     // of the key: 1024 or 2048
	Country      string  `xml:"country"`  // two upper-case letters
	State        string  `xml:"state"`    // state or province
	Location     string  `xml:"location"` // city
	Organisation string  `xml:"company"`
	Department   *string `xml:"dept"`
	Email        string  `xml:"email"`
	CommonName   string  `xml:"name"` // the domain name
}

// GenerateResult holds what was generated.
type GenerateResult struct {
	xmlapi.Result
	*Generated
}

// Generated is the signing request and, unless it was given, the key in PKCS#8.
type Generated struct {
	Request string         `xml:"csr"`
	Key     *xmlapi.Secret `xml:"pvt"`
}

// GetPoolRequest asks for the names in repositories: those of the selected domains, or the server's.
type GetPoolRequest struct {
	Filter *xmlapi.Query `xml:"filter" choice:"repository,required"`
	Admin  *xmlapi.Empty `xml:"admin" choice:"repository,required"`
}

// GetPoolResult is one repository.
type GetPoolResult struct {
	xmlapi.FilterResult
	Certificates *Certificates `xml:"certificates"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetPoolResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.Certificates == nil && r.ID == 0
}

// Certificates lists what a repository holds.
type Certificates struct {
	Certificates []Certificate `xml:"certificate"`
}

// Certificate is one of them.
type Certificate struct {
	Name string `xml:"name"`
}
