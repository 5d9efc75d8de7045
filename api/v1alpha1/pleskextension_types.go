// PleskExtension: an extension of the panel.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskExtensionSpec describes an extension that is to be installed. The protocol can neither change nor switch off one.
type PleskExtensionSpec struct {
	CommonSpec `json:",inline"`

	// extensionID is the id of the extension in the vendor's catalogue, e.g. wp-toolkit. Immutable. Wire: id.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=100
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9][A-Za-z0-9._-]*$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="extensionID is immutable"
	ExtensionID string `json:"extensionID"`

	// url of the archive that the server installs the extension from, https only and without a login in it. The archive has to hold the extension
	// with the extensionID. It is used where the extension is not installed yet; no server tells it. Unset: the vendor's catalogue. Immutable.
	// Privileged. Wire: url.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^https://[^\s@/]+/[^\s@]+$')`,message="write https://HOST/FILE, without a login"
	URL *string `json:"url,omitempty"`
}

// PleskExtensionStatus is what was found on the server.
type PleskExtensionStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the extension.
	// +optional
	Observed *ObservedExtension `json:"observed,omitempty"`
}

// ObservedExtension is what the server shows of an extension.
type ObservedExtension struct {
	// name that people know it by.
	// +optional
	Name string `json:"name,omitempty"`
	// version that is installed. The server upgrades extensions by itself.
	// +optional
	Version string `json:"version,omitempty"`
	// release of the version.
	// +optional
	Release string `json:"release,omitempty"`
	// active says whether the extension is switched on. Unset: the server does not say.
	// +optional
	Active *bool `json:"active,omitempty"`
}

// PleskExtension is an extension of the panel. Its natural key is its id. One that is installed already, as some are on every server, is taken over as
// it is under the adoption policy. Deleting the resource with deletionPolicy Delete uninstalls the extension with all that it keeps, whoever installed
// it, and no server tells what that is; Retain, the default of every server, leaves it. Nothing upgrades an extension or
// switches it on or off: the protocol has no operation for that. Calls to extensions (extension/call) are acts.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plext
// +kubebuilder:printcolumn:name="Extension",type=string,JSONPath=`.spec.extensionID`
// +kubebuilder:printcolumn:name="Version",type=string,JSONPath=`.status.observed.version`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Active",type=boolean,priority=1,JSONPath=`.status.observed.active`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskExtension struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the extension.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef)",message="serverRef is required"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="deletionPolicy DeleteWithContents is for subscriptions and sites: nothing lies in this"
	// +kubebuilder:validation:XValidation:rule="has(self.url) == has(oldSelf.url) && (!has(self.url) || self.url == oldSelf.url)",message="url is immutable: it is used once"
	Spec PleskExtensionSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskExtensionStatus `json:"status,omitempty"`
}

// Common implements Object.
func (e *PleskExtension) Common() *CommonSpec { return &e.Spec.CommonSpec }

// State implements Object.
func (e *PleskExtension) State() *CommonStatus { return &e.Status.CommonStatus }

// PleskExtensionList is a list of PleskExtension.
// +kubebuilder:object:root=true
type PleskExtensionList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskExtension `json:"items"`
}
