// PleskSuspension: a reason for which something on a server is out of service, held by whoever has created it.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskSuspensionSpec says what is out of service, why, and for how long.
// +kubebuilder:validation:XValidation:rule="!has(self.since) || !has(self.until) || self.since < self.until",message="since has to come before until",fieldPath=".until"
type PleskSuspensionSpec struct {
	// targetRef names the resource in this namespace. Immutable.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="targetRef is immutable: delete this suspension and create another one"
	TargetRef SuspensionTarget `json:"targetRef"`
	// reason for people, e.g. NonPayment; it is shown in the target's status, and not on the server. At most 255 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	Reason string `json:"reason"`
	// since is when the suspension begins. Unset: at once.
	// +optional
	Since *metav1.Time `json:"since,omitempty"`
	// until is when it ends by itself: the target works again from then on, unless another suspension stands. Unset: when this resource is deleted.
	// +optional
	Until *metav1.Time `json:"until,omitempty"`
}

// SuspensionTarget names a resource in the namespace of the suspension.
type SuspensionTarget struct {
	// kind of the resource: PleskCustomer and PleskReseller with all that they own, PleskSubscription with its sites and mail, PleskSite, or
	// PleskSubdomain.
	// +required
	// +kubebuilder:validation:Enum=PleskCustomer;PleskReseller;PleskSubscription;PleskSite;PleskSubdomain
	Kind string `json:"kind"`
	// name of the resource.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
}

// PleskSuspensionStatus says what has become of the suspension.
type PleskSuspensionStatus struct {
	// observedGeneration is the generation of the spec that this status is about; -1 before anybody has looked.
	// +kubebuilder:default=-1
	// +optional
	ObservedGeneration int64 `json:"observedGeneration"`
	// conditions: Ready (the target is out of service while this suspension stands, and not for its sake before and after), and Reconciling,
	// which is present only when true.
	// +optional
	// +patchMergeKey=type
	// +patchStrategy=merge
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty" patchStrategy:"merge" patchMergeKey:"type"`
}

// PleskSuspension is a reason for which a customer, a reseller, a subscription, a site or a subdomain is out of service. Its natural key is its own name. Each holder of a reason
// has one: the target is out of service while any stands, and works again when the last one has been deleted or has ended. Who may create one is
// the cluster's RBAC to say: its roles edit and admin may not.
//
// The administrator's reason is set on the server (the reseller's or the customer's, where the server's credentials are theirs; wire: status, bits 16, 32 and 64). What was
// set there before anybody asked for it here is never taken back.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plsusp
// +kubebuilder:printcolumn:name="Kind",type=string,JSONPath=`.spec.targetRef.kind`
// +kubebuilder:printcolumn:name="Target",type=string,JSONPath=`.spec.targetRef.name`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.spec.reason`
// +kubebuilder:printcolumn:name="Until",type=string,JSONPath=`.spec.until`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type PleskSuspension struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec says what is out of service, why, and for how long.
	// +required
	Spec PleskSuspensionSpec `json:"spec"`
	// status is the operator's.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskSuspensionStatus `json:"status,omitempty"`
}

// PleskSuspensionList is a list of PleskSuspension.
// +kubebuilder:object:root=true
type PleskSuspensionList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskSuspension `json:"items"`
}

// Suspendable is an object that PleskSuspensions can be for.
// +kubebuilder:object:generate=false
type Suspendable interface {
	Object
	// Suspended returns the part of the status that says what they have come to.
	Suspended() *SuspendableStatus
}

// SuspendableStatus is the part of the status that every kind has which can be put out of service.
type SuspendableStatus struct {
	// suspension is what PleskSuspensions have come to on the server; unset where none stands and nothing is left of any.
	// +optional
	Suspension *Suspension `json:"suspension,omitempty"`
}

// Suspension is what PleskSuspensions have come to on the server.
type Suspension struct {
	// by lists the PleskSuspensions that stand, by name: the first 20.
	// +optional
	// +listType=atomic
	By []SuspensionHolder `json:"by,omitempty"`
	// until is when the last one of all that stand ends; unset: one of them has no end.
	// +optional
	Until *metav1.Time `json:"until,omitempty"`
	// reason that stands on the server for them: DisabledByAdmin, DisabledByReseller or DisabledByCustomer, by whose the credentials are.
	Reason string `json:"reason"`
	// found says that the reason was set there before: it is somebody else's, and stays when the last PleskSuspension has gone.
	// +optional
	Found bool `json:"found,omitempty"`
	// lost says that the reason, which the operator had set, was seen to be gone while a PleskSuspension stands: when it is there again, and the operator
	// has not set it anew, it is somebody else's.
	// +optional
	Lost bool `json:"lost,omitempty"`
	// pending is what was begun to be written and is not confirmed yet: it is finished before anything else is decided.
	// +optional
	Pending *PendingSuspension `json:"pending,omitempty"`
}

// SuspensionHolder is a PleskSuspension that stands.
type SuspensionHolder struct {
	// name of the PleskSuspension.
	Name string `json:"name"`
	// reason that it gives.
	Reason string `json:"reason"`
	// until is when it ends; unset: when it is deleted.
	// +optional
	Until *metav1.Time `json:"until,omitempty"`
}

// PendingSuspension is a change of the reasons on the server that was begun and not yet confirmed.
type PendingSuspension struct {
	// act is Suspend or Resume.
	// +kubebuilder:validation:Enum=Suspend;Resume
	Act SuspensionAct `json:"act"`
	// others lists the reasons of others, which a resume takes away with its own and puts back, e.g. DisabledByCustomer.
	// +optional
	// +listType=atomic
	Others []string `json:"others,omitempty"`
}

// SuspensionAct is a change of the reasons on the server.
type SuspensionAct string

// The acts.
const (
	// ActSuspend sets our reason.
	ActSuspend SuspensionAct = "Suspend"
	// ActResume takes it back.
	ActResume SuspensionAct = "Resume"
)
