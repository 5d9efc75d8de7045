// PleskSecretKey: a key that stands for a login and its password in requests to the server's API.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskSecretKeySpec describes a secret key. The server can change nothing of one: neither can the spec. Another key in its place is asked for by the
// annotation plesk-operator.dev/rotate-requested-at: the old one is removed first.
type PleskSecretKeySpec struct {
	CommonSpec `json:",inline"`

	// description of the key, by which it is known to people and to this resource; the server itself would take one twice. On the server the mark
	// of this resource stands before it. Immutable. Wire: description.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=150
	// +kubebuilder:validation:Pattern=`\S`
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('plesk-operator:')",message="plesk-operator: begins the marks of this operator"
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="description is immutable"
	Description string `json:"description"`

	// customerRef names the customer for whom the key stands: whoever has it may do what they may. Unset (and no resellerRef): the
	// administrator, who may do everything. Immutable. Wire: login.
	// +optional
	CustomerRef *ObjectReference `json:"customerRef,omitempty"`

	// resellerRef names the reseller for whom the key stands, in place of customerRef. Immutable. Wire: login.
	// +optional
	ResellerRef *ObjectReference `json:"resellerRef,omitempty"`

	// addresses are the IP addresses that the key may be used from; the server refuses it to others. Unset: a new key may be used from the address
	// that this operator comes from, and which ones a key has is not managed. Immutable. Wire: ip_address.
	// +optional
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MaxLength=45
	// +kubebuilder:validation:items:XValidation:rule="isIP(self)",message="not an IP address"
	// +listType=set
	Addresses []string `json:"addresses,omitempty"`

	// secretRef names the Secret of this namespace, and the key in it, into which the operator writes the secret key. The server tells it once, when
	// it is made, and it is shown nowhere else. The operator creates the Secret, writes into no other, and it is deleted with this resource, or stays
	// where the key stays (deletionPolicy Retain). To take over a key that is on the server, store it there first. Immutable.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="secretRef is immutable"
	SecretRef SecretKeySelector `json:"secretRef"`
}

// PleskSecretKeyStatus is what was found on the server.
type PleskSecretKeyStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the key.
	// +optional
	Observed *ObservedSecretKey `json:"observed,omitempty"`
}

// ObservedSecretKey is what the server shows of a secret key.
type ObservedSecretKey struct {
	// login of the account for which the key stands.
	// +optional
	Login string `json:"login,omitempty"`
	// addresses that the key may be used from.
	// +optional
	// +listType=atomic
	Addresses []string `json:"addresses,omitempty"`
}

// PleskSecretKey is a key for the server's API, in place of a login and its password, kept in a Secret. Its natural key is its description. status.id
// is a hash of what the server lists in place of the key: older servers list the key itself.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plkey
// +kubebuilder:printcolumn:name="Description",type=string,JSONPath=`.spec.description`
// +kubebuilder:printcolumn:name="Login",type=string,JSONPath=`.status.observed.login`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Secret",type=string,priority=1,JSONPath=`.spec.secretRef.name`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskSecretKey struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the secret key.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef)",message="serverRef is required"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="deletionPolicy DeleteWithContents is for subscriptions and sites: nothing lies in this"
	// +kubebuilder:validation:XValidation:rule="!has(self.customerRef) || !has(self.resellerRef)",message="customerRef and resellerRef exclude each other"
	// +kubebuilder:validation:XValidation:rule="has(self.customerRef) == has(oldSelf.customerRef) && (!has(self.customerRef) || self.customerRef == oldSelf.customerRef)",message="customerRef is immutable: make another key"
	// +kubebuilder:validation:XValidation:rule="has(self.resellerRef) == has(oldSelf.resellerRef) && (!has(self.resellerRef) || self.resellerRef == oldSelf.resellerRef)",message="resellerRef is immutable: make another key"
	// +kubebuilder:validation:XValidation:rule="has(self.addresses) == has(oldSelf.addresses) && (!has(self.addresses) || self.addresses == oldSelf.addresses)",message="addresses are immutable: make another key"
	Spec PleskSecretKeySpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskSecretKeyStatus `json:"status,omitempty"`
}

// Common implements Object.
func (k *PleskSecretKey) Common() *CommonSpec { return &k.Spec.CommonSpec }

// State implements Object.
func (k *PleskSecretKey) State() *CommonStatus { return &k.Status.CommonStatus }

// PleskSecretKeyList is a list of PleskSecretKey.
// +kubebuilder:object:root=true
type PleskSecretKeyList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskSecretKey `json:"items"`
}
