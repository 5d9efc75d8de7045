// PleskIPAddress: an IP address of the server.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// IPAddressType says how many may use an address.
// +kubebuilder:validation:Enum=Shared;Exclusive
type IPAddressType string

// The types.
const (
	// IPAddressShared can be used by any number of customers (type shared).
	IPAddressShared IPAddressType = "Shared"
	// IPAddressExclusive can be used by one of them (type exclusive); the panel calls it dedicated.
	IPAddressExclusive IPAddressType = "Exclusive"
)

// PleskIPAddressSpec describes an IP address of the server. A field that is not set is not managed.
type PleskIPAddressSpec struct {
	CommonSpec `json:",inline"`

	// address is the IPv4 or IPv6 address, in any spelling; an IPv4 address is not written as an IPv6 one. Immutable. Wire: ip_address.
	// +required
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=45
	// +kubebuilder:validation:XValidation:rule="isIP(self)",message="not an IP address"
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="address is immutable: another one is another object"
	Address string `json:"address"`

	// prefixLength is the length of the network's prefix in bits, e.g. 24 for the mask 255.255.255.0. It is needed to add the address, not to
	// manage one that is there, and the server cannot change it. Immutable. Unset: not managed. Wire: netmask.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=128
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="prefixLength is immutable: the server cannot change it"
	PrefixLength *int32 `json:"prefixLength,omitempty"`

	// interface is the network interface of the server that has the address, e.g. eth0. It is needed to add the address, which configures it
	// there, not to manage one that is there, and the server cannot change it. Immutable. Unset: not managed. Wire: interface.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=200
	// +kubebuilder:validation:Pattern=`^\S(.*\S)?$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="interface is immutable: the server cannot change it"
	Interface *string `json:"interface,omitempty"`

	// type says how many may use the address: Shared by any number of customers, Exclusive by one. It is needed to add the address. What
	// several use cannot become Exclusive. Unset: not managed. Wire: type.
	// +optional
	Type *IPAddressType `json:"type,omitempty"`

	// publicAddress is the address under which the world reaches this one, where a router translates between the two; DNS zones get it in place of
	// the private one. An empty text takes it away. Unset: not managed. Wire: public_ip_address.
	// +optional
	// +kubebuilder:validation:MaxLength=45
	// +kubebuilder:validation:XValidation:rule="self == '' || isIP(self)",message="not an IP address"
	PublicAddress *string `json:"publicAddress,omitempty"`

	// certificateName is the name of the certificate, of the server's own repository, that visitors of the address see who name no site. The
	// server does not tell it: it is written when it changes here, and a change made on the server is not seen; an adopted address is taken to have
	// it. Unset: not managed (new addresses: the server's default certificate). Wire: certificate_name.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	CertificateName *string `json:"certificateName,omitempty"`
}

// PleskIPAddressStatus is what was found on the server.
type PleskIPAddressStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the address.
	// +optional
	Observed *ObservedIPAddress `json:"observed,omitempty"`
}

// ObservedIPAddress is what the server shows of an address.
type ObservedIPAddress struct {
	// netmask as the server writes it; of an IPv6 address the prefix, as an address or its length.
	// +optional
	Netmask string `json:"netmask,omitempty"`
	// interface that has the address.
	// +optional
	Interface string `json:"interface,omitempty"`
	// type says how many may use the address.
	// +optional
	Type IPAddressType `json:"type,omitempty"`
	// publicAddress under which the world reaches it; empty where that is the address itself.
	// +optional
	PublicAddress string `json:"publicAddress,omitempty"`
}

// PleskIPAddress is an IP address of the server, with the network interface that has it. Its natural key is the address. The server knows it by nothing
// else: one that was removed and added again is the same. Adding it configures the interface, so one that was removed on the server comes back only where
// its recreationPolicy says so: it may be another machine's by now. Service nodes (service-node) have no field: this protocol's servers have none.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:path=pleskipaddresses,categories=plesk,shortName=plip
// +kubebuilder:printcolumn:name="Address",type=string,JSONPath=`.spec.address`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Type",type=string,priority=1,JSONPath=`.status.observed.type`
// +kubebuilder:printcolumn:name="Interface",type=string,priority=1,JSONPath=`.status.observed.interface`
// +kubebuilder:printcolumn:name="Public",type=string,priority=1,JSONPath=`.status.observed.publicAddress`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskIPAddress struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the address.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef)",message="serverRef is required"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.prefixLength) || self.prefixLength <= 32 || self.address.contains(':')",message="an IPv4 prefix has at most 32 bits",fieldPath=".prefixLength"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskIPAddressSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskIPAddressStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskIPAddress) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskIPAddress) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskIPAddressList is a list of PleskIPAddress.
// +kubebuilder:object:root=true
type PleskIPAddressList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskIPAddress `json:"items"`
}
