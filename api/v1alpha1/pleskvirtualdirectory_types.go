// PleskVirtualDirectory: a virtual directory of a web site on Windows.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ExecutePermission says what a web server runs of what lies in a directory.
// +kubebuilder:validation:Enum=None;Scripts;ScriptsAndExecutables
type ExecutePermission string

// The execute permissions.
const (
	// ExecutePermissionNone runs nothing: files are only sent (none).
	ExecutePermissionNone ExecutePermission = "None"
	// ExecutePermissionScripts runs scripts (script).
	ExecutePermissionScripts ExecutePermission = "Scripts"
	// ExecutePermissionScriptsAndExecutables runs scripts and programs (script_execute).
	ExecutePermissionScriptsAndExecutables ExecutePermission = "ScriptsAndExecutables"
)

// PleskVirtualDirectorySpec describes a virtual directory of a web site. A field that is not set is not managed.
type PleskVirtualDirectorySpec struct {
	CommonSpec `json:",inline"`

	// siteRef names the site whose directory it is; a subdomain is a site, too. Immutable. Wire: site-id.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="siteRef is immutable: the protocol cannot move a directory"
	SiteRef SiteReference `json:"siteRef"`

	// directoryName is the path by which visitors reach the directory, e.g. docs or docs/api; / is the site itself, which is always there. Case and
	// slashes at its ends mean nothing. Immutable: the protocol renames none. Wire: name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=240
	// +kubebuilder:validation:Pattern=`^[/0-9A-Za-z_-]+$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="directoryName is immutable: the protocol cannot rename a directory"
	DirectoryName string `json:"directoryName"`

	// realPath is the folder whose content the directory shows. Unset: not managed (new directories: the folder of the directory's name). Privileged.
	// Wire: real-path.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[^\r\n]+$`
	RealPath *string `json:"realPath,omitempty"`

	// executePermission says what the server runs of what lies in the directory: None, Scripts or ScriptsAndExecutables. Unset: not managed (new
	// directories: Scripts). Privileged. Wire: execute-perm.
	// +optional
	ExecutePermission *ExecutePermission `json:"executePermission,omitempty"`

	// access says what visitors may do, and who has to log in.
	// +optional
	Access *VirtualDirectoryAccess `json:"access,omitempty"`

	// logVisits records visits in the log. Unset: not managed (new directories: true). Wire: log-visits.
	// +optional
	LogVisits *bool `json:"logVisits,omitempty"`

	// application makes the directory an application of its own. Unset: not managed.
	// +optional
	Application *VirtualDirectoryApplication `json:"application,omitempty"`

	// defaultDocuments say which document stands for the directory. Unset: not managed.
	// +optional
	DefaultDocuments *DefaultDocuments `json:"defaultDocuments,omitempty"`

	// asp holds the settings of ASP pages.
	// +optional
	ASP *VirtualDirectoryASP `json:"asp,omitempty"`

	// ipAccess says from which addresses the directory is reached.
	// +optional
	IPAccess *VirtualDirectoryIPAccess `json:"ipAccess,omitempty"`

	// mimeTypes are those that the directory has beside the server's, each as the server writes it. They take the place of all that it has. Unset:
	// not managed. The protocol cannot say that there are none. Wire: mime-type.
	// +optional
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	// +kubebuilder:validation:items:Pattern=`^\S([^\r\n]*\S)?$`
	// +listType=set
	MIMETypes []string `json:"mimeTypes,omitempty"`

	// requestLimits deny requests from addresses that send too many.
	// +optional
	RequestLimits *VirtualDirectoryRequestLimits `json:"requestLimits,omitempty"`
}

// VirtualDirectoryAccess says what visitors of a virtual directory may do. What is not set is not managed.
type VirtualDirectoryAccess struct {
	// read lets visitors read files. Unset: not managed (new directories: true). Wire: access-read.
	// +optional
	Read *bool `json:"read,omitempty"`
	// write lets visitors change files. Unset: not managed (new directories: false). Wire: access-write.
	// +optional
	Write *bool `json:"write,omitempty"`
	// scriptSource lets visitors read the source of scripts, where they may read, and change it, where they may write. Unset: not managed (new
	// directories: false). Wire: access-source.
	// +optional
	ScriptSource *bool `json:"scriptSource,omitempty"`
	// browse shows visitors a list of the files where no default document does. Unset: not managed (new directories: false). Wire: dir-browsing.
	// +optional
	Browse *bool `json:"browse,omitempty"`
	// anonymous lets visitors in without a login. Unset: not managed. Wire: access-anonymous.
	// +optional
	Anonymous *bool `json:"anonymous,omitempty"`
	// windows lets visitors log in with a Windows account. Unset: not managed. Wire: access-windows.
	// +optional
	Windows *bool `json:"windows,omitempty"`
	// requireTLS refuses plain HTTP. Unset: not managed. Wire: require-ssl.
	// +optional
	RequireTLS *bool `json:"requireTLS,omitempty"`
}

// VirtualDirectoryApplication says whether a virtual directory is an application of its own, and how that runs.
// +kubebuilder:validation:XValidation:rule="self.enabled || !has(self.parentPaths) && !has(self.mta) && !has(self.aspNetVersion)",message="parentPaths, mta and aspNetVersion need enabled"
type VirtualDirectoryApplication struct {
	// enabled makes the directory an application. Wire: application/enabled, application/disabled.
	// +required
	Enabled bool `json:"enabled"`
	// parentPaths lets scripts use paths with "..". Unset: not managed. Wire: application/parent-paths.
	// +optional
	ParentPaths *bool `json:"parentPaths,omitempty"`
	// mta runs the application in a multi-threaded apartment. Unset: not managed (new applications: false). Wire: application/run-in-mta.
	// +optional
	MTA *bool `json:"mta,omitempty"`
	// aspNetVersion is the version of ASP.NET that the application runs with, e.g. 4.8. Unset: not managed. Wire: application/aspnet-version.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	ASPNETVersion *string `json:"aspNetVersion,omitempty"`
}

// DefaultDocuments say which document stands for a directory.
// +kubebuilder:validation:XValidation:rule="self.enabled || !has(self.names)",message="names need enabled"
type DefaultDocuments struct {
	// enabled shows a default document. Wire: default-doc/enabled, default-doc/disabled.
	// +required
	Enabled bool `json:"enabled"`
	// names of the documents, in the order in which they are looked for. Unset: not managed. Wire: default-doc/search.
	// +optional
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	// +kubebuilder:validation:items:Pattern=`^[^\s,]+$`
	// +listType=atomic
	Names []string `json:"names,omitempty"`
}

// VirtualDirectoryASP holds the settings of ASP pages. What is not set is not managed.
type VirtualDirectoryASP struct {
	// bufferingLimit bounds the buffer for a page: bytes, or a size such as 4Mi. Unset: not managed. Wire: asp-buffering-limit, in bytes.
	// +optional
	BufferingLimit *ByteSize `json:"bufferingLimit,omitempty"`
	// maxRequestEntity bounds the body of a request: bytes, or a size such as 200Ki. Unset: not managed. Wire: asp-max-request-entity-allowed, in bytes.
	// +optional
	MaxRequestEntity *ByteSize `json:"maxRequestEntity,omitempty"`
	// serverDebug switches the debugging of scripts on the server on. Unset: not managed. Wire: asp-enabled-server-debug.
	// +optional
	ServerDebug *bool `json:"serverDebug,omitempty"`
	// clientDebug switches the debugging of scripts in the browser on. Unset: not managed. Wire: asp-enabled-client-debug.
	// +optional
	ClientDebug *bool `json:"clientDebug,omitempty"`
}

// VirtualDirectoryIPAccess says from which addresses a virtual directory is reached.
type VirtualDirectoryIPAccess struct {
	// allow lists the addresses and networks (CIDR) that are let in. They take the place of all that it has. Unset: not managed. The protocol cannot
	// say that there are none. Wire: ip-allow.
	// +optional
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=49
	// +kubebuilder:validation:items:XValidation:rule="isIP(self) || isCIDR(self)",message="neither an IP address nor a network"
	// +listType=set
	Allow []string `json:"allow,omitempty"`
	// deny lists the addresses and networks (CIDR) that are kept out. They take the place of all that it has. Unset: not managed. The protocol cannot
	// say that there are none. Wire: ip-deny.
	// +optional
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MaxLength=49
	// +kubebuilder:validation:items:XValidation:rule="isIP(self) || isCIDR(self)",message="neither an IP address nor a network"
	// +listType=set
	Deny []string `json:"deny,omitempty"`
}

// VirtualDirectoryRequestLimits deny requests from addresses that send too many. What is not set is not managed.
type VirtualDirectoryRequestLimits struct {
	// byConcurrency denies requests while as many of an address are being served as maxConcurrent says. Unset: not managed.
	// Wire: is-deny-by-concurrent-requests.
	// +optional
	ByConcurrency *bool `json:"byConcurrency,omitempty"`
	// maxConcurrent is how many requests of an address are served at once. Unset: not managed. Wire: max-concurrent-requests.
	// +optional
	// +kubebuilder:validation:Minimum=1
	MaxConcurrent *int32 `json:"maxConcurrent,omitempty"`
	// byRate denies requests once an address has sent as many within interval as maxRequests says. Unset: not managed. Wire: is-deny-by-request-rate.
	// +optional
	ByRate *bool `json:"byRate,omitempty"`
	// maxRequests is how many requests of an address are served within interval. Unset: not managed. Wire: max-requests.
	// +optional
	// +kubebuilder:validation:Minimum=1
	MaxRequests *int32 `json:"maxRequests,omitempty"`
	// interval in which requests are counted: minutes, seconds and milliseconds, e.g. 30s or 200ms. Unset: not managed. Wire: request-interval, in
	// milliseconds.
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=23
	// +kubebuilder:validation:Pattern=`^([0-9]{1,4}m)?([0-9]{1,6}s)?([0-9]{1,9}ms)?$`
	Interval *metav1.Duration `json:"interval,omitempty"`
}

// PleskVirtualDirectoryStatus is what was found on the server.
type PleskVirtualDirectoryStatus struct {
	CommonStatus `json:",inline"`
	// made says whether this resource has made the directory. One that was there before is never deleted: nothing but its name tells it from others.
	// +optional
	Made bool `json:"made,omitempty"`
	// observed is what the server shows of the directory.
	// +optional
	Observed *ObservedVirtualDirectory `json:"observed,omitempty"`
}

// ObservedVirtualDirectory is what the server shows of a virtual directory.
type ObservedVirtualDirectory struct {
	// realPath is the folder whose content the directory shows.
	// +optional
	RealPath string `json:"realPath,omitempty"`
	// executePermission says what the server runs of what lies in the directory.
	// +optional
	ExecutePermission string `json:"executePermission,omitempty"`
	// application says whether the directory is an application of its own; unset where the server does not tell.
	// +optional
	Application *bool `json:"application,omitempty"`
}

// PleskVirtualDirectory is a virtual directory of a web site, on Windows servers and for their administrators only. Its natural key is site and name. The
// server shows nothing else that tells one from another, so one that was there before its resource is never deleted with it. No operation lists virtual
// directories: what lies below one goes with it without being asked for, and a subscription that is deleted takes them along. The protocol can replace
// lists (mimeTypes, ipAccess) and not empty them.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:path=pleskvirtualdirectories,categories=plesk,shortName=plvd
// +kubebuilder:printcolumn:name="Directory",type=string,JSONPath=`.spec.directoryName`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Real-Path",type=string,priority=1,JSONPath=`.status.observed.realPath`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskVirtualDirectory struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the directory.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.siteRef.name)",message="serverRef is required unless siteRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskVirtualDirectorySpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskVirtualDirectoryStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskVirtualDirectory) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskVirtualDirectory) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskVirtualDirectoryList is a list of PleskVirtualDirectory.
// +kubebuilder:object:root=true
type PleskVirtualDirectoryList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskVirtualDirectory `json:"items"`
}
