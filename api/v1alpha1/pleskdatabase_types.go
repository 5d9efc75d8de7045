// PleskDatabase: a database of a subscription.

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// DatabaseType is a type of database server.
// +kubebuilder:validation:Enum=MySQL;PostgreSQL;MSSQL
type DatabaseType string

// The database types.
const (
	// DatabaseTypeMySQL is MySQL or MariaDB (type mysql).
	DatabaseTypeMySQL DatabaseType = "MySQL"
	// DatabaseTypePostgreSQL is PostgreSQL (type postgresql).
	DatabaseTypePostgreSQL DatabaseType = "PostgreSQL"
	// DatabaseTypeMSSQL is Microsoft SQL Server, on Windows (type mssql).
	DatabaseTypeMSSQL DatabaseType = "MSSQL"
)

// PleskDatabaseSpec describes a database. Its users are PleskDatabaseUsers.
type PleskDatabaseSpec struct {
	CommonSpec `json:",inline"`

	// subscriptionRef names the subscription that the database belongs to. Another one moves the database there, with its own users
	// and all data; it stays on its database server. Wire: webspace-id, database/assign-to-subscription.
	// +required
	SubscriptionRef ObjectReference `json:"subscriptionRef"`

	// databaseName is the name of the database; unique on its database server, which also says how long it may be (MySQL: 64
	// characters). Immutable. Wire: name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=123
	// +kubebuilder:validation:Pattern=`^[^\s/]+$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="databaseName is immutable: the protocol cannot rename a database"
	DatabaseName string `json:"databaseName"`

	// type of the database: MySQL (MariaDB too), PostgreSQL or MSSQL. Immutable. Wire: type.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="type is immutable"
	Type DatabaseType `json:"type"`

	// databaseServerRef names the database server to make the database on: a PleskDatabaseServer of this namespace, or (external) one that is
	// registered in Plesk, as TYPE/HOST:PORT, e.g. mysql/localhost:3306. It has to be of the type. Unset: the default one of the type at that
	// time; status.observed shows which. Immutable. Wire: db-server-id.
	// +optional
	DatabaseServerRef *ObjectReference `json:"databaseServerRef,omitempty"`

	// customHost is the host that the panel tells users to connect to, in place of the database server's. The server does not tell it: it is
	// written when it changes here, and a change made on the server is not seen; an adopted database is taken to have it. Unset: not managed.
	// Wire: database/set-custom-host.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_.:%\\-]+$`
	CustomHost *string `json:"customHost,omitempty"`
}

// PleskDatabaseStatus is what was found on the server.
type PleskDatabaseStatus struct {
	CommonStatus `json:",inline"`
	// observed is what the server shows of the database.
	// +optional
	Observed *ObservedDatabase `json:"observed,omitempty"`
}

// ObservedDatabase is what the server shows of a database.
type ObservedDatabase struct {
	// type of the database.
	// +optional
	Type DatabaseType `json:"type,omitempty"`
	// host of the database server, as the Plesk server knows it.
	// +optional
	Host string `json:"host,omitempty"`
	// port of the database server.
	// +optional
	Port int32 `json:"port,omitempty"`
	// subscription is the domain name of the subscription that the database belongs to.
	// +optional
	Subscription string `json:"subscription,omitempty"`
	// defaultUser is the login of the user that the panel's own tools log in with.
	// +optional
	DefaultUser string `json:"defaultUser,omitempty"`
}

// PleskDatabase is a database of a subscription. Its natural key is database server and name. Which user is its default one, each PleskDatabaseUser
// says itself (spec.default): the protocol has no way to have none.
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:categories=plesk,shortName=pldb
// +kubebuilder:printcolumn:name="Database",type=string,JSONPath=`.spec.databaseName`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Status",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].reason`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:printcolumn:name="Type",type=string,priority=1,JSONPath=`.spec.type`
// +kubebuilder:printcolumn:name="Host",type=string,priority=1,JSONPath=`.status.observed.host`
// +kubebuilder:printcolumn:name="Server",type=string,priority=1,JSONPath=`.status.serverRef.name`
// +kubebuilder:printcolumn:name="ID",type=string,priority=1,JSONPath=`.status.id`
// +kubebuilder:printcolumn:name="Last-Sync",type=date,priority=1,JSONPath=`.status.lastSyncTime`
type PleskDatabase struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec describes the database.
	// +required
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) || has(self.subscriptionRef.name)",message="serverRef is required unless subscriptionRef names a resource"
	// +kubebuilder:validation:XValidation:rule="has(self.serverRef) == has(oldSelf.serverRef) && (!has(self.serverRef) || self.serverRef == oldSelf.serverRef)",message="serverRef is immutable, also where it is left out: an object cannot move to another server"
	// +kubebuilder:validation:XValidation:rule="has(self.databaseServerRef) == has(oldSelf.databaseServerRef) && (!has(self.databaseServerRef) || self.databaseServerRef == oldSelf.databaseServerRef)",message="databaseServerRef is immutable: a database cannot move to another database server",fieldPath=".databaseServerRef"
	// +kubebuilder:validation:XValidation:rule="!has(self.deletionPolicy) || self.deletionPolicy != 'DeleteWithContents'",message="DeleteWithContents is for subscriptions and sites",fieldPath=".deletionPolicy"
	Spec PleskDatabaseSpec `json:"spec"`
	// status is what was found on the server.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status PleskDatabaseStatus `json:"status,omitempty"`
}

// Common implements Object.
func (o *PleskDatabase) Common() *CommonSpec { return &o.Spec.CommonSpec }

// State implements Object.
func (o *PleskDatabase) State() *CommonStatus { return &o.Status.CommonStatus }

// PleskDatabaseList is a list of PleskDatabase.
// +kubebuilder:object:root=true
type PleskDatabaseList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []PleskDatabase `json:"items"`
}
