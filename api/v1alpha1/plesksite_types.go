// PleskSite: a further domain of a subscription, with its hosting.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskSiteSpec describes a further domain of a subscription, called add-on domain. The subscription's own domain, its main site, is its
// PleskSubscription's. A field that is not set is not managed.
//
// Left out are: mail of a new site (mail/mailservice of add, which can be neither read nor changed here), Chinese licence numbers
// (prefs/icp-status and icp-permit, which no document describes), and what is an act rather than a state: another GUID
// (gen_setup/guid), counting again (values/disk_usage).
type PleskSiteSpec struct {
	CommonSpec `json:",inline"`

	// subscriptionRef names the subscription that the site belongs to. Immutable: a site cannot move. Wire: gen_setup/webspace-guid.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="subscriptionRef is immutable: the protocol cannot move a site to another subscription"
	SubscriptionRef ObjectReference `json:"subscriptionRef"`

	// domainName of the site; unique on the server. An internationalised name is written as it is (bücher.example) or in punycode
	// (xn--bcher-kva.example). A changed name renames the site, the subdomains below it, its zone and its mail domain.
	// Wire: gen_setup/name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[^\s/@:]+$')`,message="write the name alone, e.g. acme.example: without https://, port, path and blanks"
	DomainName string `json:"domainName"`

	// description of the site, which the panel shows. While a new site is not yet recorded in the status, the operator's mark stands before it. Unset:
	// not managed. Wire: gen_setup/description.
	// +optional
	// +kubebuilder:validation:MaxLength=180
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('plesk-operator:')",message="plesk-operator: begins the operator's own marks"
	Description *string `json:"description,omitempty"`

	// turnOffAction says what is left of the site while PleskSuspensions have it out of service: Disable (nothing) or Suspend (a placeholder
	// page, and mail). It has no meaning while the site works, and is not compared then. Unset: not managed; a site that
	// shows neither is suspended with Suspend. Wire: gen_setup/turn-off-action.
	// +optional
	TurnOffAction *TurnOffAction `json:"turnOffAction,omitempty"`

	// hosting of the site. Unset: not managed; a new site has none then, only mail and DNS.
	// +optional
	Hosting *SiteHosting `json:"hosting,omitempty"`

	// preferences of the site.
	// +optional
	Preferences *SitePreferences `json:"preferences,omitempty"`

	// performance bounds what the web site may take.
	// +optional
	Performance *Performance `json:"performance,omitempty"`
}

// TurnOffAction is what is left of a site that does not work.
// +kubebuilder:validation:Enum=Disable;Suspend
type TurnOffAction string

// What can be left of a site.
const (
	// TurnOffActionDisable leaves nothing (turn-off-action disable).
	TurnOffActionDisable TurnOffAction = "Disable"
	// TurnOffActionSuspend leaves a placeholder page, and mail (turn-off-action suspend).
	TurnOffActionSuspend TurnOffAction = "Suspend"
)

// SiteHosting is what answers at the domain: exactly one of the four. Leaving virtualHost for another deletes the web site's files on
// the server: that needs a PleskApproval with permit DataLoss.
// +kubebuilder:validation:XValidation:rule="[has(self.virtualHost), has(self.forwarding), has(self.frameForwarding), has(self.none)].filter(x, x).size() == 1",message="exactly one of virtualHost, forwarding, frameForwarding and none is required"
type SiteHosting struct {
	// virtualHost is a web site on this server. Wire: hosting/vrt_hst.
	// +optional
	VirtualHost *SiteVirtualHost `json:"virtualHost,omitempty"`
	// forwarding redirects to another URL. Wire: hosting/std_fwd.
	// +optional
	Forwarding *Forwarding `json:"forwarding,omitempty"`
	// frameForwarding shows another URL in a frame. Wire: hosting/frm_fwd.
	// +optional
	FrameForwarding *FrameForwarding `json:"frameForwarding,omitempty"`
	// none: no web site, only mail and DNS. Write {}. Unset: another way of hosting is set. Wire: hosting/none.
	// +optional
	None *NoHosting `json:"none,omitempty"`
}

// SiteVirtualHost is a web site in the home of its subscription, whose system user, shell, quota and addresses it has. What is not set is
// not managed; a new web site has then what the subscription's plan presets. To make one, at least one property is required.
type SiteVirtualHost struct {
	// documentRoot is where the site's files are, relative to the subscription's home, e.g. shop.example. Unset: not managed; a new
	// site has the server's default. Wire: property www_root.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[^/\\].*$')`,message="write a folder of the home, e.g. httpdocs, without a slash before it"
	// +kubebuilder:validation:XValidation:rule="!self.split('/').exists(s, s == '..')",message="a document root cannot lead out of the home"
	DocumentRoot *string `json:"documentRoot,omitempty"`

	// tls of the site.
	// +optional
	TLS *SiteTLS `json:"tls,omitempty"`

	// seoRedirect chooses the preferred domain: None, WWW (to www.NAME) or NonWWW (from www.NAME). Unset: not managed. Wire: property seo-redirect.
	// +optional
	SEORedirect *SEORedirect `json:"seoRedirect,omitempty"`

	// php of the site. Its settings are properties of the hosting, named like the directives: the protocol has no php-settings for
	// sites. Wire: property NAME.
	// +optional
	PHP *HostingPHP `json:"php,omitempty"`

	// scripting switches the other ways to run programs in the web server.
	// +optional
	Scripting *HostingScripting `json:"scripting,omitempty"`

	// webStatistics is the component that makes web statistics: none, awstats, webalizer, or another that the server offers. Unset: not managed. Wire:
	// property webstat.
	// +optional
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:Pattern=`^[a-z0-9_-]+$`
	WebStatistics *string `json:"webStatistics,omitempty"`

	// webStatisticsProtected asks for a password before web statistics are shown. Unset: not managed. Wire: property webstat_protected.
	// +optional
	WebStatisticsProtected *bool `json:"webStatisticsProtected,omitempty"`

	// errorDocuments allows error pages of one's own. Unset: not managed. Wire: property errdocs.
	// +optional
	ErrorDocuments *bool `json:"errorDocuments,omitempty"`

	// extraProperties are the other properties by name, e.g. waf-rule-engine: "on" or nginx-proxy-mode: "true". The set is open: names and values are
	// those of the server's physical hosting descriptor for sites; booleans are true and false. What the server does not have is InvalidSpec, as it is
	// for properties that have a field: the message lists what there is. Properties that have a field of their own, and passwords, are refused here.
	// Unset: not managed. Wire: property NAME. Privileged, as php.settings.
	// +optional
	// +kubebuilder:validation:MaxProperties=64
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 255)",message="names have at most 255 characters"
	// +kubebuilder:validation:XValidation:rule="self.all(name, !name.matches('(?i)passw') || name.endsWith('_type'))",message="passwords come from Secrets, not from extraProperties"
	ExtraProperties SettingValues `json:"extraProperties,omitempty"`
}

// SitePreferences are preferences of a site. What is not set is not managed.
type SitePreferences struct {
	SubscriptionPreferences `json:",inline"`

	// outgoingLimit is how many messages the site's domain may send per hour: a number, "unlimited", or "default" for the server's.
	// Unset: not managed. Wire: prefs/outgoing-messages-domain-limit. Privileged.
	// +optional
	OutgoingLimit *OutgoingLimit `json:"outgoingLimit,omitempty"`
}

// PleskSiteStatus is what was found on the server.
type PleskSiteStatus struct {
	CommonStatus      `json:",inline"`
	SuspendableStatus `json:",inline"`
	// observed is what the server shows of the site.
	// +optional
	Observed *ObservedSite `json:"observed,omitempty"`
}

// ObservedSite is what the server shows of a site. Its size and its statistics are left out: they change all the time.
type ObservedSite struct {
	// created is the day on which the site was made, YYYY-MM-DD.
	// +optional
	Created string `json:"created,omitempty"`
	// domainName as the server shows it, internationalised names in full; status.key has the punycode.
	// +optional
	DomainName string `json:"domainName,omitempty"`
	// subscription is the domain name of the subscription that the site belongs to.
	// +optional
	Subscription string `json:"subscription,omitempty"`
	// state is Active, or the reasons for which the site does not work, e.g. "DisabledByAdmin,Inherited".
	// +optional
	State string `json:"state,omitempty"`
	// turnOffAction is what is left of a site that does not work: Disable (nothing) or Suspend (a placeholder page, and mail).
	// +optional
	TurnOffAction string `json:"turnOffAction,omitempty"`
	// hosting is VirtualHost, Forwarding, FrameForwarding or None.
	// +optional
	Hosting string `json:"hosting,omitempty"`
	// ipAddresses of the site, which are its subscription's.
	// +optional
	// +listType=atomic
	IPAddresses []string `json:"ipAddresses,omitempty"`
	// documentRoot is the absolute path of the site's files.
	// +optional
	DocumentRoot string `json:"documentRoot,omitempty"`
	// sitebuilderUUID is the site's id in Presence Builder, where it has one there.
	// +optional
	SitebuilderUUID string `json:"sitebuilderUUID,omitempty"`
}

// PleskSite is a further domain (add-on domain) of a subscription, with its hosting. Its natural key is the domain name.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plsite
// +kubebuilder:printcolumn:name="Domain",type=string,JSONPath=`.spec.domainName`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Suspended",type=string,JSONPath=`.status.conditions[?(@.type=="Suspended")].status`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Suspended-By",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Suspended")].message`
// +kubebuilder:printcolumn:name="Subscription",type=string,priority=1,JSONPath=`.status.observed.subscription`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskSite struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the site.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.subscriptionRef.name)",message="serverRef is required unless subscriptionRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	Spec PleskSiteSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskSiteStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskSite) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskSite) State() *CommonStatus { return &o.Status.CommonStatus }

// Suspended implements Suspendable.
func (o *PleskSite) Suspended() *SuspendableStatus { return &o.Status.SuspendableStatus }

// PleskSiteList is a list of PleskSite.
// +kubebuilder:object:root=true
type PleskSiteList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskSite `json:"items"`
}
