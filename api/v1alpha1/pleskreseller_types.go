// PleskReseller: an account that owns customers, plans and subscriptions of its own.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskResellerSpec describes a reseller account. A field that is not set is not managed. Limits and permissions that are set here override
// the reseller plan's and lock the reseller on the server: changes of the plan do not reach them any more (status.observed.plan.locked).
// What the account uses (stat) is not shown: the server would count it at each look. The applications that are offered to a reseller
// (packages, aps-filter) are the catalogue's of the server, which this operator does not manage.
type PleskResellerSpec struct {
	CommonSpec `json:",inline"`

	Account `json:",inline"`

	// powerUser has the reseller's panel open in the Power User view. Unset: not managed. Wire: gen-info/power-user.
	// +optional
	PowerUser *bool `json:"powerUser,omitempty"`

	// resellerPlanRef names the reseller plan that the account is bound to. Another plan switches the account: what it overrode is the new
	// plan's then, except what is set here. Unset: the binding is not managed, and a new reseller has no plan. Wire: plan-guid,
	// switch-subscription.
	// +optional
	ResellerPlanRef *ObjectReference `json:"resellerPlanRef,omitempty"`

	ResellerAllowance `json:",inline"`

	// ipPool holds the addresses that the reseller may assign to subscriptions.
	// +optional
	IPPool *ResellerIPPool `json:"ipPool,omitempty"`
}

// ResellerIPPool holds the addresses that a reseller may assign. What is not set is not managed. A subscription of the reseller's, or of
// their customers', can have no other address.
// +kubebuilder:validation:XValidation:rule="!has(self.shared) || !has(self.exclusive) || self.shared.all(a, !(a in self.exclusive))",message="an address is either shared or exclusive"
type ResellerIPPool struct {
	// shared are addresses of the server that others may use as well; other shared ones are taken out of the pool, unless a subscription has
	// them. []: none. Unset: not managed; a new reseller has those of the plan, or none. Wire: ippool-add-ip, ippool-set-ip, ippool-del-ip.
	// Privileged.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=128
	// +kubebuilder:validation:items:MaxLength=45
	// +kubebuilder:validation:items:XValidation:rule="isIP(self)",message="not an IP address"
	Shared []string `json:"shared,omitzero"`

	// exclusive are addresses of the server that nobody else may use; other exclusive ones are taken out of the pool, unless a subscription
	// has them. []: none. Unset: not managed; a new reseller has those of the plan, or none. Wire: as shared. Privileged.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=128
	// +kubebuilder:validation:items:MaxLength=45
	// +kubebuilder:validation:items:XValidation:rule="isIP(self)",message="not an IP address"
	Exclusive []string `json:"exclusive,omitzero"`
}

// PleskResellerStatus is what was found on the server.
type PleskResellerStatus struct {
	CommonStatus      `json:",inline"`
	SuspendableStatus `json:",inline"`
	// observed is what the server shows of the reseller.
	// +optional
	Observed *ObservedReseller `json:"observed,omitempty"`
}

// ObservedReseller is what the server shows of a reseller.
type ObservedReseller struct {
	// created is the day on which the account was made, YYYY-MM-DD.
	// +optional
	Created string `json:"created,omitempty"`
	// state is Active, or the reasons for which the account does not work, e.g. "DisabledByAdmin".
	// +optional
	State string `json:"state,omitempty"`
	// plan that the account is bound to; absent without one.
	// +optional
	Plan *ObservedResellerPlan `json:"plan,omitempty"`
	// ipAddresses of the reseller's pool, shared and exclusive.
	// +optional
	// +listType=atomic
	IPAddresses []string `json:"ipAddresses,omitempty"`
}

// ObservedResellerPlan is the binding of a reseller to their reseller plan.
type ObservedResellerPlan struct {
	// guid of the plan.
	GUID string `json:"guid"`
	// locked: the account was customised, and changes of the plan do not reach it. It stays so until the account is synchronised with its
	// plan in the panel, or gets another plan.
	// +optional
	Locked bool `json:"locked"`
	// synchronized: the server delivers all that the plan offers.
	// +optional
	Synchronized bool `json:"synchronized"`
}

// PleskReseller is an account that owns customers, plans and subscriptions of its own. Its natural key is the login.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plres
// +kubebuilder:printcolumn:name="Login",type=string,JSONPath=`.spec.login`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Suspended",type=string,JSONPath=`.status.conditions[?(@.type=="Suspended")].status`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Suspended-By",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Suspended")].message`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskReseller struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the reseller.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef)",message="serverRef is required"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskResellerSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskResellerStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskReseller) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskReseller) State() *CommonStatus { return &o.Status.CommonStatus }

// Suspended implements Suspendable.
func (o *PleskReseller) Suspended() *SuspendableStatus { return &o.Status.SuspendableStatus }

// PleskResellerList is a list of PleskReseller.
// +kubebuilder:object:root=true
type PleskResellerList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskReseller `json:"items"`
}
