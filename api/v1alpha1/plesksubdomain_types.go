// PleskSubdomain: a name below a site's, with its hosting.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskSubdomainSpec describes a subdomain of a site. A field that is not set is not managed. Subdomains need protocol 1.6.5.0 or newer: before, they
// can only be made by an operation whose answer may be lost without a trace.
//
// Left out are: mail of a new subdomain (mail/mailservice of add, which can be neither read nor changed here), a home directory of its own on Windows
// (subdomain/add/home: that operation leaves no mark by which its subdomain could be found again, and nothing changes it later), Chinese licence numbers
// (prefs/icp-status and icp-permit, which no document describes), and what is an act rather than a state: another GUID (gen_setup/guid), counting again
// (values/disk_usage).
type PleskSubdomainSpec struct {
	CommonSpec `json:",inline"`

	// siteRef names the site that the subdomain hangs below: the main site of a subscription, or a further one. Immutable: a subdomain cannot move.
	// Wire: gen_setup/parent-site-guid.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="siteRef is immutable: the protocol cannot move a subdomain to another site"
	SiteRef SiteReference `json:"siteRef"`

	// subdomainName is the part of the name before the site's: shop for shop.acme.example. * answers for every name below the site that is not another
	// site's or subdomain's. An internationalised name is written as it is (bücher) or in punycode (xn--bcher-kva). The full name is unique on the server.
	// A changed name renames the subdomain, and those below it; a site that is renamed takes its subdomains along. Wire: gen_setup/name, in full.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=240
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[^\s/@:]+$')`,message="write the name alone, e.g. acme.example: without https://, port, path and blanks"
	SubdomainName string `json:"subdomainName"`

	// description of the subdomain, which the panel shows. While a new subdomain is not yet recorded in the status, the operator's mark stands before
	// it. Unset: not managed. Wire: gen_setup/description.
	// +optional
	// +kubebuilder:validation:MaxLength=180
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('plesk-operator:')",message="plesk-operator: begins the operator's own marks"
	Description *string `json:"description,omitempty"`

	// turnOffAction says what is left of the subdomain while PleskSuspensions have it out of service: Disable (nothing) or Suspend (a placeholder
	// page, and mail). It has no meaning while the subdomain works, and is not compared then. Unset: not managed; a subdomain that
	// shows neither is suspended with Suspend. Wire: gen_setup/turn-off-action.
	// +optional
	TurnOffAction *TurnOffAction `json:"turnOffAction,omitempty"`

	// hosting of the subdomain. Unset: not managed; a new subdomain has none then, unlike one that is made in the panel.
	// +optional
	Hosting *SiteHosting `json:"hosting,omitempty"`

	// preferences of the subdomain. Unset: not managed.
	// +optional
	Preferences *SitePreferences `json:"preferences,omitempty"`

	// performance bounds what the web site may take. Unset: not managed.
	// +optional
	Performance *Performance `json:"performance,omitempty"`
}

// PleskSubdomainStatus is what was found on the server.
type PleskSubdomainStatus struct {
	CommonStatus      `json:",inline"`
	SuspendableStatus `json:",inline"`
	// observed is what the server shows of the subdomain.
	// +optional
	Observed *ObservedSubdomain `json:"observed,omitempty"`
}

// ObservedSubdomain is what the server shows of a subdomain. Its size and its statistics are left out: they change all the time.
type ObservedSubdomain struct {
	// created is the day on which the subdomain was made, YYYY-MM-DD.
	// +optional
	Created string `json:"created,omitempty"`
	// domainName is the full name as the server shows it, internationalised names in full; status.key has the punycode.
	// +optional
	DomainName string `json:"domainName,omitempty"`
	// site is the domain name of the site above.
	// +optional
	Site string `json:"site,omitempty"`
	// subscription is the domain name of the subscription that the subdomain belongs to.
	// +optional
	Subscription string `json:"subscription,omitempty"`
	// state is Active, or the reasons for which the subdomain does not work, e.g. "DisabledByAdmin,Inherited".
	// +optional
	State string `json:"state,omitempty"`
	// turnOffAction is what is left of a subdomain that does not work: Disable (nothing) or Suspend (a placeholder page, and mail).
	// +optional
	TurnOffAction string `json:"turnOffAction,omitempty"`
	// hosting is VirtualHost, Forwarding, FrameForwarding or None.
	// +optional
	Hosting string `json:"hosting,omitempty"`
	// ipAddresses of the subdomain, which are its subscription's.
	// +optional
	// +listType=atomic
	IPAddresses []string `json:"ipAddresses,omitempty"`
	// documentRoot is the absolute path of the subdomain's files.
	// +optional
	DocumentRoot string `json:"documentRoot,omitempty"`
	// home is the subdomain's own home directory, which Windows servers have. It is chosen when a subdomain is made, and by an operation that this
	// kind does not use.
	// +optional
	Home string `json:"home,omitempty"`
	// sitebuilderUUID is the subdomain's id in Presence Builder, where it has one there.
	// +optional
	SitebuilderUUID string `json:"sitebuilderUUID,omitempty"`
}

// PleskSubdomain is a name below a site's, with hosting of its own, in the same subscription. Its natural key is the full domain name.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plsubdomain
// +kubebuilder:printcolumn:name="Domain",type=string,JSONPath=`.status.observed.domainName`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Suspended",type=string,JSONPath=`.status.conditions[?(@.type=="Suspended")].status`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Suspended-By",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Suspended")].message`
// +kubebuilder:printcolumn:name="Site",type=string,priority=1,JSONPath=`.status.observed.site`
// +kubebuilder:printcolumn:name="Subscription",type=string,priority=1,JSONPath=`.status.observed.subscription`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskSubdomain struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the subdomain.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.siteRef.name)",message="serverRef is required unless siteRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	Spec PleskSubdomainSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskSubdomainStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskSubdomain) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskSubdomain) State() *CommonStatus { return &o.Status.CommonStatus }

// Suspended implements Suspendable.
func (o *PleskSubdomain) Suspended() *SuspendableStatus { return &o.Status.SuspendableStatus }

// PleskSubdomainList is a list of PleskSubdomain.
// +kubebuilder:object:root=true
type PleskSubdomainList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskSubdomain `json:"items"`
}
