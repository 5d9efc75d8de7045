// PleskDatabaseUser: a user of one database.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// DatabaseRole is what a database user may do.
// +kubebuilder:validation:Enum=ReadWrite;ReadOnly;WriteOnly
type DatabaseRole string

// The roles.
const (
	// DatabaseRoleReadWrite reads and writes (role readWrite).
	DatabaseRoleReadWrite DatabaseRole = "ReadWrite"
	// DatabaseRoleReadOnly reads (role readOnly).
	DatabaseRoleReadOnly DatabaseRole = "ReadOnly"
	// DatabaseRoleWriteOnly writes (role writeOnly).
	DatabaseRoleWriteOnly DatabaseRole = "WriteOnly"
)

// PleskDatabaseUserSpec describes a user of one database. A field that is not set is not managed.
type PleskDatabaseUserSpec struct {
	CommonSpec `json:",inline"`

	// databaseRef names the database: a PleskDatabase of this namespace, or (external) one that lives only on the server, by its name, or as
	// TYPE/HOST:PORT/NAME (e.g. mysql/localhost:3306/shop) where several database servers have one of that name. Immutable. Wire: db-id.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="databaseRef is immutable: the protocol cannot move a user"
	DatabaseRef ObjectReference `json:"databaseRef"`

	// login of the user; unique on the database server. A changed login renames the user. Wire: login.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^\S+$`
	Login string `json:"login"`

	// password of the user. It is needed to create the user, not to manage one that exists, and written again only when it changes in
	// the Secret. Blanks at its ends or in a row would not survive the protocol. Wire: password.
	// +optional
	Password *SecretValue `json:"password,omitempty"`

	// role says what the user may do. The server does not tell it: it is written when it changes here, and a change made on the
	// server is not seen; an adopted user is taken to have it. Unset: not managed (new users: ReadWrite). Wire: role.
	// +optional
	Role *DatabaseRole `json:"role,omitempty"`

	// allowedHosts are the hosts that the database server lets the user come from (MySQL): names, addresses, or patterns with the wildcards
	// % and _. An empty list takes all entries away. Unset: not managed. Privileged: patterns with wildcards, and networks larger
	// than 10.0.0.0/8. Wire: acl/host.
	// +optional
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=255
	// +kubebuilder:validation:items:Pattern=`^\S+$`
	// +listType=set
	AllowedHosts []string `json:"allowedHosts,omitempty"`

	// allowedAddresses are the IP addresses and networks (CIDR) that the Plesk server lets the user come from. An empty list takes all entries
	// away. Unset: not managed. Privileged: networks larger than 10.0.0.0/8 or 2000::/16. Wire: allow-access-from/ip-address.
	// +optional
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MaxLength=49
	// +kubebuilder:validation:items:XValidation:rule="isIP(self) || isCIDR(self)",message="neither an IP address nor a network"
	// +listType=set
	AllowedAddresses []string `json:"allowedAddresses,omitempty"`

	// default makes the user the one that the panel's own tools log in to the database with. It can only be true: another user takes
	// its place by being made the default one. Unset: not managed; the first user of a database is its default one. Wire:
	// database/set-default-user.
	// +optional
	// +kubebuilder:validation:XValidation:rule="self",message="default can only be true: make another user the default one instead"
	Default *bool `json:"default,omitempty"`

	// connectionSecretRef names the Secret into which the operator writes how to connect: host, port, database, username, password and uri.
	// The operator creates it, writes into no other, and it is deleted with this resource. Unset: none is written.
	// +optional
	ConnectionSecretRef *SecretReference `json:"connectionSecretRef,omitempty"`

	// connectionHost is the host that is written to the connection Secret. Unset: the database server's as the Plesk server knows it, which
	// is localhost for one on the same machine.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[^\s/]+$`
	ConnectionHost *string `json:"connectionHost,omitempty"`
}

// PleskDatabaseUserStatus is what was found on the server.
type PleskDatabaseUserStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the user.
	// +optional
	Observed *ObservedDatabaseUser `json:"observed,omitempty"`
}

// ObservedDatabaseUser is what the server shows of a database user.
type ObservedDatabaseUser struct {
	// database is the name of the user's database.
	// +optional
	Database string `json:"database,omitempty"`
	// type of the database.
	// +optional
	Type DatabaseType `json:"type,omitempty"`
	// host of the database server, as the Plesk server knows it.
	// +optional
	Host string `json:"host,omitempty"`
	// port of the database server.
	// +optional
	Port int32 `json:"port,omitempty"`
	// default says whether the panel's own tools log in with this user.
	// +optional
	Default bool `json:"default"`
	// allowedHosts are the hosts that the database server lets the user come from.
	// +optional
	// +listType=atomic
	AllowedHosts []string `json:"allowedHosts,omitempty"`
	// allowedAddresses are the addresses and networks that the Plesk server lets the user come from.
	// +optional
	// +listType=atomic
	AllowedAddresses []string `json:"allowedAddresses,omitempty"`
}

// PleskDatabaseUser is a user of a database, with a Secret that says how to connect. Its natural key is database and login. Universal users, of all
// databases that a subscription has on a database server, have no kind: the server shows neither the subscription nor the database server of one, so
// nothing would prove whose it is. Privileges are what the role grants: the protocol has no list of them. Passwords are sent as they are, never as a
// hash (password-type), which could not be checked against the server's rules.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=pldbuser
// +kubebuilder:printcolumn:name="Login",type=string,JSONPath=`.spec.login`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Database",type=string,priority=1,JSONPath=`.status.observed.database`
// +kubebuilder:printcolumn:name="Role",type=string,priority=1,JSONPath=`.spec.role`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskDatabaseUser struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the user.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.databaseRef.name)",message="serverRef is required unless databaseRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.connectionSecretRef) || !has(self.password) || self.connectionSecretRef.name != self.password.secretRef.name",message="connectionSecretRef and password need two Secrets",fieldPath=".connectionSecretRef"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskDatabaseUserSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskDatabaseUserStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskDatabaseUser) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskDatabaseUser) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskDatabaseUserList is a list of PleskDatabaseUser.
// +kubebuilder:object:root=true
type PleskDatabaseUserList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskDatabaseUser `json:"items"`
}
