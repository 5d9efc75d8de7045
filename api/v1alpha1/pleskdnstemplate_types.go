// PleskDNSTemplate: what the server puts into the DNS zones that it makes.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskDNSTemplateSpec describes the server's template of DNS zones. The template comes with the server: this resource only sets it. With
// deletionPolicy Retain its records stay when it is deleted, with Delete they go. A field that is not set is not managed.
// +kubebuilder:validation:XValidation:rule="self.recordPolicy != 'Exclusive' || (has(self.records) && size(self.records) > 0)",message="recordPolicy Exclusive without records would empty the template",fieldPath=".recordPolicy"
type PleskDNSTemplateSpec struct {
	CommonSpec `json:",inline"`

	// recordPolicy says which records of the template belong to this resource. Additive (the default): the listed ones; what it added and is not
	// listed any more is removed, every other record is left alone, and a record that was there before is removed only if absent names it.
	// Exclusive: all; what is not listed is removed, also what the server came with, except for records of types that cannot be listed. Under both
	// policies the MX records stay while their removal would leave the template without any, and so do its NS records: zones need them. List others
	// first.
	// +optional
	// +kubebuilder:default=Additive
	RecordPolicy RecordPolicy `json:"recordPolicy,omitempty"`

	// records of the template. Unset: none. Not listed, with recordPolicy Additive: removed if this resource added it. The order means nothing; a record stands
	// in the list once. Wire: dns/add_rec without an owner, dns/del_rec with template; the protocol cannot change a record, so the new one is added
	// before the old one is removed, except where a CNAME stands in the way.
	// +optional
	// +kubebuilder:validation:MaxItems=1000
	// +listType=atomic
	Records []DNSTemplateRecord `json:"records,omitempty"`

	// absent names records that must not be in the template, under either policy and whoever put them there: the server's maker, an extension,
	// somebody. They are removed when they come back, too. A record cannot be in both lists. What is removed does not come back by itself when it is
	// not named any more or this resource is deleted. The last MX and NS records stay, as recordPolicy says. Names and values may hold placeholders,
	// as in records. Unset: none. Wire: dns/del_rec with template.
	// +optional
	// +kubebuilder:validation:MaxItems=1000
	// +listType=atomic
	Absent []AbsentDNSRecord `json:"absent,omitempty"`

	// soa holds the times of the zones to come. Each that is not set is left as it is.
	// +optional
	SOA *DNSZoneSOA `json:"soa,omitempty"`

	// enabled says whether the server answers for the zones to come, as soon as they are made. Unset: not managed. Wire: dns/enable, dns/disable
	// without a filter; zone_status.
	// +optional
	Enabled *bool `json:"enabled,omitempty"`
}

// DNSTemplateRecord is one resource record of the template. Names and values may hold placeholders, which the server replaces when it makes a zone:
// <domain>, <subdomain>, <hostname> (the server's), <ip>, <ip.dns>, <ip.web>, <ip.mail>, <ip.webmail>, and the same with <ipv6. A record
// whose address a site does not have is left out of its zone.
// +kubebuilder:validation:XValidation:rule="has(self.priority) == (self.type == 'MX')",message="priority is required with type MX, and for no other type"
// +kubebuilder:validation:XValidation:rule="has(self.srv) == (self.type == 'SRV')",message="srv is required with type SRV, and for no other type"
// +kubebuilder:validation:XValidation:rule="has(self.caa) == (self.type == 'CAA')",message="caa is required with type CAA, and for no other type"
// +kubebuilder:validation:XValidation:rule="has(self.ptr) == (self.type == 'PTR')",message="ptr is required with type PTR, and for no other type"
// +kubebuilder:validation:XValidation:rule="self.type != 'A' || self.value.startsWith('<ip') || (isIP(self.value) && ip(self.value).family() == 4)",message="the value of type A is an IPv4 address or a placeholder such as <ip>",fieldPath=".value"
// +kubebuilder:validation:XValidation:rule="self.type != 'AAAA' || self.value.startsWith('<ip') || (isIP(self.value) && ip(self.value).family() == 6)",message="the value of type AAAA is an IPv6 address or a placeholder such as <ipv6>",fieldPath=".value"
// +kubebuilder:validation:XValidation:rule="self.type != 'PTR' || self.name.startsWith('<ip') || isIP(self.name)",message="the name of type PTR is an IP address or a placeholder such as <ip>",fieldPath=".name"
// +kubebuilder:validation:XValidation:rule="self.type != 'CNAME' || self.name != '@'",message="the zone itself cannot be a CNAME",fieldPath=".name"
type DNSTemplateRecord struct {
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
	// the end; it is never taken as relative to the zone: mail.<domain>. TXT: the text without the quotes of zone files; runs of blanks
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

// PleskDNSTemplateStatus is what was found on the server.
type PleskDNSTemplateStatus struct {
	CommonStatus `json:",inline"`

	// records lists the records that this resource added. They are noted before they are written; only these are removed when
	// this resource is deleted with deletionPolicy Delete, and with recordPolicy Additive when they are not listed any more.
	// +optional
	// +listType=atomic
	Records []OwnedDNSRecord `json:"records,omitempty"`

	// observed is what the server shows of the template.
	// +optional
	Observed *ObservedDNSTemplate `json:"observed,omitempty"`
}

// ObservedDNSTemplate is what the server shows of its template.
type ObservedDNSTemplate struct {
	// enabled says whether the server answers for the zones to come.
	// +optional
	Enabled bool `json:"enabled"`
	// recordCount is the number of records in the template, whoever added them.
	// +optional
	RecordCount int32 `json:"recordCount"`
	// soa holds the times of the zones to come.
	// +optional
	SOA *DNSZoneSOA `json:"soa,omitempty"`
}

// PleskDNSTemplate is the server's template of DNS zones: records, SOA. Its natural key is the server, which has one. Zones that are there already stay
// as they are; that they follow (dns/sync-with-template) is an act, and has no field. It is the server's: for administrators, and for other
// namespaces only where the PleskServer's tenants say so. Begin with managementPolicy ObserveOnly: every zone to come is made of it.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=pldnstpl
// +kubebuilder:printcolumn:name="Records",type=integer,JSONPath=`.status.observed.recordCount`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Policy",type=string,priority=1,JSONPath=`.spec.recordPolicy`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskDNSTemplate struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the template.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef)",message="serverRef is required"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskDNSTemplateSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskDNSTemplateStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskDNSTemplate) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskDNSTemplate) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskDNSTemplateList is a list of PleskDNSTemplate.
// +kubebuilder:object:root=true
type PleskDNSTemplateList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskDNSTemplate `json:"items"`
}
