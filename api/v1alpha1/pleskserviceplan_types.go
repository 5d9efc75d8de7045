// PleskServicePlan: what the subscriptions to it get.

package v1alpha1

import (
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskServicePlanSpec describes a service plan. A field that is not set is not managed. A change reaches all subscriptions to the
// plan at once, except those that are locked (status.observed.plan.locked of a PleskSubscription).
//
// Left out are: additional services (plan-item: the extensions' own, without a list of what they may be; status.observed shows them),
// applications (package, aps-filter: those of the APS catalogue, which no kind describes), the database servers on offer (db-servers: a
// PleskDatabase names its own), preferences/maillists and mailservice (mail has both, too), and copying a plan (duplicate), which is an
// act rather than a state.
type PleskServicePlanSpec struct {
	CommonSpec `json:",inline"`

	// planName is the plan's name; unique among the plans of its owner. A changed name renames the plan. Wire: name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	PlanName string `json:"planName"`

	// resellerRef names the reseller who owns the plan. Unset: the account that the operator logs in with. Immutable.
	// Wire: owner-login. Privileged.
	// +optional
	ResellerRef *ObjectReference `json:"resellerRef,omitempty"`

	Allowance `json:",inline"`

	// hostingType is VirtualHost (web sites on this server) or None. Taking the hosting away from a plan deletes the web sites of its
	// subscriptions with their files: that needs a PleskApproval with permit DataLoss.
	// Unset: not managed; a new plan has web hosting if spec.hosting is set, and else the server's default.
	// Wire: hosting-type, hosting.
	// +optional
	HostingType *PlanHostingType `json:"hostingType,omitempty"`

	// hosting are the properties of web hosting that subscriptions start with.
	// +optional
	Hosting *PlanHosting `json:"hosting,omitempty"`

	// mail preferences.
	// +optional
	Mail *PlanMail `json:"mail,omitempty"`

	// logRotation of the web server's logs. Unset: not managed.
	// +optional
	LogRotation *PlanLogRotation `json:"logRotation,omitempty"`

	// preferences that fit nowhere else.
	// +optional
	Preferences *PlanPreferences `json:"preferences,omitempty"`

	// webServer settings.
	// +optional
	WebServer *PlanWebServer `json:"webServer,omitempty"`
}

// PlanHostingType says whether a plan has web hosting.
// +kubebuilder:validation:Enum=VirtualHost;None
type PlanHostingType string

// The hosting types of plans.
const (
	PlanHostingVirtualHost PlanHostingType = "VirtualHost"
	PlanHostingNone        PlanHostingType = "None"
)

// PlanHosting are the properties of web hosting that subscriptions start with. What is not set is not managed.
type PlanHosting struct {
	HostingProperties `json:",inline"`

	// tls of the web sites.
	// +optional
	TLS *HostingTLS `json:"tls,omitempty"`
}

// PlanMail are mail preferences of a plan. What is not set is not managed.
type PlanMail struct {
	// mailService switches mail on. Unset: not managed. Wire: mail/mailservice.
	// +optional
	MailService *bool `json:"mailService,omitempty"`
	// mailLists switches mailing lists on. Unset: not managed. Wire: mail/maillists.
	// +optional
	MailLists *bool `json:"mailLists,omitempty"`
	// webmail program, e.g. roundcube: one that the server offers, or none. Unset: not managed. Wire: mail/webmail.
	// +optional
	// +kubebuilder:validation:MaxLength=64
	Webmail *string `json:"webmail,omitempty"`
	// nonexistentUser says what happens to mail for addresses that do not exist.
	// +optional
	NonexistentUser *NonexistentUser `json:"nonexistentUser,omitempty"`
	// outgoing bounds the messages that are sent.
	// +optional
	Outgoing *OutgoingMail `json:"outgoing,omitempty"`
}

// NonexistentUser says what happens to mail for addresses that do not exist: exactly one of the three.
// +kubebuilder:validation:XValidation:rule="[has(self.bounce), has(self.forward), has(self.reject)].filter(x, x).size() == 1",message="exactly one of bounce, forward and reject is required"
type NonexistentUser struct {
	// bounce answers mail for addresses that do not exist with this text, one line. Unset: another way is set. Wire: mail/nonexistent-user/bounce.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	Bounce *string `json:"bounce,omitempty"`
	// forward passes mail for addresses that do not exist on to this address. Unset: another way is set. Wire: mail/nonexistent-user/forward.
	// +optional
	// +kubebuilder:validation:MinLength=3
	// +kubebuilder:validation:MaxLength=255
	Forward *string `json:"forward,omitempty"`
	// reject refuses mail for addresses that do not exist: write {}. Unset: another way is set. Wire: mail/nonexistent-user/reject.
	// +optional
	Reject *RejectMail `json:"reject,omitempty"`
}

// RejectMail has no fields.
type RejectMail struct{}

// OutgoingLimit is a number of messages per hour, "unlimited", or "default" for the server's.
// +kubebuilder:validation:Type=""
// +kubebuilder:validation:XIntOrString
// +kubebuilder:validation:MaxLength=20
// +kubebuilder:validation:XValidation:rule="type(self) == int ? self >= 0 : self.matches('^(default|unlimited|[0-9]+)$')",message="write a plain number, unlimited or default; -1 is written unlimited"
type OutgoingLimit struct {
	LimitValue `json:"-"`
}

// OutgoingMail bounds the messages that are sent. What is not set is not managed.
type OutgoingMail struct {
	// mailboxLimit is how many messages a mailbox may send per hour: a number, "unlimited" or "default" (the server's). Unset: not managed. Wire:
	// mail/outgoing-messages-mbox-limit. Privileged.
	// +optional
	MailboxLimit *OutgoingLimit `json:"mailboxLimit,omitempty"`
	// domainLimit is how many messages a domain may send per hour: a number, "unlimited" or "default" (the server's). Unset: not managed. Wire: mail/outgoing-messages-domain-limit. Privileged.
	// +optional
	DomainLimit *OutgoingLimit `json:"domainLimit,omitempty"`
	// subscriptionLimit is how many messages a subscription may send per hour: a number, "unlimited" or "default" (the server's). Unset: not managed. Wire:
	// mail/outgoing-messages-subscription-limit. Privileged.
	// +optional
	SubscriptionLimit *OutgoingLimit `json:"subscriptionLimit,omitempty"`
	// sendmail says whether scripts may send mail with it: Allowed, Forbidden, or Default (the server's).
	// Unset: not managed. Wire: mail/outgoing-messages-enable-sendmail. Privileged.
	// +optional
	Sendmail *SendmailPolicy `json:"sendmail,omitempty"`
	// overlimitPercent is how far, in percent, a limit may be exceeded before messages are refused. Unset: not managed. Wire:
	// mail/outgoing-messages-overlimit-percent. Privileged.
	// +optional
	// +kubebuilder:validation:Minimum=0
	OverlimitPercent *int32 `json:"overlimitPercent,omitempty"`
}

// SendmailPolicy says whether scripts may send mail with sendmail.
// +kubebuilder:validation:Enum=Allowed;Forbidden;Default
type SendmailPolicy string

// The sendmail policies.
const (
	SendmailAllowed   SendmailPolicy = "Allowed"
	SendmailForbidden SendmailPolicy = "Forbidden"
	// SendmailDefault follows the server's setting.
	SendmailDefault SendmailPolicy = "Default"
)

// PlanLogRotation says when logs are rotated and what is kept. What is not set is not managed.
// +kubebuilder:validation:XValidation:rule="self.enabled ? has(self.schedule) != has(self.size) : !has(self.schedule) && !has(self.size)",message="exactly one of schedule and size is required when enabled, none when not"
// +kubebuilder:validation:XValidation:rule="self.enabled || !has(self.maxFiles) && !has(self.compress) && !has(self.email)",message="maxFiles, compress and email need enabled"
type PlanLogRotation struct {
	// enabled switches rotation on or off. Wire: log-rotation/on, log-rotation/off.
	// +required
	Enabled bool `json:"enabled"`
	// schedule rotates by time: Daily, Weekly or Monthly. Unset: not managed, unless size is set. Wire: log-condition/log-bytime.
	// +optional
	Schedule *LogSchedule `json:"schedule,omitempty"`
	// size rotates when a log has grown to it: bytes, or a size such as 10Mi. Unset: not managed, unless schedule is set. Wire:
	// log-condition/log-bysize, in bytes.
	// +optional
	// +kubebuilder:validation:XIntOrString
	// +kubebuilder:validation:MaxLength=32
	Size *resource.Quantity `json:"size,omitempty"`
	// maxFiles is how many rotated files are kept. Unset: not managed. Wire: log-max-num-files.
	// +optional
	// +kubebuilder:validation:Minimum=1
	MaxFiles *int32 `json:"maxFiles,omitempty"`
	// compress the rotated files. Unset: not managed. Wire: log-compress.
	// +optional
	Compress *bool `json:"compress,omitempty"`
	// email address that rotated files are sent to. Unset: not managed. Wire: log-email.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	Email *string `json:"email,omitempty"`
}

// LogSchedule is how often logs are rotated.
// +kubebuilder:validation:Enum=Daily;Weekly;Monthly
type LogSchedule string

// The schedules of log rotation.
const (
	LogScheduleDaily   LogSchedule = "Daily"
	LogScheduleWeekly  LogSchedule = "Weekly"
	LogScheduleMonthly LogSchedule = "Monthly"
)

// PlanPreferences fit nowhere else. What is not set is not managed.
type PlanPreferences struct {
	// statisticsMonths is how many months web and traffic statistics are kept. Unset: not managed. Wire: preferences/stat.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=999999
	StatisticsMonths *int32 `json:"statisticsMonths,omitempty"`
	// dnsZoneType of new zones: Primary (this server is the master) or Secondary. Unset: not managed. Wire: preferences/dns_zone_type.
	// +optional
	DNSZoneType *PlanZoneType `json:"dnsZoneType,omitempty"`
}

// PlanZoneType says whether the server is the master of a DNS zone.
// +kubebuilder:validation:Enum=Primary;Secondary
type PlanZoneType string

// The types of zones.
const (
	PlanZonePrimary   PlanZoneType = "Primary"
	PlanZoneSecondary PlanZoneType = "Secondary"
)

// PlanWebServer are settings of Apache and nginx. What is not set is not managed. The protocol keeps no line breaks, so texts are
// one line.
type PlanWebServer struct {
	// additionalHTTP directives of Apache for HTTP. Unset: not managed. Wire: web-server-settings/additional. Privileged.
	// +optional
	// +kubebuilder:validation:MaxLength=4096
	// +kubebuilder:validation:Pattern=`^[^\r\n]*$`
	AdditionalHTTP *string `json:"additionalHTTP,omitempty"`
	// additionalHTTPS directives of Apache for HTTPS. Unset: not managed. Wire: web-server-settings/additional-ssl. Privileged.
	// +optional
	// +kubebuilder:validation:MaxLength=4096
	// +kubebuilder:validation:Pattern=`^[^\r\n]*$`
	AdditionalHTTPS *string `json:"additionalHTTPS,omitempty"`
	// additionalNginx directives of nginx. Unset: not managed. Wire: web-server-settings/additional-nginx. Privileged.
	// +optional
	// +kubebuilder:validation:MaxLength=4096
	// +kubebuilder:validation:Pattern=`^[^\r\n]*$`
	AdditionalNginx *string `json:"additionalNginx,omitempty"`
	// restrictFollowSymlinks makes Apache follow a symbolic link only if its owner owns the target too. Unset: not managed. Wire:
	// web-server-settings/restrict-follow-sym-links. Privileged.
	// +optional
	RestrictFollowSymlinks *bool `json:"restrictFollowSymlinks,omitempty"`
	// nginxProxyMode puts nginx before Apache; false lets nginx serve alone. Unset: not managed. Wire: web-server-settings/nginx-proxy-mode. Privileged.
	// +optional
	NginxProxyMode *bool `json:"nginxProxyMode,omitempty"`
}

// PleskServicePlanStatus is what was found on the server.
type PleskServicePlanStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the plan.
	// +optional
	Observed *ObservedServicePlan `json:"observed,omitempty"`
}

// ObservedServicePlan is what the server shows of a service plan.
type ObservedServicePlan struct {
	// owner is the login of the administrator or reseller who owns the plan.
	// +optional
	Owner string `json:"owner,omitempty"`
	// hostingType is VirtualHost or None.
	// +optional
	HostingType PlanHostingType `json:"hostingType,omitempty"`
	// additionalServices that the plan includes, by name.
	// +optional
	// +listType=atomic
	AdditionalServices []string `json:"additionalServices,omitempty"`
}

// PleskServicePlan is what the subscriptions to it get: limits, permissions, hosting. Its natural key is owner and name.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plplan
// +kubebuilder:printcolumn:name="Plan",type=string,JSONPath=`.spec.planName`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskServicePlan struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the service plan.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || (has(self.resellerRef) && has(self.resellerRef.name))",message="serverRef is required unless resellerRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="has(self.resellerRef) == has(oldSelf.resellerRef) && (!has(self.resellerRef) || self.resellerRef == oldSelf.resellerRef)",message="resellerRef is immutable"
	// +kubebuilder:validation:XValidation:rule="!has(self.hosting) || !has(self.hostingType) || self.hostingType != 'None'",message="hosting and hostingType: None exclude each other"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskServicePlanSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskServicePlanStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskServicePlan) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskServicePlan) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskServicePlanList is a list of PleskServicePlan.
// +kubebuilder:object:root=true
type PleskServicePlanList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskServicePlan `json:"items"`
}
