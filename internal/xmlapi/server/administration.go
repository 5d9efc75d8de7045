// Additional administrators, forbidden domain names, and the connection to a billing system.

package server

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The administration operations.
var (
	AddAdminAlias = xmlapi.Write[AddAdminAliasRequest, xmlapi.Result]("server", "add-admin-alias")
	SetAdminAlias = xmlapi.Write[SetAdminAliasRequest, xmlapi.Result]("server", "set-admin-alias")
	DelAdminAlias = xmlapi.Write[xmlapi.FilterRequest, xmlapi.Result]("server", "del-admin-alias")

	DomainRestrictionAdd     = xmlapi.Write[DomainRestrictionRequest, xmlapi.Result]("server", "domain-restriction-add")
	DomainRestrictionRemove  = xmlapi.Write[DomainRestrictionRequest, xmlapi.Result]("server", "domain-restriction-remove")
	DomainRestrictionRename  = xmlapi.Write[DomainRestrictionRenameRequest, xmlapi.Result]("server", "domain-restriction-rename")
	DomainRestrictionList    = xmlapi.Read[xmlapi.EmptyRequest, DomainRestrictionListResult]("server", "domain-restriction-list")
	DomainRestrictionEnable  = xmlapi.Write[xmlapi.EmptyRequest, xmlapi.Result]("server", "domain-restriction-enable")
	DomainRestrictionDisable = xmlapi.Write[xmlapi.EmptyRequest, xmlapi.Result]("server", "domain-restriction-disable")

	SetPPBConnection = xmlapi.Write[SetPPBConnectionRequest, xmlapi.Result]("server", "set-ppb-connection")
)

// ByLogin selects additional administrators.
func ByLogin(first string, more ...string) xmlapi.Filter { return xmlapi.By("login", first, more...) }

// AddAdminAliasRequest creates an additional administrator.
type AddAdminAliasRequest struct {
	Data AdminAlias `xml:"data"`
}

// SetAdminAliasRequest changes the given values of the selected additional administrators.
type SetAdminAliasRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Data   AdminAlias    `xml:"data"`
}

// AdminAlias describes an additional administrator; in set, nil values stay.
type AdminAlias struct {
	Login    *string        `xml:"login"`
	Password *xmlapi.Secret `xml:"password"`
	Email    *string        `xml:"email"`
	Contact  *string        `xml:"contact"`
	Comment  *string        `xml:"comment"`
	Active   *bool          `xml:"status"` // default true
}

// DomainRestrictionRequest adds a name to the forbidden domain names, or removes it.
type DomainRestrictionRequest struct {
	Name string `xml:"name"`
}

// DomainRestrictionRenameRequest replaces one forbidden domain name by another.
type DomainRestrictionRenameRequest struct {
	Name    string `xml:"name"`
	NewName string `xml:"new-name"`
}

// DomainRestrictionListResult is the list of forbidden domain names; the operation's element holds it directly.
type DomainRestrictionListResult struct {
	xmlapi.Unwrapped
	Enabled *int     `xml:"enable"` // 1 when the list is in force, else 0; always present unless the operation failed
	Names   []string `xml:"name"`
}

// SetPPBConnectionRequest connects the panel to the vendor's former billing system.
type SetPPBConnectionRequest struct {
	Connection PPBConnection `xml:"connection"`
}

// PPBConnection describes the connection.
type PPBConnection struct {
	URL                   string        `xml:"ppb-url"`
	RemoteAccessHash      xmlapi.Secret `xml:"remote-access-hash"`
	IntegrationAPIVersion string        `xml:"integration-api-version"`
	Remote                *string       `xml:"ppb-remote"`
}
