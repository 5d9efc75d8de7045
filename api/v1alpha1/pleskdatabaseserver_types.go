// PleskDatabaseServer: a server that databases are made on, as Plesk knows it.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PleskDatabaseServerSpec describes a database server that is registered in Plesk. A field that is not set is not managed.
type PleskDatabaseServerSpec struct {
	CommonSpec `json:",inline"`

	// type of the database server: MySQL (MariaDB too), PostgreSQL, or MSSQL on Windows. Immutable. Wire: type.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="type is immutable"
	Type DatabaseType `json:"type"`

	// host is the name or IP address under which Plesk reaches the database server; localhost, or a loopback address, is the one on the same
	// machine, of which there is one for each type: it stays there. While databases are on the server, another host needs a PleskApproval (permit
	// DataLoss): they would be looked for there, and whatever has their names is taken for them. Unique with type and port. Wire: host.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[^\s/]+$`
	Host string `json:"host"`

	// port on which the database server listens, e.g. 3306 (MySQL), 5432 (PostgreSQL), 1433 (MSSQL). While databases are on the server,
	// another port needs a PleskApproval as another host does. Wire: port.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=65535
	Port int32 `json:"port"`

	// login of the administrator of the database server, with which Plesk makes databases and users there. It is needed to register a
	// server, not to manage one that is there. Unset: not managed. Wire: admin.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^\S+$`
	Login *string `json:"login,omitempty"`

	// password of that administrator, written when the server is registered and again when it changes in the Secret. The server does not
	// tell it; status.observed.state is LoginFailed where the database server refuses it. Generated values are for database servers that take their
	// password from the same Secret. Blanks at its ends or in a row would not survive the protocol. Unset: not managed. Wire: password.
	// +optional
	Password *SecretValue `json:"password,omitempty"`

	// default makes this the database server on which databases of the type are made that name none. It can only be true: another server
	// takes its place by being made the default one. Plesk never removes a default server. Unset: not managed; the first server of a
	// type is its default one. Wire: db_server/set-default.
	// +optional
	// +kubebuilder:validation:XValidation:rule="self",message="default can only be true: make another database server the default one instead"
	Default *bool `json:"default,omitempty"`
}

// PleskDatabaseServerStatus is what was found on the server.
type PleskDatabaseServerStatus struct {
	CommonStatus `json:",inline"`
	// observed is what Plesk shows of the database server.
	// +optional
	Observed *ObservedDatabaseServer `json:"observed,omitempty"`
}

// ObservedDatabaseServer is what Plesk shows of a database server.
type ObservedDatabaseServer struct {
	// state says whether Plesk can use the database server: Available, ConnectionFailed, LoginFailed, PermissionDenied, CredentialsNotSet or
	// OtherError. Wire: status.
	// +optional
	State string `json:"state,omitempty"`
	// login of the database server's administrator.
	// +optional
	Login string `json:"login,omitempty"`
	// databases is how many databases were on it when the resource was last compared with the server.
	// +optional
	Databases int32 `json:"databases"`
	// default says whether databases of the type are made here that name no database server.
	// +optional
	Default bool `json:"default"`
	// local says whether it is on the machine of Plesk. Plesk never removes such a server.
	// +optional
	Local bool `json:"local"`
}

// PleskDatabaseServer is a database server that databases are made on. Its natural key is type, host and port. Those that Plesk came with are
// there already, and taken over under the adoption policy. Removing one that is registered removes nothing from the database server itself. ODBC data
// sources (db_server/del by dsn) are no objects of the protocol's: it can neither list nor make them.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=pldbserver
// +kubebuilder:printcolumn:name="Type",type=string,JSONPath=`.spec.type`
// +kubebuilder:printcolumn:name="Host",type=string,JSONPath=`.spec.host`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="State",type=string,priority=1,JSONPath=`.status.observed.state`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.spec.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskDatabaseServer struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the database server.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef)",message="serverRef is required"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskDatabaseServerSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskDatabaseServerStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskDatabaseServer) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskDatabaseServer) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskDatabaseServerList is a list of PleskDatabaseServer.
// +kubebuilder:object:root=true
type PleskDatabaseServerList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskDatabaseServer `json:"items"`
}
