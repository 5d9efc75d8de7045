// PleskMailSettings: how the mail of a site is treated.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskMailSettingsSpec describes how the mail of a site is treated. The settings come and go with the site: this resource only sets them, holds no
// deletion of the site back, and leaves them as they are when it is deleted. A field that is not set is not managed.
type PleskMailSettingsSpec struct {
	CommonSpec `json:",inline"`

	// siteRef names the site whose mail it is. Immutable. Wire: site-id.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="siteRef is immutable"
	SiteRef SiteReference `json:"siteRef"`

	// enabled switches the mail service of the site on. Without it the site takes no mail and can be given no accounts; those that it has stay.
	// Unset: not managed. Wire: prefs/mailservice.
	// +optional
	Enabled *bool `json:"enabled,omitempty"`

	// nonexistentUser says what happens to mail for addresses that do not exist. Unset: not managed (new sites: bounced). Wire:
	// prefs/nonexistent-user.
	// +optional
	NonexistentUser *NonexistentUser `json:"nonexistentUser,omitempty"`

	// webmail program for the site, e.g. roundcube: one that the server has, or none. Unset: not managed. Wire: prefs/webmail.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	Webmail *string `json:"webmail,omitempty"`

	// dkim signs outgoing messages, and publishes the key in the site's zone where the server keeps that. It takes the server-wide feature, too.
	// Unset: not managed. Wire: prefs/spam-protect-sign.
	// +optional
	DKIM *bool `json:"dkim,omitempty"`

	// greylisting refuses mail of unknown senders at first. It takes the server-wide feature, too; without it the setting is not kept
	// (NotConverging). Unset: not managed. Wire: prefs/greylisting.
	// +optional
	Greylisting *bool `json:"greylisting,omitempty"`

	// webmailCertificate is the name of the certificate, of the site's repository or the server's, that secures its webmail. An empty text
	// takes it away. Protocol 1.6.8 and later. Unset: not managed. Wire: prefs/webmail-certificate.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	WebmailCertificate *string `json:"webmailCertificate,omitempty"`
}

// PleskMailSettingsStatus is what was found on the server.
type PleskMailSettingsStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the settings.
	// +optional
	Observed *ObservedMailSettings `json:"observed,omitempty"`
}

// ObservedMailSettings is what the server shows of a site's mail.
type ObservedMailSettings struct {
	// enabled says whether the mail service is on.
	// +optional
	Enabled bool `json:"enabled"`
	// nonexistentUser says what happens to mail for addresses that do not exist, e.g. "Forward postmaster@acme.example".
	// +optional
	NonexistentUser string `json:"nonexistentUser,omitempty"`
	// webmail program for the site.
	// +optional
	Webmail string `json:"webmail,omitempty"`
	// dkim says whether outgoing messages are signed; unset where the server does not tell.
	// +optional
	DKIM *bool `json:"dkim,omitempty"`
	// greylisting says whether mail of unknown senders is refused at first; unset where the server does not tell.
	// +optional
	Greylisting *bool `json:"greylisting,omitempty"`
	// webmailCertificate is the name of the certificate that secures the webmail.
	// +optional
	WebmailCertificate string `json:"webmailCertificate,omitempty"`
}

// PleskMailSettings is how the mail of a site is treated. Its natural key is the site. The protocol calls two settings internal, ip_address and
// mail-provider: they have no field. Nor has "none", which is enabled: false and forgets the rest.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:path=pleskmailsettings,singular=pleskmailsettings,categories=plesk,shortName=plmailset
// +kubebuilder:printcolumn:name="Site",type=string,JSONPath=`.status.key`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Enabled",type=boolean,priority=1,JSONPath=`.status.observed.enabled`
// +kubebuilder:printcolumn:name="Webmail",type=string,priority=1,JSONPath=`.status.observed.webmail`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskMailSettings struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the settings.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.siteRef.name)",message="serverRef is required unless siteRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskMailSettingsSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskMailSettingsStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskMailSettings) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskMailSettings) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskMailSettingsList is a list of PleskMailSettings.
// +kubebuilder:object:root=true
type PleskMailSettingsList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskMailSettings `json:"items"`
}
