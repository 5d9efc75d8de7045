// PleskApproval: a permit for one act that the operator does not do unasked.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Permit is an act that needs an approval.
// +kubebuilder:validation:Enum=Plan;DataLoss;Recreate
type Permit string

// The permits.
const (
	// PermitPlan lets the plan in the target's status.changes be written.
	PermitPlan Permit = "Plan"
	// PermitDataLoss lets the data that the target's condition names be destroyed.
	PermitDataLoss Permit = "DataLoss"
	// PermitRecreate lets an object that was deleted on the server be created again, empty.
	PermitRecreate Permit = "Recreate"
)

// PleskApprovalSpec says what is permitted to which resource.
type PleskApprovalSpec struct {
	// targetRef names the resource in this namespace.
	// +required
	TargetRef ApprovalTarget `json:"targetRef"`
	// permit is the act: Plan, DataLoss or Recreate.
	// +required
	Permit Permit `json:"permit"`
	// token from the target's status.awaiting: it stands for exactly what was shown there, and is good once.
	// +required
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[0-9a-f]{32}$')`,message="write the token that status.awaiting of the target shows"
	Token string `json:"token"`
}

// ApprovalTarget names a resource in the namespace of the approval.
type ApprovalTarget struct {
	// kind of the resource, e.g. PleskSubscription.
	// +required
	// +kubebuilder:validation:Enum=PleskServerSettings;PleskIPAddress;PleskResellerPlan;PleskReseller;PleskCustomer;PleskServicePlan;PleskServicePlanAddon;PleskSubscription;PleskSite;PleskSubdomain;PleskSiteAlias;PleskCertificate;PleskDNSZone;PleskDNSTemplate;PleskDatabaseServer;PleskDatabase;PleskDatabaseUser;PleskFTPUser;PleskMailSettings;PleskMailAccount;PleskLogRotation;PleskProtectedDirectory;PleskVirtualDirectory;PleskSecretKey;PleskExtension;PleskCustomButton
	Kind string `json:"kind"`
	// name of the resource.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
}

// PleskApprovalStatus says what has become of the approval.
type PleskApprovalStatus struct {
	// usedAt is when the act was begun. The approval permits nothing any more then.
	// +optional
	UsedAt *metav1.Time `json:"usedAt,omitempty"`
	// message says why the approval permits nothing as yet: there is no such target, or it awaits nothing, or something else. Unset otherwise.
	// +optional
	Message string `json:"message,omitempty"`
}

// PleskApproval is a permit for one act on one resource, good once. Its natural key is the token. Who may create one is the cluster's RBAC to say: its roles edit and admin may not.
// Keeping it has no effect; whoever created it deletes it.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plapp
// +kubebuilder:printcolumn:name="Kind",type=string,JSONPath=`.spec.targetRef.kind`
// +kubebuilder:printcolumn:name="Target",type=string,JSONPath=`.spec.targetRef.name`
// +kubebuilder:printcolumn:name="Permit",type=string,JSONPath=`.spec.permit`
// +kubebuilder:printcolumn:name="Used",type=date,JSONPath=`.status.usedAt`
// +kubebuilder:printcolumn:name="Message",type=string,JSONPath=`.status.message`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type PleskApproval struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec says what is permitted. Immutable.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="an approval is immutable"
	Spec PleskApprovalSpec `json:"spec"`
	// status is the operator's.
	// +optional
	Status PleskApprovalStatus `json:"status,omitempty"`
}

// PleskApprovalList is a list of PleskApproval.
// +kubebuilder:object:root=true
type PleskApprovalList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskApproval `json:"items"`
}
