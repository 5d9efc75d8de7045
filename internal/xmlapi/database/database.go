// Package database holds the operations of the `database` operator: databases of subscriptions and their users.
// Callers: administrator, reseller, customer. Source: operators-services §5.
package database

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations. DelDB removes databases with their content; GetDefaultUser takes ByDatabase, GetDBUsers also ByID.
var (
	AddDB                = xmlapi.Write[AddDBRequest, AddResult]("database", "add-db")
	GetDB                = xmlapi.Read[xmlapi.QueryRequest, GetDBResult]("database", "get-db")
	DelDB                = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("database", "del-db")
	AssignToSubscription = xmlapi.Write[AssignToSubscriptionRequest, xmlapi.FilterResult]("database", "assign-to-subscription")
	SetDefaultUser       = xmlapi.Write[SetDefaultUserRequest, xmlapi.Result]("database", "set-default-user")
	GetDefaultUser       = xmlapi.Read[xmlapi.QueryRequest, GetDefaultUserResult]("database", "get-default-user")
	SetCustomHost        = xmlapi.Write[SetCustomHostRequest, xmlapi.FilterResult]("database", "set-custom-host")

	AddDBUser  = xmlapi.Write[AddDBUserRequest, AddResult]("database", "add-db-user")
	GetDBUsers = xmlapi.Read[xmlapi.QueryRequest, GetDBUsersResult]("database", "get-db-users")
	SetDBUser  = xmlapi.Write[SetDBUserRequest, SetDBUserResult]("database", "set-db-user")
	DelDBUser  = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("database", "del-db-user")
)

// ByID selects databases, or users, by their id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByWebspace selects databases by their subscriptions.
func ByWebspace(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("webspace-id", first, more...)
}

// ByWebspaceName selects databases by the names of their subscriptions.
func ByWebspaceName(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("webspace-name", first, more...)
}

// ByDatabase selects users by their databases, and default users by the databases that they belong to.
func ByDatabase(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("db-id", first, more...)
}

// AddDBRequest creates a database, whose name, type and server can never be changed.
type AddDBRequest struct {
	WebspaceID int64  `xml:"webspace-id"`
	Name       string `xml:"name"`
	Type       string `xml:"type"`         // mysql, postgresql, mssql
	ServerID   *int64 `xml:"db-server-id"` // absent: the default server of the type
}

// AddResult names the new database or user.
type AddResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}

// GetDBResult is one database.
type GetDBResult struct {
	xmlapi.FilterResult
	Name          string `xml:"name,omitempty" choice:"database:found"`
	Type          string `xml:"type,omitempty" choice:"database:found"`
	WebspaceID    int64  `xml:"webspace-id,omitempty" choice:"database:found"`
	ServerID      int64  `xml:"db-server-id,omitempty" choice:"database:found"`
	DefaultUserID *int64 `xml:"default-user-id" choice:"database:found*"` // 0 and nil: none
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetDBResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.ID == 0 && r.Name == ""
}

// AssignToSubscriptionRequest moves the selected databases to another subscription.
type AssignToSubscriptionRequest struct {
	Filter     xmlapi.Filter `xml:"filter"`
	WebspaceID int64         `xml:"webspace-id"`
}

// SetDefaultUserRequest chooses the user that the server's tools log in to a database with.
type SetDefaultUserRequest struct {
	DatabaseID int64 `xml:"db-id"`
	UserID     int64 `xml:"default-user-id"`
}

// GetDefaultUserResult names the default user of one database: ID is the user's, 0 without one.
type GetDefaultUserResult struct {
	xmlapi.FilterResult
}

// Empty reports whether the database has no default user.
func (r GetDefaultUserResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.ID == 0 }

// SetCustomHostRequest sets the host that users of the selected databases are shown. It cannot be read back.
type SetCustomHostRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Host   string        `xml:"host"`
}
