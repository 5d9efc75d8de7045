// Package dbserver holds the operations of the `db_server` operator: the servers that databases are created on, each of which can
// be the default one of its type. Callers: administrator for changes. Source: operators-services §6.
package dbserver

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations. GetDefault and GetLocal take ByType: the default or the local server of each type.
var (
	Add               = xmlapi.Write[AddRequest, IDResult]("db_server", "add")
	Get               = xmlapi.Read[xmlapi.QueryRequest, GetResult]("db_server", "get")
	Set               = xmlapi.Write[SetRequest, IDResult]("db_server", "set")
	Del               = xmlapi.Write[DelRequest, IDResult]("db_server", "del")
	SetDefault        = xmlapi.Write[SetDefaultRequest, IDResult]("db_server", "set-default")
	GetDefault        = xmlapi.Read[xmlapi.QueryRequest, TypeResult]("db_server", "get-default")
	GetLocal          = xmlapi.Read[xmlapi.QueryRequest, TypeResult]("db_server", "get-local")
	GetSupportedTypes = xmlapi.Read[xmlapi.EmptyRequest, GetSupportedTypesResult]("db_server", "get-supported-types")
)

// The types that servers of this protocol support.
const (
	MySQL      = "mysql"
	PostgreSQL = "postgresql"
	MSSQL      = "mssql"
)

// The values of a server's status.
const (
	NoError           = "NO_ERROR"
	ConnectionFailed  = "CONNECTION_FAILED"
	LoginFailed       = "LOGIN_FAILED"
	PermissionDenied  = "PERMISSION_DENIED"
	OtherError        = "OTHER_ERROR"
	CredentialsNotSet = "CREDENTIALS_NOT_SET"
)

// ByID selects servers by id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByType selects types of servers.
func ByType(first string, more ...string) xmlapi.Filter { return xmlapi.By("type", first, more...) }

// AddRequest registers a server.
type AddRequest struct {
	Host     string         `xml:"host"`
	Port     string         `xml:"port"`
	Type     string         `xml:"type"`
	Admin    string         `xml:"admin"` // login of its administrator
	Password *xmlapi.Secret `xml:"password"`
	Default  *xmlapi.Empty  `xml:"default"` // make it the default one of its type
}

// IDResult names the server that the result is about.
type IDResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}

// GetResult is one server.
type GetResult struct {
	xmlapi.Result
	ID   int64 `xml:"id,omitempty"`
	Data *Data `xml:"data"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Data == nil && r.ID == 0 }

// Data is a server as Plesk shows it.
type Data struct {
	Host      *string        `xml:"host"`
	Port      *int           `xml:"port"`
	Type      string         `xml:"type"`
	Admin     string         `xml:"admin"`
	Password  *xmlapi.Secret `xml:"password"` // the grammar allows it, servers do not show it
	Status    string         `xml:"status"`   // whether the server can be used: NoError, or why not
	Databases int            `xml:"db_num"`
	Default   *xmlapi.Empty  `xml:"default"`
	Local     *xmlapi.Empty  `xml:"local"`
}

// SetRequest changes the given settings of a server; nil ones stay. Its type never changes.
type SetRequest struct {
	Host     *string        `xml:"host"`
	Port     *int           `xml:"port"`
	Admin    *string        `xml:"admin"`
	Password *xmlapi.Secret `xml:"password"`
	ID       int64          `xml:"id"`
}

// DelRequest unregisters servers. Local and default ones stay.
type DelRequest struct {
	Filter DelFilter `xml:"filter"`
}

// DelFilter names servers by id, or on Windows ODBC data sources by name.
type DelFilter struct {
	IDs  []int64  `xml:"id" choice:"servers,required"`
	DSNs []string `xml:"dsn" choice:"servers,required"`
}

// SetDefaultRequest makes a server the default one of its type: the one with the id, or the local one of a type.
type SetDefaultRequest struct {
	ID   *int64  `xml:"id" choice:"server,required"`
	Type *string `xml:"type" choice:"server,required"`
}

// TypeResult names the server of one type.
type TypeResult struct {
	xmlapi.Result
	Type string `xml:"type,omitempty"`
	ID   int64  `xml:"id,omitempty"` // very old servers leave out the local one's
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r TypeResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Type == "" && r.ID == 0 }

// GetSupportedTypesResult holds the types.
type GetSupportedTypesResult struct {
	xmlapi.Result
	Types []string `xml:"type"`
}

// Empty reports whether the result is the server's way to say that there is none.
func (r GetSupportedTypesResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && len(r.Types) == 0
}
