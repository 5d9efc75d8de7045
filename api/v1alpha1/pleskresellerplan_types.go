// PleskResellerPlan: what the resellers with it get.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskResellerPlanSpec describes a reseller plan. A field that is not set is not managed. A change reaches all resellers with the plan at
// once, except those that are locked (status.observed.plan.locked of a PleskReseller). The applications that a plan offers (aps-filter,
// packages) are neither managed nor shown: they are the catalogue's of the server, which this operator does not manage.
type PleskResellerPlanSpec struct {
	CommonSpec `json:",inline"`

	// planName is the plan's name; unique on the server among the reseller plans. A changed name renames the plan. Wire: name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	PlanName string `json:"planName"`

	ResellerAllowance `json:",inline"`

	// ipPool is what the plan puts into the pools of its resellers: the addresses that they may assign.
	// +optional
	IPPool *PlanIPPool `json:"ipPool,omitempty"`
}

// PlanIPPool is what a reseller plan puts into the pools of its resellers. What is not set is not managed.
type PlanIPPool struct {
	// shared are addresses of the server that all of the plan's resellers get; others are taken out of the plan. Since the protocol cannot
	// say that there are none, there has to be one. Unset: not managed; a new plan has none. Wire: ip-pool/ip-address. Privileged.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=128
	// +kubebuilder:validation:items:MaxLength=45
	// +kubebuilder:validation:items:XValidation:rule="isIP(self)",message="not an IP address"
	Shared []string `json:"shared,omitempty"`

	// exclusiveIPv4 is how many exclusive IPv4 addresses each of the plan's resellers gets. Unset: not managed; a new plan gives none.
	// Wire: ip-pool/allocate-ip. Privileged.
	// +optional
	// +kubebuilder:validation:Minimum=0
	ExclusiveIPv4 *int32 `json:"exclusiveIPv4,omitempty"`

	// exclusiveIPv6 is how many exclusive IPv6 addresses each of the plan's resellers gets. Unset: not managed; a new plan gives none.
	// Wire: ip-pool/allocate-ipv6. Privileged.
	// +optional
	// +kubebuilder:validation:Minimum=0
	ExclusiveIPv6 *int32 `json:"exclusiveIPv6,omitempty"`
}

// PleskResellerPlanStatus is what was found on the server. All that the server shows of a plan is in the spec.
type PleskResellerPlanStatus struct {
	CommonStatus `json:",inline"`
}

// PleskResellerPlan is what the resellers with it get: limits, permissions, addresses. Its natural key is the name.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plresplan
// +kubebuilder:printcolumn:name="Plan",type=string,JSONPath=`.spec.planName`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskResellerPlan struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the reseller plan.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef)",message="serverRef is required"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskResellerPlanSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskResellerPlanStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskResellerPlan) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskResellerPlan) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskResellerPlanList is a list of PleskResellerPlan.
// +kubebuilder:object:root=true
type PleskResellerPlanList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskResellerPlan `json:"items"`
}
