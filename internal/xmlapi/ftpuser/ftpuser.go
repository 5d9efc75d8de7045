// Package ftpuser holds the operations of the `ftp-user` operator: FTP accounts besides the system user of a subscription.
// Callers: administrator, reseller, customer. Source: operators-services §8.
package ftpuser

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations.
var (
	Add = xmlapi.Write[AddRequest, AddResult]("ftp-user", "add")
	Get = xmlapi.Read[GetRequest, GetResult]("ftp-user", "get")
	Set = xmlapi.Write[SetRequest, xmlapi.FilterResult]("ftp-user", "set")
	Del = xmlapi.Write[DelRequest, xmlapi.FilterResult]("ftp-user", "del")
)

// ByID selects accounts by id.
func ByID(first int64, more ...int64) xmlapi.Filter { return xmlapi.ByNumber("id", first, more...) }

// ByName selects accounts by name.
func ByName(first string, more ...string) xmlapi.Filter { return xmlapi.By("name", first, more...) }

// ByWebspace selects the accounts of subscriptions.
func ByWebspace(first int64, more ...int64) xmlapi.Filter {
	return xmlapi.ByNumber("webspace-id", first, more...)
}

// ByWebspaceName selects the accounts of the named subscriptions.
func ByWebspaceName(first string, more ...string) xmlapi.Filter {
	return xmlapi.By("webspace-name", first, more...)
}

// Permissions say what an account may do, where the platform distinguishes that (Windows).
type Permissions struct {
	Read  *bool `xml:"read"`
	Write *bool `xml:"write"`
}

// AddRequest creates one account, whose subscription can never be changed.
type AddRequest struct {
	Name              string        `xml:"name"` // unique on the server; 1 to 16 of a-z 0-9 - _, a letter first
	Password          xmlapi.Secret `xml:"password"`
	Home              *string       `xml:"home" choice:"directory:home"` // below the subscription's home; nil and "" are that itself
	CreateNonExistent *bool         `xml:"create-non-existent" choice:"directory:home*"`
	Quota             *int64        `xml:"quota"` // bytes, -1 unlimited
	Permissions       *Permissions  `xml:"permissions"`
	WebspaceID        *int64        `xml:"webspace-id" choice:"webspace,required"`
	WebspaceName      *string       `xml:"webspace-name" choice:"webspace,required"`
}

// AddResult names the new account.
type AddResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}

// Webspace narrows a filter to one subscription; with neither field set, it does not.
type Webspace struct {
	WebspaceID   *int64  `xml:"webspace-id" choice:"webspace"`
	WebspaceName *string `xml:"webspace-name" choice:"webspace"`
}

// GetRequest reads the selected accounts.
type GetRequest struct {
	Filter xmlapi.Query `xml:"filter"`
	Webspace
}

// GetResult is one account. Home is empty where it is the subscription's own.
type GetResult struct {
	xmlapi.FilterResult
	Name        string       `xml:"name,omitempty" choice:"account:found"`
	Home        *string      `xml:"home" choice:"account:found"`
	Quota       *int64       `xml:"quota" choice:"account:found*"`
	Permissions *Permissions `xml:"permissions" choice:"account:found*"`
	WebspaceID  int64        `xml:"webspace-id,omitempty" choice:"account:found"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetResult) Empty() bool { return r.Status == xmlapi.StatusOK && r.ID == 0 && r.Name == "" }

// SetRequest changes the given values of the selected accounts.
type SetRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Values SetValues     `xml:"values"`
	Webspace
}

// SetValues holds what Set changes; nil ones stay.
type SetValues struct {
	Name              *string        `xml:"name"`
	Password          *xmlapi.Secret `xml:"password"`
	Home              *string        `xml:"home" choice:"directory:home"`
	CreateNonExistent *bool          `xml:"create-non-existent" choice:"directory:home*"`
	Quota             *int64         `xml:"quota"`
	Permissions       *Permissions   `xml:"permissions"`
}

// DelRequest removes the selected accounts; their files stay.
type DelRequest struct {
	Filter xmlapi.Filter `xml:"filter"`
	Webspace
}
