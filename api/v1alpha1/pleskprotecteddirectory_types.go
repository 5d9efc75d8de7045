// PleskProtectedDirectory: a directory of a web site that asks for a login, and who has one.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// DirectoryUserPolicy says which users of a protected directory belong to the resource.
// +kubebuilder:validation:Enum=Additive;Exclusive
type DirectoryUserPolicy string

// The policies for users of protected directories.
const (
	// DirectoryUserPolicyAdditive owns the listed users only.
	DirectoryUserPolicyAdditive DirectoryUserPolicy = "Additive"
	// DirectoryUserPolicyExclusive owns all users of the directory.
	DirectoryUserPolicyExclusive DirectoryUserPolicy = "Exclusive"
)

// PleskProtectedDirectorySpec describes a directory of a web site that asks for a login. A field that is not set is not managed. When the resource is
// deleted the protection goes, with its users; the files stay, and are open to everybody then.
// +kubebuilder:validation:XValidation:rule="self.userPolicy != 'Exclusive' || (has(self.users) && size(self.users) > 0)",message="userPolicy Exclusive without users would let nobody in",fieldPath=".userPolicy"
type PleskProtectedDirectorySpec struct {
	CommonSpec `json:",inline"`

	// siteRef names the site whose directory it is. Immutable. Wire: site-id.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="siteRef is immutable: the protocol cannot move a directory"
	SiteRef SiteReference `json:"siteRef"`

	// path of the directory from the root of the site, e.g. /private; / is the whole site. Slashes at its ends mean nothing. A changed path
	// moves the protection, with its users, to another directory: the former one is open then. Wire: name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[^\s\\]([^\r\n\\]*[^\s\\])?$`
	// +kubebuilder:validation:XValidation:rule="!self.matches('(^|/)[.][.](/|$)')",message="must not lead out of the site"
	Path string `json:"path"`

	// header is the title that browsers show when they ask for the login. Unset: not managed (new directories: none). Wire: header.
	// +optional
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[^\r\n]*$`
	Header *string `json:"header,omitempty"`

	// location says where the directory is protected. On Linux only: Windows protects directories as a whole, and refuses it. Unset: not managed.
	// +optional
	Location *ProtectedDirectoryLocation `json:"location,omitempty"`

	// userPolicy says which users belong to this resource. Additive (the default): the listed ones; one that it added and that is not listed any more
	// is removed, every other user is left alone, and one that was there before is never removed. Exclusive: all; who is not listed is removed.
	// +optional
	// +kubebuilder:default=Additive
	UserPolicy DirectoryUserPolicy `json:"userPolicy,omitempty"`

	// users are those who can open the directory, each with a login and a password of their own. Unset: none. Not listed, with userPolicy Additive: removed if
	// this resource added them. The protocol knows users by directory and login: a changed login is another user. Wire: add-user, set-user,
	// delete-user.
	// +optional
	// +kubebuilder:validation:MaxItems=200
	// +listType=map
	// +listMapKey=login
	Users []ProtectedDirectoryUser `json:"users,omitempty"`
}

// ProtectedDirectoryLocation says where a directory is protected. At least one of the three has to be true in the end; what is not set is as it is, and
// on a new directory: HTTPS if the site has that, HTTP, and not the scripts.
// +kubebuilder:validation:XValidation:rule="!has(self.https) || self.https || !has(self.http) || self.http || (has(self.cgi) && self.cgi)",message="one of https, http and cgi must be true"
type ProtectedDirectoryLocation struct {
	// https protects what is reached over HTTPS. Unset: not managed. Wire: location/property ssl.
	// +optional
	HTTPS *bool `json:"https,omitempty"`
	// http protects what is reached over plain HTTP. Unset: not managed. Wire: location/property nonssl.
	// +optional
	HTTP *bool `json:"http,omitempty"`
	// cgi protects the directory of this path below the one for scripts (cgi-bin). Unset: not managed. Privileged. Wire: location/property cgi.
	// +optional
	CGI *bool `json:"cgi,omitempty"`
}

// ProtectedDirectoryUser is who can open a protected directory.
type ProtectedDirectoryUser struct {
	// login of the user; unique within the directory. Wire: login.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[^\s:/\\]+$`
	Login string `json:"login"`

	// password of the user. It is needed to add the user, not to manage one that exists, and written again only when it changes in the Secret.
	// Blanks at its ends or in a row would not survive the protocol. Wire: password.
	// +optional
	Password *SecretValue `json:"password,omitempty"`
}

// PleskProtectedDirectoryStatus is what was found on the server.
type PleskProtectedDirectoryStatus struct {
	CommonStatus `json:",inline"`
	// users are those that this resource has added, and would remove.
	// +optional
	// +listType=map
	// +listMapKey=login
	Users []OwnedDirectoryUser `json:"users,omitempty"`
	// observed is what the server shows of the directory.
	// +optional
	Observed *ObservedProtectedDirectory `json:"observed,omitempty"`
}

// OwnedDirectoryUser is a user that a resource added.
type OwnedDirectoryUser struct {
	// login of the user.
	// +required
	Login string `json:"login"`
	// id of the user on the server; empty while they are not known to be there. A user with the same login and another id is somebody else's.
	// +optional
	ID string `json:"id,omitempty"`
}

// ObservedProtectedDirectory is what the server shows of a protected directory.
type ObservedProtectedDirectory struct {
	// path of the directory from the root of the site, as the server has it.
	// +optional
	Path string `json:"path,omitempty"`
	// header is the title that browsers show.
	// +optional
	Header string `json:"header,omitempty"`
	// location says where the directory is protected; unset on Windows.
	// +optional
	Location *ProtectedDirectoryLocation `json:"location,omitempty"`
	// userCount is how many users can open the directory, whoever added them.
	// +optional
	UserCount int32 `json:"userCount"`
}

// PleskProtectedDirectory is a directory of a web site that asks for a login, with its users. Its natural key is site and path. Passwords are sent as they
// are, never as a hash (password-type), which could not be checked against the server's rules. What locations there are the protocol's documents say:
// the server is not asked (get-pd-location-descriptor).
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:path=pleskprotecteddirectories,categories=plesk,shortName=plpd
// +kubebuilder:printcolumn:name="Path",type=string,JSONPath=`.spec.path`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Users",type=integer,priority=1,JSONPath=`.status.observed.userCount`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskProtectedDirectory struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the directory.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.siteRef.name)",message="serverRef is required unless siteRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskProtectedDirectorySpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskProtectedDirectoryStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskProtectedDirectory) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskProtectedDirectory) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskProtectedDirectoryList is a list of PleskProtectedDirectory.
// +kubebuilder:object:root=true
type PleskProtectedDirectoryList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskProtectedDirectory `json:"items"`
}
