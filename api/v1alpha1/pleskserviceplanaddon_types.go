// PleskServicePlanAddon: what subscriptions get on top of their service plan.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskServicePlanAddonSpec describes an add-on plan. A field that is not set is not managed. An add-on only adds to what the service plan
// gives: limits are summed, where unlimited outdoes every number, and what either of them grants or switches on is there. A change reaches
// all subscriptions that have the add-on, except those that are locked (status.observed.plan.locked of a PleskSubscription). What once stands in an
// add-on cannot be taken out over the protocol, only changed: 0 and false add nothing.
//
// Left out are: applications (package: those of the APS catalogue, which no kind describes; status.observed shows them), and copying an
// add-on (duplicate), which is an act rather than a state. Additional services and database servers the protocol has for service plans
// and subscriptions only.
type PleskServicePlanAddonSpec struct {
	CommonSpec `json:",inline"`

	// planName is the add-on's name; unique among the add-on plans of its owner. A changed name renames it. Wire: name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	PlanName string `json:"planName"`

	// resellerRef names the reseller who owns the add-on. Unset: the account that the operator logs in with. Immutable.
	// Wire: owner-login. Privileged.
	// +optional
	ResellerRef *ObjectReference `json:"resellerRef,omitempty"`

	// limits that are added to those of the service plan, by name, e.g. disk_space: 2Gi, max_box: unlimited. The set is open, as that of
	// a service plan is: what the server does not have, or lets nobody change, is InvalidSpec, with the names that it has. A limit that
	// is not named is not managed. Wire: limits/limit. Privileged.
	// +optional
	// +kubebuilder:validation:MaxProperties=256
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 255)",message="names have at most 255 characters"
	Limits map[string]LimitValue `json:"limits,omitempty"`

	// permissions that are granted beside those of the service plan, by name, e.g. manage_dns: true; false grants nothing, and takes
	// nothing away. The set is open, as that of a service plan is: what the server does not have, or lets nobody change, is InvalidSpec,
	// with the names that it has. A permission that is not named is not managed. Wire: permissions/permission.
	// Privileged, but for those that give power over the own sites only.
	// +optional
	// +kubebuilder:validation:MaxProperties=256
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 255)",message="names have at most 255 characters"
	Permissions map[string]bool `json:"permissions,omitempty"`

	// performance that web sites may take where it is more than the service plan allows.
	// +optional
	Performance *Performance `json:"performance,omitempty"`

	// hosting are the properties of web hosting that the add-on gives, where they are more than the service plan's. Whether there is web
	// hosting at all is the service plan's to say.
	// +optional
	Hosting *PlanHosting `json:"hosting,omitempty"`
}

// PleskServicePlanAddonStatus is what was found on the server.
type PleskServicePlanAddonStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the add-on plan.
	// +optional
	Observed *ObservedServicePlanAddon `json:"observed,omitempty"`
}

// ObservedServicePlanAddon is what the server shows of an add-on plan.
type ObservedServicePlanAddon struct {
	// owner is the login of the administrator or reseller who owns the add-on, where the server tells it.
	// +optional
	Owner string `json:"owner,omitempty"`
	// applications that the add-on offers, by name. They are chosen in the panel.
	// +optional
	// +listType=atomic
	Applications []string `json:"applications,omitempty"`
}

// PleskServicePlanAddon is what subscriptions get on top of their service plan. Its natural key is owner and name.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=pladdon
// +kubebuilder:printcolumn:name="Plan",type=string,JSONPath=`.spec.planName`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskServicePlanAddon struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the add-on plan.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || (has(self.resellerRef) && has(self.resellerRef.name))",message="serverRef is required unless resellerRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="has(self.resellerRef) == has(oldSelf.resellerRef) && (!has(self.resellerRef) || self.resellerRef == oldSelf.resellerRef)",message="resellerRef is immutable"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskServicePlanAddonSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskServicePlanAddonStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskServicePlanAddon) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskServicePlanAddon) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskServicePlanAddonList is a list of PleskServicePlanAddon.
// +kubebuilder:object:root=true
type PleskServicePlanAddonList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskServicePlanAddon `json:"items"`
}
