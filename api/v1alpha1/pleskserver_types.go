// PleskServer: one Plesk installation and how to log in to it.

package v1alpha1

import (
	"maps"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskServerSpec says where a Plesk server is and how its objects are handled.
type PleskServerSpec struct {
	// url of the panel, e.g. https://web-01.example.com:8443. The path /enterprise/control/agent.php is added.
	// +required
	// +kubebuilder:validation:MaxLength=1024
	// +kubebuilder:validation:XValidation:rule=`self.matches(r'^https?://[^/?#@\s]+(/[^?#\s]*)?$')`,message="write https://HOST:PORT, e.g. https://web-01.example.com:8443, without a login"
	URL string `json:"url"`

	// credentialsSecretRef names a Secret in this namespace, of type Opaque or kubernetes.io/basic-auth, with the keys username
	// and password of an administrator, a reseller or a customer (see status.role), or secretKey (a key made by Plesk's secret_key operator, which may be bound to the operator's address),
	// and url: the origins (https://HOST:PORT, one per line) that they may be sent to. Nothing is sent unless one of them is
	// that of spec.url. Its key ca.crt may hold the certificate authorities (PEM) to trust instead of the system's; its
	// key tls with the value insecure permits http:// and insecureSkipVerify.
	// +required
	CredentialsSecretRef SecretReference `json:"credentialsSecretRef"`

	// tls says how the server's certificate is verified. Unset: against the certificate authorities of the credentials' Secret
	// (its key ca.crt), else the system's.
	// +optional
	TLS *ServerTLS `json:"tls,omitempty"`

	// protocolVersion to ask for, e.g. "1.6.9.1", or "1.6.5" for the newest that begins so; at least 1.6.4. Unset: none is named, as is best, and
	// the server uses its newest. To name one is a risk: current servers list old versions and may yet answer each operation in them with
	// error 1017, old versions hide fields that newer ones have (objects that set one say UnsupportedByServer), and after an upgrade of Plesk
	// nothing new can be used.
	// +optional
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^1(\.\d+){1,3}$`
	ProtocolVersion string `json:"protocolVersion,omitempty"`

	// tenants says which other namespaces may use the server, and how far. Where several entries match a namespace, their
	// union applies. A namespace without an entry may not use the server; its own may always, and may do everything.
	// Unset: no other namespace may.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=64
	Tenants []Tenant `json:"tenants,omitempty"`

	// deletionPolicy is the default for the objects of this server that do not set one: Retain (the default) leaves them on the
	// server when their resource is deleted, Delete removes them there.
	// +optional
	// +kubebuilder:default=Retain
	// +kubebuilder:validation:Enum=Delete;Retain
	DeletionPolicy DeletionPolicy `json:"deletionPolicy,omitempty"`

	// maxParallelPackets bounds the packets in flight at once, 1 to 64. There are no transactions on the server: a few at a time
	// is what it is made for. Default: 4.
	// +optional
	// +kubebuilder:default=4
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=64
	MaxParallelPackets int32 `json:"maxParallelPackets,omitempty"`

	// eventPollInterval is how often the server is asked how it is and for what has changed there, which is read again then (see
	// status.eventLog), in hours, minutes and whole seconds; at least 1s. Default: 30s.
	// +optional
	// +kubebuilder:default="30s"
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=19
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]{1,4}h)?([0-9]{1,5}m)?([0-9]{1,7}s)?$') && duration(self) >= duration('1s')",message="eventPollInterval has to be at least 1s, in hours, minutes and whole seconds, e.g. 1h30m"
	EventPollInterval metav1.Duration `json:"eventPollInterval,omitzero"`

	// resyncPeriod is how often the objects of this server are compared with it when nothing else asks for that, all of them at one
	// time and by one list for each kind, in hours, minutes and whole seconds; at least 10s. Default: 1h.
	// +optional
	// +kubebuilder:default="1h"
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=19
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]{1,4}h)?([0-9]{1,5}m)?([0-9]{1,7}s)?$') && duration(self) >= duration('10s')",message="resyncPeriod has to be at least 10s, in hours, minutes and whole seconds, e.g. 1h30m"
	ResyncPeriod metav1.Duration `json:"resyncPeriod,omitzero"`

	// maxDeletionsPerHour bounds how many objects are deleted from the server in an hour, what a deletion takes along included;
	// the others wait (DeletionBlocked). A deletion that takes more along waits for an hour without any, and spends it whole.
	// With 0 nothing is ever deleted there. Default: 50.
	// +optional
	// +kubebuilder:default=50
	// +kubebuilder:validation:Minimum=0
	MaxDeletionsPerHour *int32 `json:"maxDeletionsPerHour,omitempty"`

	// recreationPolicy is the default for the objects of this server that held data (accounts, subscriptions, mailboxes,
	// databases) and were deleted there: Report (the default) says so, Recreate creates them again, empty.
	// +optional
	// +kubebuilder:default=Report
	RecreationPolicy RecreationPolicy `json:"recreationPolicy,omitempty"`

	// maxRecreationsPerHour bounds how many objects that were deleted on the server are created again in an hour. Default: 10.
	// +optional
	// +kubebuilder:default=10
	// +kubebuilder:validation:Minimum=0
	MaxRecreationsPerHour *int32 `json:"maxRecreationsPerHour,omitempty"`

	// changeWindows are when what exists on the server may be changed or deleted. Outside of them resources plan: the status shows what would be
	// written and when the next window opens, and a PleskApproval lets it happen at once. Creations, suspending and resuming, and new passwords
	// and certificates wait for no window. Unset: always.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=16
	ChangeWindows []ChangeWindow `json:"changeWindows,omitempty"`

	// lifecycle says whose the life cycle of customers, resellers and subscriptions is. Unset: Git's.
	// +optional
	Lifecycle *ServerLifecycle `json:"lifecycle,omitempty"`

	// usageMetrics has the disk space and the traffic of all subscriptions on this server read regularly, and shown by status.usage of
	// subscriptions and customers, and by the operator's metrics plesk_subscription_disk_bytes and plesk_subscription_traffic_bytes, for
	// capacity and alerts. The metrics hold the subscriptions' names; the statuses cost a write each time that they change. Unset: they are not read.
	// +optional
	UsageMetrics *UsageMetrics `json:"usageMetrics,omitempty"`
}

// ChangeWindow is a time that comes again and again.
type ChangeWindow struct {
	// schedule says when it opens, as in a crontab: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday), by the clocks
	// of timeZone. Where these skip the time, it opens when they jump; where they show it twice, at the first.
	// +required
	// +kubebuilder:validation:MinLength=9
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^\s*[0-9A-Za-z*/,?-]+(\s+[0-9A-Za-z*/,?-]+){4}\s*$`
	Schedule string `json:"schedule"`

	// duration until it closes, in hours, minutes and whole seconds; 1m to 24h. What has begun by then is finished.
	// +required
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=19
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]{1,4}h)?([0-9]{1,5}m)?([0-9]{1,7}s)?$') && duration(self) >= duration('1m') && duration(self) <= duration('24h')",message="duration has to be 1m to 24h, in hours, minutes and whole seconds, e.g. 1h30m"
	Duration metav1.Duration `json:"duration"`

	// timeZone is the name of a time zone of the IANA database, e.g. Europe/Berlin. Default: UTC.
	// +optional
	// +kubebuilder:default=UTC
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:Pattern=`^[A-Z][A-Za-z0-9_+/-]*$`
	// +kubebuilder:validation:XValidation:rule="self != 'Local'",message="timeZone has to be the name of a time zone"
	TimeZone string `json:"timeZone,omitempty"`
}

// ServerLifecycle says whose the life cycle of what customers have is.
type ServerLifecycle struct {
	// owner is Git (the default), or Billing: a billing system that works on the server by itself. With Billing the operator writes nothing
	// of a customer's, reseller's or subscription's existence, suspension, plan and add-on plans, limits, owner, password, addresses and system user's
	// password, whatever the resources say; what differs is shown in their status.changes. Nothing of them is made, made anew or deleted, and their
	// external ids are the billing system's. Everything else (DNS, mail, databases, hosting) is as the resources say.
	// +optional
	// +kubebuilder:default=Git
	Owner LifecycleOwner `json:"owner,omitempty"`
}

// LifecycleOwner is whose a life cycle is.
// +kubebuilder:validation:Enum=Git;Billing
type LifecycleOwner string

// The owners.
const (
	// LifecycleOwnerGit : the resources decide.
	LifecycleOwnerGit LifecycleOwner = "Git"
	// LifecycleOwnerBilling : a billing system does, on the server.
	LifecycleOwnerBilling LifecycleOwner = "Billing"
)

// UsageMetrics says how often usage is read.
type UsageMetrics struct {
	// interval between two reads, one packet each, in hours, minutes and whole seconds; at least 1m. Default: 1h.
	// +optional
	// +kubebuilder:default="1h"
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=19
	// +kubebuilder:validation:XValidation:rule="self.matches('^([0-9]{1,4}h)?([0-9]{1,5}m)?([0-9]{1,7}s)?$') && duration(self) >= duration('1m')",message="interval has to be at least 1m, in hours, minutes and whole seconds, e.g. 1h30m"
	Interval metav1.Duration `json:"interval,omitzero"`
}

// ServerTLS says how a server's certificate is verified.
// +kubebuilder:validation:XValidation:rule="!(has(self.caBundleSecretRef) && has(self.insecureSkipVerify) && self.insecureSkipVerify)",message="caBundleSecretRef and insecureSkipVerify exclude each other"
type ServerTLS struct {
	// caBundleSecretRef names a Secret in this namespace, of type Opaque, whose key ca.crt holds the certificate authorities
	// (PEM) to trust. The credentials' Secret has to know them: by its own key ca.crt, or by their SHA-256 fingerprints,
	// one per line, under its key ca.sha256.
	// +optional
	CABundleSecretRef *SecretReference `json:"caBundleSecretRef,omitempty"`
	// insecureSkipVerify accepts any certificate: anyone in between can read the credentials and change what is sent. The credentials' Secret has to
	// permit it by its key tls with the value insecure. Unset: false.
	// +optional
	InsecureSkipVerify bool `json:"insecureSkipVerify,omitempty"`
}

// NamespacesFrom says how namespaces are chosen.
// +kubebuilder:validation:Enum=All;Selector
type NamespacesFrom string

// The ways to choose namespaces.
const (
	NamespacesFromAll      NamespacesFrom = "All"
	NamespacesFromSelector NamespacesFrom = "Selector"
)

// Tenant admits namespaces to a server. A tenant gets the kinds that belong to a customer (customers, subscriptions, zones, mail,
// databases), not those of the server (plans).
// +kubebuilder:validation:XValidation:rule="(self.from == 'Selector') == has(self.selector)",message="selector is required with from: Selector, and only then"
type Tenant struct {
	// name of the entry.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name"`
	// from is All namespaces, or those that the Selector matches.
	// +required
	From NamespacesFrom `json:"from"`
	// selector over the labels of namespaces, with from: Selector.
	// +optional
	Selector *NamespaceSelector `json:"selector,omitempty"`
	// additionalKinds are kinds of the server that these namespaces may have beside a tenant's own, e.g. PleskServicePlan. Unset: none.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MaxLength=63
	AdditionalKinds []string `json:"additionalKinds,omitempty"`
	// privilegedFields says whether these namespaces may set what reaches beyond their own sites: web server directives, shells,
	// PHP settings that leave the site, limits and permissions beyond the plan; the fields whose descriptions say so. Deny (the
	// default) or Allow.
	// +optional
	// +kubebuilder:default=Deny
	PrivilegedFields AccessPolicy `json:"privilegedFields,omitempty"`
	// existingObjects says whether these namespaces may see, adopt, or put something into what is on the server and has no
	// resource in their own namespace. Deny (the default): only what they made themselves. Allow: also what no resource
	// describes. What a resource of another namespace describes is always out of reach.
	// +optional
	// +kubebuilder:default=Deny
	ExistingObjects AccessPolicy `json:"existingObjects,omitempty"`
}

// NamespaceSelector chooses namespaces by their labels: a label selector of Kubernetes, with bounds. All that it requires has to be met;
// an empty one chooses all namespaces.
// +structType=atomic
type NamespaceSelector struct {
	// matchLabels are labels with the values that they have to have. Unset: none.
	// +optional
	// +kubebuilder:validation:MaxProperties=64
	// +kubebuilder:validation:XValidation:rule="self.all(name, size(name) <= 317)",message="names of labels have at most 317 characters"
	MatchLabels LabelValues `json:"matchLabels,omitempty"`
	// matchExpressions are further requirements. Unset: none.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=64
	MatchExpressions []LabelRequirement `json:"matchExpressions,omitempty"`
}

// LabelRequirement is what a label has to be like.
type LabelRequirement struct {
	// key is the name of the label.
	// +required
	// +kubebuilder:validation:MaxLength=317
	Key string `json:"key"`
	// operator is In or NotIn (the values), Exists or DoesNotExist.
	// +required
	// +kubebuilder:validation:Enum=In;NotIn;Exists;DoesNotExist
	Operator metav1.LabelSelectorOperator `json:"operator"`
	// values for In and NotIn. Unset: none, as is right for Exists and DoesNotExist.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=63
	Values []string `json:"values,omitempty"`
}

// LabelValues are values of labels by the labels' names.
// +kubebuilder:object:generate=false
type LabelValues map[string]LabelValue

// LabelValue is the value of a label.
// +kubebuilder:validation:MaxLength=63
type LabelValue = string

// DeepCopy copies the values: it is not generated for a map of aliases, which takes a map of strings as it is.
func (v LabelValues) DeepCopy() LabelValues { return maps.Clone(v) }

// LabelSelector is the same without bounds.
func (s *NamespaceSelector) LabelSelector() *metav1.LabelSelector {
	if s == nil {
		return nil
	}
	out := &metav1.LabelSelector{MatchLabels: s.MatchLabels}
	for _, r := range s.MatchExpressions {
		out.MatchExpressions = append(out.MatchExpressions, metav1.LabelSelectorRequirement(r))
	}
	return out
}

// AccessPolicy says whether something is allowed.
// +kubebuilder:validation:Enum=Deny;Allow
type AccessPolicy string

// The access policies.
const (
	AccessDeny  AccessPolicy = "Deny"
	AccessAllow AccessPolicy = "Allow"
)

// EventLogState says how changes that others make on a server are noticed.
type EventLogState string

// The states of the event log.
const (
	EventLogFollowed    EventLogState = "Followed"
	EventLogUnreadable  EventLogState = "Unreadable"
	EventLogUnavailable EventLogState = "Unavailable"
)

// ServerRole is what the account of the credentials is on its server.
type ServerRole string

// The roles.
const (
	RoleAdministrator ServerRole = "Administrator"
	RoleReseller      ServerRole = "Reseller"
	RoleCustomer      ServerRole = "Customer"
)

// MaxServerSubscriptions is how many subscriptions of a customer its PleskServer is known by.
const MaxServerSubscriptions = 100

// PleskServerStatus is what was found at the server.
type PleskServerStatus struct {
	// role of the account that the credentials are for: Administrator, Reseller or Customer. It decides which kinds its objects can be
	// of, and what can be told of the server here.
	// +optional
	// +kubebuilder:validation:Enum=Administrator;Reseller;Customer
	Role ServerRole `json:"role,omitempty"`
	// guid of the Plesk installation; with a reseller's credentials of that account, with a customer's of its provider. Objects
	// remember it; a server that answers with another one is not written to.
	// +optional
	GUID string `json:"guid,omitempty"`
	// subscriptions are the GUIDs of those of a customer, by which it is told from other customers of its provider; at most 100.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=100
	Subscriptions []string `json:"subscriptions,omitempty"`
	// hostname that the server calls itself. This, version, os, mode, licence and objects are told to administrators only.
	// +optional
	Hostname string `json:"hostname,omitempty"`
	// version of Plesk.
	// +optional
	Version string `json:"version,omitempty"`
	// os that the server runs on.
	// +optional
	OS string `json:"os,omitempty"`
	// mode of the panel: standard or poweruser.
	// +optional
	Mode string `json:"mode,omitempty"`
	// protocolVersions that the server speaks, newest first; at most ten.
	// +optional
	// +listType=atomic
	ProtocolVersions []string `json:"protocolVersions,omitempty"`
	// protocolVersion that is spoken: spec.protocolVersion as the server has it, else its newest.
	// +optional
	ProtocolVersion string `json:"protocolVersion,omitempty"`
	// licence of the panel.
	// +optional
	Licence *ServerLicence `json:"licence,omitempty"`
	// objects that the server counts.
	// +optional
	Objects *ServerObjects `json:"objects,omitempty"`
	// lastEventID is the newest entry of the server's action log.
	// +optional
	LastEventID int64 `json:"lastEventID,omitempty"`
	// eventLog says how changes that others make on the server are noticed. Followed: by the server's action log, within one
	// eventPollInterval. Unreadable: the log cannot be read, so they are noticed at the resync. Unavailable: the credentials are a
	// reseller's or a customer's, who have no log, or the protocol is older than 1.6.6, likewise.
	// +optional
	// +kubebuilder:validation:Enum=Followed;Unreadable;Unavailable
	EventLog EventLogState `json:"eventLog,omitempty"`
	// undeclared counts what is on the server and described by no resource, by kind, as the last list of the kind has shown it. What lies in
	// sites, such as mail accounts, is listed where resources describe some of it. A kind that is not named was not listed yet.
	// +optional
	Undeclared map[string]int32 `json:"undeclared,omitempty"`
	// recentDeletions counts what was deleted from the server in the last hour, by minute: spec.maxDeletionsPerHour holds over restarts.
	// +optional
	// +listType=atomic
	RecentDeletions []DeletionCount `json:"recentDeletions,omitempty"`
	// recentRecreations counts what was created again in the last hour, by minute, for spec.maxRecreationsPerHour.
	// +optional
	// +listType=atomic
	RecentRecreations []DeletionCount `json:"recentRecreations,omitempty"`
	// observedGeneration is the generation of the spec that this status is about; -1 before the first reconciliation.
	// +kubebuilder:default=-1
	// +optional
	ObservedGeneration int64 `json:"observedGeneration"`
	// conditions: Ready, Reachable, Authenticated, and Reconciling and Stalled (present only when true).
	// +optional
	// +patchMergeKey=type
	// +patchStrategy=merge
	// +listType=map
	// +listMapKey=type
	Conditions []metav1.Condition `json:"conditions,omitempty" patchStrategy:"merge" patchMergeKey:"type"`
}

// DeletionCount counts the deletions within one minute.
type DeletionCount struct {
	// minute in which they were begun.
	Minute metav1.Time `json:"minute"`
	// count of objects.
	Count int32 `json:"count"`
}

// ServerLicence is the licence of a panel.
type ServerLicence struct {
	// expires is the date of expiry, YYYY-MM-DD, or "never".
	// +optional
	Expires string `json:"expires,omitempty"`
	// domains that may be created, a number or "unlimited".
	// +optional
	Domains string `json:"domains,omitempty"`
	// customers that may be created, a number or "unlimited".
	// +optional
	Customers string `json:"customers,omitempty"`
}

// ServerObjects is what a server counts.
type ServerObjects struct {
	// customers, resellers included.
	Customers int64 `json:"customers"`
	// domains of all kinds.
	Domains int64 `json:"domains"`
	// mailboxes on the server.
	Mailboxes int64 `json:"mailboxes"`
	// databases on the server.
	Databases int64 `json:"databases"`
}

// PleskServer is a Plesk installation, its credentials and defaults. Its natural key is its GUID. Everything else refers to one.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=plsrv
// +kubebuilder:printcolumn:name="URL",type=string,JSONPath=`.spec.url`
// +kubebuilder:printcolumn:name="Version",type=string,JSONPath=`.status.version`
// +kubebuilder:printcolumn:name="Role",type=string,JSONPath=`.status.role`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="GUID",type=string,priority=1,JSONPath=`.status.guid`
type PleskServer struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec says where the server is and how its objects are handled.
	// +required
	Spec PleskServerSpec `json:"spec"`
	// status is what was found at the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskServerStatus `json:"status,omitempty"`
}

// PleskServerList is a list of PleskServer.
// +kubebuilder:object:root=true
type PleskServerList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskServer `json:"items"`
}
