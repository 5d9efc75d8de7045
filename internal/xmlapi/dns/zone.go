// Zones as a whole: SOA, type, status and master servers.

package dns

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// SOA holds the times of a zone in seconds; nil ones stay as they are.
type SOA struct {
	TTL     *uint32 `xml:"ttl"`
	Refresh *uint32 `xml:"refresh"`
	Retry   *uint32 `xml:"retry"`
	Expire  *uint32 `xml:"expire"`
	Minimum *uint32 `xml:"minimum"`
}

// GetRequest reads the state of zones (BySite, BySiteAlias), or without a filter that of the template.
type GetRequest struct {
	Filter *xmlapi.Filter `xml:"filter"`
	SOA    *xmlapi.Empty  `xml:"soa"`
}

// GetResult is the state of one zone. The template has no owner and no type.
type GetResult struct {
	xmlapi.Result
	Owner
	SOA        *SOA    `xml:"soa"`
	ZoneType   *string `xml:"zone_type"`   // master or slave
	ZoneStatus *string `xml:"zone_status"` // enabled or disabled
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.Owner == Owner{} && r.SOA == nil && r.ZoneType == nil && r.ZoneStatus == nil
}

// SetRequest changes the SOA of the selected zones, or without a filter that of the template.
type SetRequest struct {
	Filter *xmlapi.Filter `xml:"filter"`
	SOA    SOA            `xml:"soa"`
}

// OwnerResult is the outcome for one zone.
type OwnerResult struct {
	xmlapi.Result
	Owner
}

// SwitchRequest makes the selected zones master or slave.
type SwitchRequest struct {
	Filter   xmlapi.Filter `xml:"filter"`
	ZoneType string        `xml:"zone_type"`
}

// EnableRequest switches the selected zones on or off, or without a filter sets the state of future zones.
type EnableRequest struct {
	Filter *xmlapi.Filter `xml:"filter"`
}

// AddMasterServerRequest adds a server from which a slave zone is transferred.
type AddMasterServerRequest struct {
	SiteID      *int64 `xml:"site-id" choice:"owner,required"`
	SiteAliasID *int64 `xml:"site-alias-id" choice:"owner,required"`
	IPAddress   string `xml:"ip_address"`
}

// GetMasterServerResult is one master server.
type GetMasterServerResult struct {
	xmlapi.FilterResult
	Owner
	IPAddress string `xml:"ip_address,omitempty"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetMasterServerResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.ID == 0 && r.IPAddress == ""
}
