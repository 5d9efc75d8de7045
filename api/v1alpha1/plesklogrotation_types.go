// PleskLogRotation: how the logs of a site's web server are rotated.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskLogRotationSpec describes how the logs of a site's web server are rotated. The settings come and go with the site, whose service plan says what
// they are in the beginning: this resource only sets them, holds no deletion of the site back, and leaves them as they are when it is deleted. A field
// that is not set is not managed.
// +kubebuilder:validation:XValidation:rule="!has(self.schedule) || !has(self.size)",message="logs are rotated by schedule or by size, not by both",fieldPath=".size"
type PleskLogRotationSpec struct {
	CommonSpec `json:",inline"`

	// siteRef names the site whose logs they are. Immutable. Wire: site-id.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="siteRef is immutable"
	SiteRef SiteReference `json:"siteRef"`

	// enabled switches rotation on or off; what is set below is kept while it is off. Unset: not managed. Wire: log-rotation/enable,
	// log-rotation/disable; get-status.
	// +optional
	Enabled *bool `json:"enabled,omitempty"`

	// schedule rotates by time: Daily, Weekly or Monthly. It takes the place of a size. Unset: not managed, unless size is set.
	// Wire: settings/log-condition/log-bytime.
	// +optional
	Schedule *LogSchedule `json:"schedule,omitempty"`

	// size rotates when a log has grown to it: bytes, or a size such as 10Mi. It takes the place of a schedule. Unset: not managed, unless schedule
	// is set. Wire: settings/log-condition/log-bysize, in bytes.
	// +optional
	Size *ByteSize `json:"size,omitempty"`

	// maxFiles is how many rotated files are kept; the oldest go. Unset: not managed. Wire: settings/log-max-num-files.
	// +optional
	// +kubebuilder:validation:Minimum=1
	MaxFiles *int32 `json:"maxFiles,omitempty"`

	// compress the rotated files. Unset: not managed. Wire: settings/log-compress.
	// +optional
	Compress *bool `json:"compress,omitempty"`

	// email is the address that rotated files are sent to; an empty text is none. Unset: not managed. Wire: settings/log-email.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^([^@\s]+@[^@\s]+)?$')`,message="write an address, e.g. ada@acme.example"
	Email *string `json:"email,omitempty"`
}

// PleskLogRotationStatus is what was found on the server.
type PleskLogRotationStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the rotation.
	// +optional
	Observed *ObservedLogRotation `json:"observed,omitempty"`
}

// ObservedLogRotation is what the server shows of a site's log rotation.
type ObservedLogRotation struct {
	// enabled says whether logs are rotated.
	// +optional
	Enabled bool `json:"enabled"`
	// schedule by which they are, unset where that goes by size.
	// +optional
	Schedule string `json:"schedule,omitempty"`
	// size at which they are, e.g. 10Mi; unset where that goes by time.
	// +optional
	Size string `json:"size,omitempty"`
	// maxFiles is how many rotated files are kept; unset where the server does not tell.
	// +optional
	MaxFiles *int32 `json:"maxFiles,omitempty"`
	// compress says whether rotated files are compressed; unset where the server does not tell.
	// +optional
	Compress *bool `json:"compress,omitempty"`
	// email is the address that rotated files are sent to.
	// +optional
	Email string `json:"email,omitempty"`
}

// PleskLogRotation is how the logs of a site's web server are rotated. Its natural key is the site. Nothing that the protocol can set is left out.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=pllog
// +kubebuilder:printcolumn:name="Site",type=string,JSONPath=`.status.key`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Enabled",type=boolean,priority=1,JSONPath=`.status.observed.enabled`
// +kubebuilder:printcolumn:name="Schedule",type=string,priority=1,JSONPath=`.status.observed.schedule`
// +kubebuilder:printcolumn:name="Size",type=string,priority=1,JSONPath=`.status.observed.size`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskLogRotation struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the rotation.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.siteRef.name)",message="serverRef is required unless siteRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskLogRotationSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskLogRotationStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskLogRotation) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskLogRotation) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskLogRotationList is a list of PleskLogRotation.
// +kubebuilder:object:root=true
type PleskLogRotationList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskLogRotation `json:"items"`
}
