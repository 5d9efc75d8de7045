// PleskDNSZone: the DNS zone of a site or a site alias, its records and its settings.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// RecordPolicy says which records of a zone belong to the resource.
// +kubebuilder:validation:Enum=Additive;Exclusive
type RecordPolicy string

// The record policies.
const (
	// RecordPolicyAdditive owns the listed records only.
	RecordPolicyAdditive RecordPolicy = "Additive"
	// RecordPolicyExclusive owns the whole zone.
	RecordPolicyExclusive RecordPolicy = "Exclusive"
)

// DNSZoneType says where the records of a zone are kept.
// +kubebuilder:validation:Enum=Primary;Secondary
type DNSZoneType string

// The zone types.
const (
	// DNSZoneTypePrimary zones hold their records on the server (zone_type master).
	DNSZoneTypePrimary DNSZoneType = "Primary"
	// DNSZoneTypeSecondary zones are transferred from other servers (zone_type slave).
	DNSZoneTypeSecondary DNSZoneType = "Secondary"
)

// DNSRecordType is a type of resource record that the protocol can add.
// +kubebuilder:validation:Enum=A;AAAA;CNAME;MX;NS;PTR;TXT;SRV;DS;CAA
type DNSRecordType string

// The record types.
const (
	DNSRecordA     DNSRecordType = "A"
	DNSRecordAAAA  DNSRecordType = "AAAA"
	DNSRecordCNAME DNSRecordType = "CNAME"
	DNSRecordMX    DNSRecordType = "MX"
	DNSRecordNS    DNSRecordType = "NS"
	DNSRecordPTR   DNSRecordType = "PTR"
	DNSRecordTXT   DNSRecordType = "TXT"
	DNSRecordSRV   DNSRecordType = "SRV"
	DNSRecordDS    DNSRecordType = "DS"
	DNSRecordCAA   DNSRecordType = "CAA"
)

// PleskDNSZoneSpec describes the DNS zone of a site or a site alias. The zone comes and goes with that: this resource only sets it, and holds no
// deletion of the site back. With deletionPolicy Retain its records stay when it is deleted, with Delete they go; either way they go with
// the site. A field that is not set is not managed.
// +kubebuilder:validation:XValidation:rule="!has(self.masterServers) || (has(self.type) && self.type == 'Secondary')",message="masterServers is for type Secondary only",fieldPath=".masterServers"
// +kubebuilder:validation:XValidation:rule="!has(self.records) || size(self.records) == 0 || !has(self.type) || self.type != 'Secondary'",message="a Secondary zone takes its records from masterServers",fieldPath=".records"
// +kubebuilder:validation:XValidation:rule="!has(self.absent) || size(self.absent) == 0 || !has(self.type) || self.type != 'Secondary'",message="a Secondary zone takes its records from masterServers",fieldPath=".absent"
// +kubebuilder:validation:XValidation:rule="self.recordPolicy != 'Exclusive' || (has(self.records) && size(self.records) > 0) || (has(self.type) && self.type == 'Secondary')",message="recordPolicy Exclusive without records would empty the zone",fieldPath=".recordPolicy"
type PleskDNSZoneSpec struct {
	CommonSpec `json:",inline"`

	// siteRef names the site, or the site alias, whose zone it is. An alias has a zone while its manageDNS is true, and whether the server keeps
	// it like that of its site in all that it holds is undocumented: what it does not keep is NotConverging. Immutable. Wire: site-id, site-alias-id.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="siteRef is immutable"
	SiteRef DNSZoneOwner `json:"siteRef"`

	// recordPolicy says which records belong to this resource. Additive (the default): the listed ones; what it added and is not listed
	// any more is removed, every other record is left alone, and a record that was there before is removed only if absent names it.
	// Exclusive: all; what is not listed is removed, also what the server's template or an extension put there, except for
	// records of types that cannot be listed. Under both policies the MX records of the zone stay while their removal would
	// leave it without any, and so do its NS records: the server refuses to remove the last ones. List others first.
	// +optional
	// +kubebuilder:default=Additive
	RecordPolicy RecordPolicy `json:"recordPolicy,omitempty"`

	// The list is atomic because neither finer type fits. The keys of a map would have to tell any two records apart, and
	// what tells an "issue" from an "issuewild" CAA, or two ports of an SRV, sits in optional objects, which cannot be keys;
	// of sets, server-side apply knows those of scalars only. Duplicates are found when the spec is translated.

	// records of the zone. Unset: none. Not listed, with recordPolicy Additive: removed if this resource added it. The order means
	// nothing; a record stands in the list once, and has no TTL of its own (see soa.ttl). The template's SPF and MX records stay beside the listed ones,
	// unless absent names them. Not allowed with type Secondary, and not compared while the zone is
	// secondary on the server. Wire: dns/add_rec, dns/del_rec; the protocol cannot change a record, so the new one is added
	// before the old one is removed, except where a CNAME stands in the way.
	// +optional
	// +kubebuilder:validation:MaxItems=1000
	// +listType=atomic
	Records []DNSRecord `json:"records,omitempty"`

	// absent names records that must not be in the zone, under either policy and whoever put them there: the server's template, an
	// extension, somebody. They are removed when they come back, too. So a listed record can take the place of the template's: the
	// one SPF record, the one MX of a priority, an A in place of a CNAME. A record cannot be in both lists. What is removed does not
	// come back by itself when it is not named any more or this resource is deleted. The last MX and NS records stay, as
	// recordPolicy says. Not allowed with type Secondary. Unset: none. Wire: dns/del_rec.
	// +optional
	// +kubebuilder:validation:MaxItems=1000
	// +listType=atomic
	Absent []AbsentDNSRecord `json:"absent,omitempty"`

	// soa holds the times of the zone. Each that is not set is left as it is.
	// +optional
	SOA *DNSZoneSOA `json:"soa,omitempty"`

	// type says where the records are kept: Primary on this server, Secondary elsewhere, transferred from masterServers.
	// Unset: not managed. Wire: dns/switch zone_type (master, slave).
	// +optional
	Type *DNSZoneType `json:"type,omitempty"`

	// masterServers are the IP addresses of the servers from which a Secondary zone is transferred; others are removed.
	// Unset: not managed. Wire: dns/add_master_server, dns/del_master_server. Privileged.
	// +optional
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MaxLength=45
	// +kubebuilder:validation:items:XValidation:rule="isIP(self)",message="not an IP address"
	// +listType=set
	MasterServers []string `json:"masterServers,omitempty"`

	// enabled says whether the server answers for the zone; its records are kept while it does not. Unset: not managed.
	// Wire: dns/enable, dns/disable; zone_status.
	// +optional
	Enabled *bool `json:"enabled,omitempty"`
}

// DNSZoneOwner names a site or a site alias: a resource in this namespace, or a domain name that lives only on the server.
// +kubebuilder:validation:XValidation:rule="has(self.name) != has(self.external)",message="exactly one of name and external is required"
type DNSZoneOwner struct {
	// kind of the resource that name refers to: PleskSubscription (the default) for its main site, PleskSite or PleskSiteAlias.
	// +optional
	// +kubebuilder:validation:Enum=PleskSubscription;PleskSite;PleskSiteAlias
	// +kubebuilder:default=PleskSubscription
	Kind string `json:"kind,omitempty"`
	// name of a resource in this namespace. Unset: external is set.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name,omitempty"`
	// external is the domain name of a site or a site alias that lives only on the server. Unset: name is set.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	External string `json:"external,omitempty"`
}

// The patterns of these times bound their digits so that what passes is a Go duration: one value that cannot be read would
// stop the watch of all zones.

// DNSZoneSOA holds the times of a zone in hours, minutes and whole seconds, e.g. "3h" or "1h30m", up to 68 years
// (2147483647 seconds). Serial number, primary name server and contact are the server's own. Wire: dns/set soa, in seconds.
type DNSZoneSOA struct {
	// ttl is how long resolvers keep the records of the zone. Unset: not managed. Wire: soa/ttl.
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=26
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^(1?[0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,9}s)?$')`,message="write hours, minutes and whole seconds, e.g. 24h or 1h30m"
	TTL *metav1.Duration `json:"ttl,omitempty"`
	// refresh is how often secondary servers ask for changes. Unset: not managed. Wire: soa/refresh.
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=26
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^(1?[0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,9}s)?$')`,message="write hours, minutes and whole seconds, e.g. 24h or 1h30m"
	Refresh *metav1.Duration `json:"refresh,omitempty"`
	// retry is when secondary servers ask again after a failure. Unset: not managed. Wire: soa/retry.
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=26
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^(1?[0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,9}s)?$')`,message="write hours, minutes and whole seconds, e.g. 24h or 1h30m"
	Retry *metav1.Duration `json:"retry,omitempty"`
	// expire is how long secondary servers answer without reaching this one. Unset: not managed. Wire: soa/expire.
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=26
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^(1?[0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,9}s)?$')`,message="write hours, minutes and whole seconds, e.g. 24h or 1h30m"
	Expire *metav1.Duration `json:"expire,omitempty"`
	// minimum is how long resolvers keep the answer that a name does not exist. Unset: not managed. Wire: soa/minimum.
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=26
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^(1?[0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,9}s)?$')`,message="write hours, minutes and whole seconds, e.g. 24h or 1h30m"
	Minimum *metav1.Duration `json:"minimum,omitempty"`
}

// DNSRecord is one resource record.
// +kubebuilder:validation:XValidation:rule="has(self.priority) == (self.type == 'MX')",message="priority is required with type MX, and for no other type"
// +kubebuilder:validation:XValidation:rule="has(self.srv) == (self.type == 'SRV')",message="srv is required with type SRV, and for no other type"
// +kubebuilder:validation:XValidation:rule="has(self.caa) == (self.type == 'CAA')",message="caa is required with type CAA, and for no other type"
// +kubebuilder:validation:XValidation:rule="has(self.ptr) == (self.type == 'PTR')",message="ptr is required with type PTR, and for no other type"
// +kubebuilder:validation:XValidation:rule="self.type != 'A' || (isIP(self.value) && ip(self.value).family() == 4)",message="the value of type A is an IPv4 address",fieldPath=".value"
// +kubebuilder:validation:XValidation:rule="self.type != 'AAAA' || (isIP(self.value) && ip(self.value).family() == 6)",message="the value of type AAAA is an IPv6 address",fieldPath=".value"
// +kubebuilder:validation:XValidation:rule="self.type != 'PTR' || isIP(self.name)",message="the name of type PTR is an IP address",fieldPath=".name"
// +kubebuilder:validation:XValidation:rule="self.type != 'CNAME' || self.name != '@'",message="the zone itself cannot be a CNAME",fieldPath=".name"
type DNSRecord struct {
	// name of the record relative to the zone, without a dot at the end: "www", "_sip._tcp", "*"; "@" is the zone itself.
	// Names in other scripts are written as they are or in punycode. Of type PTR: the IP address. Wire: host.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[^.\s]([^\s]*[^.\s])?$')`,message="write it without blanks and without a dot at its end; @ is the zone itself"
	Name string `json:"name"`

	// type of the record: A, AAAA, CNAME, MX, NS, PTR, TXT, SRV, DS or CAA. Wire: type.
	// +required
	Type DNSRecordType `json:"type"`

	// value of the record. A, AAAA: the address. CNAME, MX, NS, PTR, SRV: a full host name, with or without the dot at
	// the end; it is never taken as relative to the zone. TXT: the text without the quotes of zone files; runs of blanks
	// are sent as they are, but count as one in comparisons, because the server may join them. DS: key tag, algorithm,
	// digest type and digest, separated by blanks. CAA: the value of the tag. Wire: value.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=4096
	Value string `json:"value"`

	// priority of a mail server, the lowest is tried first. Required with type MX. Unset: for every other type. Wire: opt.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=65535
	Priority *int32 `json:"priority,omitempty"`

	// srv holds what a service record has beside its host. Required with type SRV. Wire: opt.
	// +optional
	SRV *SRVData `json:"srv,omitempty"`

	// caa holds what a certificate authority authorisation has beside its value. Required with type CAA. Wire: opt.
	// +optional
	CAA *CAAData `json:"caa,omitempty"`

	// ptr holds what a reverse record has beside address and name. Required with type PTR. Wire: opt.
	// +optional
	PTR *PTRData `json:"ptr,omitempty"`
}

// AbsentDNSRecord names records that must not be in a zone.
type AbsentDNSRecord struct {
	// name of the records, as in records.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[^.\s]([^\s]*[^.\s])?$')`,message="write it without blanks and without a dot at its end; @ is the zone itself"
	Name string `json:"name"`

	// type of the records: A, AAAA, CNAME, MX, NS, PTR, TXT, SRV, DS or CAA.
	// +required
	Type DNSRecordType `json:"type"`

	// value of the record, as in records, whatever its priority, port, tag or prefix length. A TXT record is named as the server
	// has it, with the quotes of zone files where it has them. Unset: every record of that name and type which is not in records.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=4096
	Value *string `json:"value,omitempty"`
}

// SRVData is what an SRV record has beside its host. Wire: opt "priority weight port".
type SRVData struct {
	// priority of the host, the lowest is tried first.
	// +required
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=65535
	Priority int32 `json:"priority"`
	// weight among hosts of the same priority, the larger is chosen more often.
	// +required
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=65535
	Weight int32 `json:"weight"`
	// port of the service.
	// +required
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port"`
}

// CAAData is what a CAA record has beside its value. Wire: opt "flags tag".
type CAAData struct {
	// flags of the record: 0, or 128 for critical. Default: 0.
	// +optional
	// +kubebuilder:default=0
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=255
	Flags int32 `json:"flags"`
	// tag of the record: issue, issuewild, iodef or another that is registered.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=15
	// +kubebuilder:validation:Pattern=`^[a-zA-Z0-9]+$`
	Tag string `json:"tag"`
}

// PTRData is what a PTR record has beside address and name. Wire: opt.
type PTRData struct {
	// prefixLength of the network whose reverse zone holds the record, e.g. 24.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=128
	PrefixLength int32 `json:"prefixLength"`
}

// PleskDNSZoneStatus is what was found on the server.
type PleskDNSZoneStatus struct {
	CommonStatus `json:",inline"`

	// zone is the name that the zone had when records was written. When a site is renamed, the server rewrites its records.
	// +optional
	Zone string `json:"zone,omitempty"`

	// records lists the records that this resource added. They are noted before they are written; only these are removed when
	// this resource is deleted with deletionPolicy Delete, and with recordPolicy Additive when they are not listed any more.
	// +optional
	// +listType=atomic
	Records []OwnedDNSRecord `json:"records,omitempty"`

	// observed is what the server shows of the zone.
	// +optional
	Observed *ObservedDNSZone `json:"observed,omitempty"`
}

// OwnedDNSRecord is a record that a resource added.
type OwnedDNSRecord struct {
	// id of the record on the server; empty while it is not known to be there. A record with the same content and another id is
	// somebody else's.
	// +optional
	ID string `json:"id,omitempty"`
	// record as "name type data", e.g. "www A 198.51.100.7".
	Record string `json:"record"`
}

// ObservedDNSZone is what the server shows of a zone.
type ObservedDNSZone struct {
	// type of the zone.
	// +optional
	Type DNSZoneType `json:"type,omitempty"`
	// enabled says whether the server answers for the zone.
	// +optional
	Enabled bool `json:"enabled"`
	// recordCount is the number of records in the zone, whoever added them.
	// +optional
	RecordCount int32 `json:"recordCount"`
	// soa holds the times of the zone.
	// +optional
	SOA *DNSZoneSOA `json:"soa,omitempty"`
	// masterServers are the addresses from which a Secondary zone is transferred.
	// +optional
	// +listType=atomic
	MasterServers []string `json:"masterServers,omitempty"`
}

// PleskDNSZone is the DNS zone of a site or a site alias: records, SOA, type. Its natural key is the site or the alias. It goes with that, whatever its
// deletionPolicy: to keep a zone, retain its subscription.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plzone
// +kubebuilder:printcolumn:name="Zone",type=string,JSONPath=`.status.key`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Policy",type=string,priority=1,JSONPath=`.spec.recordPolicy`
// +kubebuilder:printcolumn:name="Records",type=integer,priority=1,JSONPath=`.status.observed.recordCount`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskDNSZone struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the zone.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.siteRef.name)",message="serverRef is required unless siteRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskDNSZoneSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskDNSZoneStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskDNSZone) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskDNSZone) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskDNSZoneList is a list of PleskDNSZone.
// +kubebuilder:object:root=true
type PleskDNSZoneList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskDNSZone `json:"items"`
}
