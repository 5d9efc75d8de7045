// Package protecteddir holds the operations of the `protected-dir` operator: directories of a site that ask for a login, and
// the users who have one. Callers: administrator, reseller, customer. Source: operators-services §9.
package protecteddir

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// The operations. Delete removes the protection of directories with its users.
var (
	Add    = xmlapi.Write[AddRequest, AddResult]("protected-dir", "add")
	Get    = xmlapi.Read[xmlapi.QueryRequest, GetResult]("protected-dir", "get")
	Set    = xmlapi.Write[SetRequest, xmlapi.FilterResult]("protected-dir", "set")
	Delete = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("protected-dir", "delete")

	AddUser    = xmlapi.Write[AddUserRequest, AddResult]("protected-dir", "add-user")
	GetUser    = xmlapi.Read[xmlapi.QueryRequest, GetUserResult]("protected-dir", "get-user")
	SetUser    = xmlapi.Write[SetUserRequest, xmlapi.FilterResult]("protected-dir", "set-user")
	DeleteUser = xmlapi.Write[xmlapi.FilterRequest, xmlapi.FilterResult]("protected-dir", "delete-user")

	GetLocationDescriptor = xmlapi.Read[GetLocationDescriptorRequest, hosting.DescriptorResult]("protected-dir", "get-pd-location-descriptor")
)

// The properties of a location.
const (
	LocationSSL    = "ssl"    // reached over HTTPS
	LocationNonSSL = "nonssl" // reached over HTTP
	LocationCGI    = "cgi"    // within the scripts' directory
)

// ByID selects directories, or users, by id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// BySite selects the directories of sites.
func BySite(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("site-id", first, more...)
}

// BySiteName selects the directories of the named sites.
func BySiteName(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("site-name", first, more...)
}

// ByDirectory selects the users of directories.
func ByDirectory(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("pd-id", first, more...)
}

// Location says where a directory lies (Linux): one property at least must end up true.
type Location struct {
	Properties []LocationProperty `xml:"property" choice:"properties,required"`
}

// LocationProperty is LocationSSL, LocationNonSSL or LocationCGI.
type LocationProperty struct {
	Name  string `xml:"name"`
	Value bool   `xml:"value"`
}

// AddRequest protects one directory.
type AddRequest struct {
	SiteID   int64     `xml:"site-id"`
	Name     string    `xml:"name"`   // path below the site's root; "/" is that itself
	Header   *string   `xml:"header"` // what browsers show when they ask for the login
	Location *Location `xml:"location"`
}

// AddResult names the new directory or user.
type AddResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}

// GetResult is one directory. It does not say which site it is of: ask BySite.
type GetResult struct {
	xmlapi.FilterResult
	Data *Directory `xml:"data"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Data == nil && r.ID == 0 }

// Directory is a directory as the server shows it, or what Set changes of it; nil ones stay.
type Directory struct {
	Name     *string   `xml:"name"`
	Header   *string   `xml:"header"`
	Location *Location `xml:"location"`
}

// SetRequest changes the given values of the selected directories.
type SetRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Values Directory     `xml:"values"`
}

// AddUserRequest gives one user access to a directory.
type AddUserRequest struct {
	DirectoryID  int64         `xml:"pd-id"`
	Login        string        `xml:"login"`
	Password     xmlapi.Secret `xml:"password"`
	PasswordType *string       `xml:"password-type"` // plain (default), crypt or sym
}

// GetUserResult is one user.
type GetUserResult struct {
	xmlapi.FilterResult
	Data *User `xml:"data"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetUserResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.Data == nil && r.ID == 0 }

// User is a user as the server shows them.
type User struct {
	Login *string `xml:"login"`
}

// SetUserRequest changes the given values of the selected users; ByDirectory changes all of a directory.
type SetUserRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Values SetUserValues `xml:"values"`
}

// SetUserValues holds what SetUser changes; nil ones stay.
type SetUserValues struct {
	ID           *int64         `xml:"id"` // of no known use
	Login        *string        `xml:"login"`
	Password     *xmlapi.Secret `xml:"password"`
	PasswordType *string        `xml:"password-type"`
}

// GetLocationDescriptorRequest asks what locations can be: on the server, or (BySite) of sites.
type GetLocationDescriptorRequest struct {
	Filter *xmlapi.Query `xml:"filter"`
}
