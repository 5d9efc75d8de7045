// Users: of one database, or of all databases that a subscription has on one server.

package database

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The roles of a user; absent means ReadWrite.
const (
	ReadWrite = "readWrite"
	ReadOnly  = "readOnly"
	WriteOnly = "writeOnly"
)

// The types of a password; absent means Plain.
const (
	Plain = "plain"
	Crypt = "crypt"
	Sym   = "sym"
)

// AddDBUserRequest creates a user: of a database, or with WebspaceID and ServerID a universal one.
type AddDBUserRequest struct {
	DatabaseID      *int64        `xml:"db-id" choice:"scope:database,required"`
	WebspaceID      *int64        `xml:"webspace-id" choice:"scope:universal,required"`
	ServerID        *int64        `xml:"db-server-id" choice:"scope:universal,required"`
	Login           string        `xml:"login"`
	Password        xmlapi.Secret `xml:"password"`
	PasswordType    *string       `xml:"password-type"`
	ACL             *ACL          `xml:"acl"`
	AllowAccessFrom *AccessRules  `xml:"allow-access-from"`
	Role            *string       `xml:"role"` // never in an answer
}

// ACL holds the hosts that a user may connect from, as MySQL writes them: names, addresses, patterns with %.
type ACL struct {
	Hosts []string `xml:"host"`
}

// AccessRules are the addresses that the server lets a user connect from.
type AccessRules struct {
	IPAddresses []string `xml:"ip-address"`
}

// GetDBUsersResult is one user. A universal one has no DatabaseID.
type GetDBUsersResult struct {
	xmlapi.FilterResult
	Login           string       `xml:"login,omitempty"`
	DatabaseID      int64        `xml:"db-id,omitempty"`
	ACL             *ACL         `xml:"acl"`
	AllowAccessFrom *AccessRules `xml:"allow-access-from"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetDBUsersResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && r.ID == 0 && r.Login == ""
}

// SetDBUserRequest changes the given settings of a user; nil ones stay. A list that is given replaces the whole list,
// an empty one clears it.
type SetDBUserRequest struct {
	ID              int64          `xml:"id"`
	Login           *string        `xml:"login"`
	Password        *xmlapi.Secret `xml:"password" choice:"credentials:given"`
	PasswordType    *string        `xml:"password-type" choice:"credentials:given*"`
	ACL             *ACL           `xml:"acl"`
	AllowAccessFrom *AccessRules   `xml:"allow-access-from"`
	Role            *string        `xml:"role"`
}

// SetDBUserResult names the user.
type SetDBUserResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}
