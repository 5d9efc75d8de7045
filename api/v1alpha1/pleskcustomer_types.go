// PleskCustomer: an account that owns subscriptions.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskCustomerSpec describes a customer account. A field that is not set is not managed.
type PleskCustomerSpec struct {
	CommonSpec `json:",inline"`

	Account `json:",inline"`

	// resellerRef names the reseller who owns the customer. Unset: the account that the operator logs in with. Immutable. Wire: owner-login.
	// Privileged.
	// +optional
	ResellerRef *ObjectReference `json:"resellerRef,omitempty"`
}

// PleskCustomerStatus is what was found on the server.
type PleskCustomerStatus struct {
	CommonStatus      `json:",inline"`
	SuspendableStatus `json:",inline"`
	// observed is what the server shows of the customer.
	// +optional
	Observed *ObservedCustomer `json:"observed,omitempty"`
	// usage is what the customer's subscriptions take of their server together, where the PleskServer has that read (spec.usageMetrics).
	// +optional
	Usage *Usage `json:"usage,omitempty"`
}

// ObservedCustomer is what the server shows of a customer.
type ObservedCustomer struct {
	// created is the day on which the account was made, YYYY-MM-DD.
	// +optional
	Created string `json:"created,omitempty"`
	// owner is the login of the administrator or reseller who owns the account.
	// +optional
	Owner string `json:"owner,omitempty"`
	// state is Active, or the reasons for which the account does not work, e.g. "DisabledByAdmin".
	// +optional
	State string `json:"state,omitempty"`
}

// PleskCustomer is an account that owns subscriptions. Its natural key is the login.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plcust
// +kubebuilder:printcolumn:name="Login",type=string,JSONPath=`.spec.login`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Suspended",type=string,JSONPath=`.status.conditions[?(@.type=="Suspended")].status`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Suspended-By",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Suspended")].message`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskCustomer struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the customer.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || (has(self.resellerRef) && has(self.resellerRef.name))",message="serverRef is required unless resellerRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="has(self.resellerRef) == has(oldSelf.resellerRef) && (!has(self.resellerRef) || self.resellerRef == oldSelf.resellerRef)",message="resellerRef is immutable"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskCustomerSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskCustomerStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskCustomer) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskCustomer) State() *CommonStatus { return &o.Status.CommonStatus }

// Suspended implements Suspendable.
func (o *PleskCustomer) Suspended() *SuspendableStatus { return &o.Status.SuspendableStatus }

// PleskCustomerList is a list of PleskCustomer.
// +kubebuilder:object:root=true
type PleskCustomerList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskCustomer `json:"items"`
}
