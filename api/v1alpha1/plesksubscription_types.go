// PleskSubscription: a domain with its hosting, limits and permissions, owned by a customer and bound to a service plan.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskSubscriptionSpec describes a subscription. A field that is not set is not managed. Limits, permissions, performance and
// hosting properties that are set here override the service plan's and lock the subscription on the server: changes of the plan do
// not reach it any more (status.observed.plan.locked) unless planSync says so.
//
// Left out are: the notes that the administrator keeps for themselves, and for resellers (gen_setup/admin-description and
// reseller-description: description is for both), bounds of outgoing mail (prefs/outgoing-messages-domain-limit and mail: the service
// plan's, and what else is in mail is the PleskMailSettings'), Chinese licence numbers (prefs/icp-status and icp-permit, which no
// document describes), additional services (plan-item: the extensions' own, without a list of what they may be), applications (package,
// aps-filter: those of the APS catalogue, which no kind describes), the database servers on offer (db-servers: a PleskDatabase names its
// own), and what is an act rather than a state: taking the subscription over for the administrator (gen_setup/admin-as-vendor; whose it
// is, customerRef and resellerRef say), another GUID (gen_setup/guid), counting again (values/disk_usage).
type PleskSubscriptionSpec struct {
	CommonSpec `json:",inline"`

	// domainName of the subscription's main site; unique on the server. An internationalised name is written as it is
	// (bücher.example) or in punycode (xn--bcher-kva.example). A changed name renames subscription, site, zone and mail domain.
	// Wire: gen_setup/name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[^\s/@:]+$')`,message="write the name alone, e.g. acme.example: without https://, port, path and blanks"
	DomainName string `json:"domainName"`

	// customerRef names the customer who owns the subscription. Another one moves it there. Unset (and no resellerRef): a new
	// subscription is the operator's account's own, and the owner is not managed. Wire: gen_setup/owner-login.
	// +optional
	CustomerRef *ObjectReference `json:"customerRef,omitempty"`

	// resellerRef names the reseller who owns the subscription, in place of customerRef. Wire: gen_setup/owner-login. Privileged.
	// +optional
	ResellerRef *ObjectReference `json:"resellerRef,omitempty"`

	// servicePlanRef names the service plan that the subscription is bound to. An external one is written as the plan's name; the plan
	// of a reseller as LOGIN/NAME. Another plan switches the subscription: what it overrode is the new plan's then, except what is
	// set here. Unset: the binding is not managed, and a new subscription has no plan. Wire: plan-guid, switch-subscription.
	// +optional
	ServicePlanRef *ObjectReference `json:"servicePlanRef,omitempty"`

	// addonPlanRefs name the add-on plans that the subscription has on top of its service plan. An external one is written as the add-on's
	// name; that of a reseller as LOGIN/NAME. Those that are set are all that it has: others are detached, and what they added is gone then.
	// The server refuses that where more is used than is left. They are attached once the subscription is there, to one that has a service plan.
	// An add-on changes nothing for a locked subscription before that is synchronised, which planSync: Sync does then.
	// []: none. Unset: not managed. Wire: webspace/add-subscription, remove-subscription.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=32
	AddonPlanRefs []ObjectReference `json:"addonPlanRefs,omitzero"`

	// planSync says what becomes of values on the server that are neither the plan's nor set here: an override that was taken out of
	// the spec, or what somebody changed in the panel. Keep (the default) leaves them, as the panel does: the subscription is locked
	// then, and does not follow changes of the plan; status.observed.plan.message names them. Sync brings them back to the plan's
	// values by synchronising the subscription, and then writes what is set here again. So it follows changes of the plan, too,
	// but for what is set here, what the subscriber may set, and what add-on plans add. The server refuses it where more is used than the
	// plan alone allows. It never synchronises with a plan that has no web hosting while there is a web site, which that might delete.
	// Wire: sync-subscription. Privileged: Sync.
	// +optional
	// +kubebuilder:default=Keep
	PlanSync PlanSync `json:"planSync,omitempty"`

	// ipAddresses of the web site: one IPv4, one IPv6 or one of each, of the server or the reseller's pool. Unset: not managed; a new
	// subscription gets the server's first shared IPv4 address. Wire: ip_address in hosting, or in gen_setup without web hosting.
	// Privileged where an address is exclusive.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=2
	// +kubebuilder:validation:items:MaxLength=45
	// +kubebuilder:validation:XValidation:rule="self.all(a, isIP(a))",message="not an IP address"
	// +kubebuilder:validation:XValidation:rule="self.size() < 2 || self.exists_one(a, isIP(a) && ip(a).family() == 4)",message="two addresses are one IPv4 and one IPv6 address"
	IPAddresses []string `json:"ipAddresses,omitempty"`

	// description that administrators and resellers see. Unset: not managed. Wire: gen_setup/description.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	Description *string `json:"description,omitempty"`

	// hosting of the main site. Unset: not managed; a new subscription has none then, only mail and DNS.
	// +optional
	Hosting *SubscriptionHosting `json:"hosting,omitempty"`

	Allowance `json:",inline"`

	// preferences of the subscription.
	// +optional
	Preferences *SubscriptionPreferences `json:"preferences,omitempty"`
}

// PlanSync says what becomes of values that are neither the plan's nor set in the spec.
// +kubebuilder:validation:Enum=Keep;Sync
type PlanSync string

// The ways to treat such values.
const (
	// PlanSyncKeep leaves them on the server.
	PlanSyncKeep PlanSync = "Keep"
	// PlanSyncSync brings them back to the plan's values.
	PlanSyncSync PlanSync = "Sync"
)

// SubscriptionHosting is what answers at the domain: exactly one of the four. Leaving virtualHost for another deletes the web site's
// files on the server: that needs a PleskApproval with permit DataLoss.
// +kubebuilder:validation:XValidation:rule="[has(self.virtualHost), has(self.forwarding), has(self.frameForwarding), has(self.none)].filter(x, x).size() == 1",message="exactly one of virtualHost, forwarding, frameForwarding and none is required"
type SubscriptionHosting struct {
	// virtualHost is a web site on this server. Wire: hosting/vrt_hst.
	// +optional
	VirtualHost *VirtualHost `json:"virtualHost,omitempty"`
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

// VirtualHost is a web site on this server. What is not set is not managed.
type VirtualHost struct {
	// systemUser owns the files and logs in over FTP and SSH. Its name and password are required to create web hosting.
	// +optional
	SystemUser *SystemUser `json:"systemUser,omitempty"`

	// documentRoot is where the site's files are, relative to the subscription's home, e.g. httpdocs. Unset: not managed; a new
	// site has the server's default, httpdocs. Wire: property www_root.
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

	HostingProperties `json:",inline"`
}

// SystemUser owns the files of a subscription.
type SystemUser struct {
	// name to log in with; unique on the server. Another one renames the user. Unset: not managed. Wire: property ftp_login.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9][A-Za-z0-9._-]*$`
	Name *string `json:"name,omitempty"`
	// password to log in with. It is written again only when it changes in the Secret. Unset: not managed. Wire: property ftp_password.
	// +optional
	Password *SecretValue `json:"password,omitempty"`
}

// CertificateReference names a certificate on the same server.
// +kubebuilder:validation:XValidation:rule="has(self.name) != has(self.external)",message="exactly one of name and external is required"
type CertificateReference struct {
	// name of a PleskCertificate in this namespace. Unset: external is set.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name,omitempty"`
	// external is the name of a certificate that lives only on the server. Unset: name is set.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	External string `json:"external,omitempty"`
}

// SiteTLS is the encryption of a site. What is not set is not managed.
type SiteTLS struct {
	HostingTLS `json:",inline"`

	// certificateRef names the certificate that the site uses: a PleskCertificate of this namespace, in the repository of the site, of its subscription or of the
	// server; or (external) one that lives only on the server, by its name, e.g. "default certificate", which is for tenants with
	// existingObjects: Allow only. A PleskCertificate is not waited for: until it is on
	// the server the site keeps what it has, and gets the certificate then. Unset: not managed. Assigning one locks a subscription
	// that follows a plan, as the panel does; planSync Sync takes no offence. Wire: property certificate_name.
	// +optional
	CertificateRef *CertificateReference `json:"certificateRef,omitempty"`
}

// SEORedirect is the preferred domain of a site.
// +kubebuilder:validation:Enum=None;WWW;NonWWW
type SEORedirect string

// The preferred domains.
const (
	SEORedirectNone   SEORedirect = "None"
	SEORedirectWWW    SEORedirect = "WWW"
	SEORedirectNonWWW SEORedirect = "NonWWW"
)

// Forwarding redirects to another URL.
type Forwarding struct {
	// url to redirect to, e.g. https://www.acme.example/. Wire: dest_url.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[a-z]+://[^\s]+$')`,message="write a whole URL, e.g. https://www.acme.example/"
	URL string `json:"url"`
	// httpCode of the redirect: 301 (moved for good) or 302 (moved for now). Unset: not managed. Wire: http_code.
	// +optional
	// +kubebuilder:validation:Enum=301;302
	HTTPCode *int32 `json:"httpCode,omitempty"`
}

// FrameForwarding shows another URL in a frame.
type FrameForwarding struct {
	// url to show. Wire: dest_url.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^[a-z]+://[^\s]+$')`,message="write a whole URL, e.g. https://www.acme.example/"
	URL string `json:"url"`
}

// NoHosting has no fields.
type NoHosting struct{}

// SubscriptionPreferences are preferences of a subscription. What is not set is not managed.
type SubscriptionPreferences struct {
	// www makes the site answer to www.NAME too. Unset: not managed. Wire: prefs/www.
	// +optional
	WWW *bool `json:"www,omitempty"`
	// statisticsMonths is how many months web and traffic statistics are kept. Unset: not managed. Wire: prefs/stat_ttl.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=999999
	StatisticsMonths *int32 `json:"statisticsMonths,omitempty"`
}

// PleskSubscriptionStatus is what was found on the server.
type PleskSubscriptionStatus struct {
	CommonStatus      `json:",inline"`
	SuspendableStatus `json:",inline"`
	// planRemainder identifies what differed from the plan after the last synchronisation, with both values. While it is that, another
	// synchronisation would change nothing and is not made.
	// +optional
	PlanRemainder string `json:"planRemainder,omitempty"`
	// observed is what the server shows of the subscription.
	// +optional
	Observed *ObservedSubscription `json:"observed,omitempty"`
	// usage is what the subscription takes of its server, where the PleskServer has that read (spec.usageMetrics).
	// +optional
	Usage *Usage `json:"usage,omitempty"`
}

// ObservedSubscription is what the server shows of a subscription.
type ObservedSubscription struct {
	// created is the day on which the subscription was made, YYYY-MM-DD.
	// +optional
	Created string `json:"created,omitempty"`
	// domainName as the server shows it, internationalised names in full; status.key has the punycode.
	// +optional
	DomainName string `json:"domainName,omitempty"`
	// owner is the login of the customer, reseller or administrator who owns the subscription.
	// +optional
	Owner string `json:"owner,omitempty"`
	// state is Active, or the reasons for which the subscription does not work, e.g. "DisabledByAdmin,Expired".
	// +optional
	State string `json:"state,omitempty"`
	// hosting is VirtualHost, Forwarding, FrameForwarding or None.
	// +optional
	Hosting string `json:"hosting,omitempty"`
	// ipAddresses of the web site, or of mail without one.
	// +optional
	// +listType=atomic
	IPAddresses []string `json:"ipAddresses,omitempty"`
	// systemUser who owns the files.
	// +optional
	SystemUser string `json:"systemUser,omitempty"`
	// documentRoot is the absolute path of the site's files.
	// +optional
	DocumentRoot string `json:"documentRoot,omitempty"`
	// plan that the subscription is bound to; absent without one.
	// +optional
	Plan *ObservedPlan `json:"plan,omitempty"`
}

// ObservedPlan is the binding of a subscription to its service plan.
type ObservedPlan struct {
	// name of the plan (of a reseller's: LOGIN/NAME), where the server was asked for it.
	// +optional
	Name string `json:"name,omitempty"`
	// guid of the plan; absent where only add-on plans are bound.
	// +optional
	GUID string `json:"guid,omitempty"`
	// addons are the add-on plans that come on top.
	// +optional
	// +listType=atomic
	Addons []ObservedAddon `json:"addons,omitempty"`
	// locked: the subscription was customised, and changes of the plan do not reach it.
	// +optional
	Locked bool `json:"locked"`
	// synchronized: the server delivers all that the plan offers.
	// +optional
	Synchronized bool `json:"synchronized"`
	// message says which values of a locked subscription are neither the plan's nor set in the spec.
	// +optional
	Message string `json:"message,omitempty"`
}

// ObservedAddon is an add-on plan of a subscription.
type ObservedAddon struct {
	// name of the add-on plan (of a reseller's: LOGIN/NAME), where the server shows it.
	// +optional
	Name string `json:"name,omitempty"`
	// guid of the add-on plan.
	GUID string `json:"guid"`
}

// PleskSubscription is a domain with its hosting, owned by a customer and bound to a service plan. Its natural key is the domain name.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plsub
// +kubebuilder:printcolumn:name="Domain",type=string,JSONPath=`.spec.domainName`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Suspended",type=string,JSONPath=`.status.conditions[?(@.type=="Suspended")].status`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Suspended-By",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Suspended")].message`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskSubscription struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the subscription.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || (has(self.customerRef) && has(self.customerRef.name)) || (has(self.resellerRef) && has(self.resellerRef.name))",message="serverRef is required unless customerRef or resellerRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.customerRef) || !has(self.resellerRef)",message="customerRef and resellerRef exclude each other"
	Spec PleskSubscriptionSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskSubscriptionStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskSubscription) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskSubscription) State() *CommonStatus { return &o.Status.CommonStatus }

// Suspended implements Suspendable.
func (o *PleskSubscription) Suspended() *SuspendableStatus { return &o.Status.SuspendableStatus }

// PleskSubscriptionList is a list of PleskSubscription.
// +kubebuilder:object:root=true
type PleskSubscriptionList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskSubscription `json:"items"`
}
