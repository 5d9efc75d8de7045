// Package dns holds the operations of the `dns` operator: zones of sites and site aliases, their records, the server's
// zone template and its DNS server. Callers: administrator; others with the right to manage zones.
// Source: operators-services §2.
package dns

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations. Those of the transfer list (ACL) take ByHost.
var (
	AddRec = xmlapi.Write[AddRecRequest, AddRecResult]("dns", "add_rec")
	GetRec = xmlapi.Read[GetRecRequest, GetRecResult]("dns", "get_rec")
	DelRec = xmlapi.Write[DelRecRequest, IDResult]("dns", "del_rec")

	Get     = xmlapi.Read[GetRequest, GetResult]("dns", "get")
	Set     = xmlapi.Write[SetRequest, OwnerResult]("dns", "set")
	Switch  = xmlapi.Write[SwitchRequest, OwnerResult]("dns", "switch")
	Enable  = xmlapi.Write[EnableRequest, OwnerResult]("dns", "enable")
	Disable = xmlapi.Write[EnableRequest, OwnerResult]("dns", "disable")

	AddMasterServer = xmlapi.Write[AddMasterServerRequest, IDResult]("dns", "add_master_server")
	GetMasterServer = xmlapi.Read[xmlapi.QueryRequest, GetMasterServerResult]("dns", "get_master_server")
	DelMasterServer = xmlapi.Write[xmlapi.FilterRequest, IDResult]("dns", "del_master_server")

	SyncWithTemplate = xmlapi.Write[SyncWithTemplateRequest, xmlapi.Result]("dns", "sync-with-template")

	GetACL        = xmlapi.Read[xmlapi.EmptyRequest, ACLResult]("dns", "get_acl")
	AddToACL      = xmlapi.Write[xmlapi.FilterRequest, ACLResult]("dns", "add_to_acl")
	RemoveFromACL = xmlapi.Write[xmlapi.FilterRequest, ACLResult]("dns", "remove_from_acl")

	EnableRemoteDNS    = xmlapi.Write[xmlapi.EmptyRequest, xmlapi.Result]("dns", "enable-remote-dns")
	DisableRemoteDNS   = xmlapi.Write[xmlapi.EmptyRequest, xmlapi.Result]("dns", "disable-remote-dns")
	GetStatusRemoteDNS = xmlapi.Read[xmlapi.EmptyRequest, RemoteDNSResult]("dns", "get-status-remote-dns")

	SetRecursion          = xmlapi.Write[SetRecursionRequest, xmlapi.Result]("dns", "set-recursion")
	GetRecursion          = xmlapi.Read[xmlapi.EmptyRequest, RecursionResult]("dns", "get-recursion")
	GetSupportedRecursion = xmlapi.Read[xmlapi.EmptyRequest, SupportedRecursionResult]("dns", "get-supported-recursion")
)

// The values of zone_type and zone_status.
const (
	Master   = "master"
	Slave    = "slave"
	Enabled  = "enabled"
	Disabled = "disabled"
)

// ByID selects records, or master servers, by their id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// BySite selects by the zones' sites.
func BySite(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("site-id", first, more...)
}

// BySiteAlias selects by the zones' site aliases.
func BySiteAlias(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("site-alias-id", first, more...)
}

// ByZoneName selects by the zones' names. It is for records and master servers, not for whole zones.
func ByZoneName(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("dns-zone-name", first, more...)
}

// ByHost selects entries of the server's transfer list.
func ByHost(first string, more ...string) xmlapi.Filter { return xmlapi.By("host", first, more...) }

// Owner names whose zone it is: a site's, a site alias's, or with neither the server's template.
type Owner struct {
	SiteID      *int64 `xml:"site-id" choice:"owner"`
	SiteAliasID *int64 `xml:"site-alias-id" choice:"owner"`
}

// Record is one resource record. Host is relative in requests (empty is the zone itself) and absolute with a dot at
// the end in answers; operators-services §2.3.
type Record struct {
	Owner
	Type  string  `xml:"type"` // A AAAA CNAME MX NS PTR TXT SRV DS CAA; SOA and AXFR are no ordinary records
	Host  string  `xml:"host"`
	Value string  `xml:"value"`
	Opt   *string `xml:"opt"` // MX: priority; SRV: priority, weight and port; PTR: prefix length
}

// AddRecRequest adds one record to a zone or, without an owner, to the template.
type AddRecRequest struct {
	Record
}

// AddRecResult names the new record.
type AddRecResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}

// GetRecRequest reads records: those of zones, or with Template those of the template.
type GetRecRequest struct {
	Filter            xmlapi.Query  `xml:"filter"`
	Template          *xmlapi.Empty `xml:"template" choice:"scope"`
	IncludeSubdomains *xmlapi.Empty `xml:"include-subdomains" choice:"scope"`
}

// GetRecResult is one record.
type GetRecResult struct {
	xmlapi.Result
	ID   int64   `xml:"id,omitempty" choice:"record:found"`
	Data *Record `xml:"data" choice:"record:found*"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetRecResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Data == nil && r.ID == 0 }

// DelRecRequest removes the selected records. BySite removes the whole content of a zone.
type DelRecRequest struct {
	Filter   xmlapi.Filter `xml:"filter"`
	Template *xmlapi.Empty `xml:"template"`
}

// IDResult names the record or master server that the result is about.
type IDResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}

// SyncWithTemplateRequest brings the unmodified records of all zones in line with the template.
type SyncWithTemplateRequest struct {
	Filter SyncFilter `xml:"filter"`
}

// SyncFilter narrows the synchronisation to the zones that use an IP address; nil means all zones.
type SyncFilter struct {
	UsedIP *string `xml:"used-ip"`
}
