// Package secretkey holds the operations of the `secret_key` operator: keys that stand for a login and its password in requests
// from certain addresses. Callers: administrator. Source: protocol-core §8.4, operators-services §13.
package secretkey

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// The operations.
var (
	Create  = xmlapi.Write[CreateRequest, CreateResult]("secret_key", "create")
	GetInfo = xmlapi.Read[xmlapi.QueryRequest, GetInfoResult]("secret_key", "get_info")
	Delete  = xmlapi.Write[xmlapi.FilterRequest, DeleteResult]("secret_key", "delete")
)

// ByKey selects keys, by themselves or by the handles that GetInfo lists for them.
func ByKey(first xmlapi.Secret, more ...xmlapi.Secret) xmlapi.Filter {
	keys := make([]string, len(more))
	for i, key := range more {
		keys[i] = key.Reveal()
	}
	return xmlapi.By("key", first.Reveal(), keys...)
}

// CreateRequest makes a key.
type CreateRequest struct {
	IPAddress   *string `xml:"ip_address"` // where it may be used from, several joined by commas; absent: the caller's address
	Description *string `xml:"description"`
	Login       *string `xml:"login"` // the customer or reseller for whom it stands; absent: the administrator
}

// CreateResult holds the key. It is never shown again.
type CreateResult struct {
	xmlapi.Result
	Key xmlapi.Secret `xml:"key,omitempty"`
}

// GetInfoResult holds what is known of keys, or names the key that does not exist.
type GetInfoResult struct {
	xmlapi.Result
	Keys []Info        `xml:"key_info" choice:"keys"`
	Key  xmlapi.Secret `xml:"key,omitempty" choice:"keys"`
}

// Empty reports whether the result is the server's way to say that there are no keys.
func (r GetInfoResult) Empty() bool { return r.Status == xmlapi.StatusOK && len(r.Keys) == 0 }

// Info is what is known of a key.
type Info struct {
	Key         xmlapi.Secret `xml:"key"` // a handle for Delete; on old servers the key itself
	IPAddress   string        `xml:"ip_address"`
	Description string        `xml:"description"`
	Login       *string       `xml:"login"`
}

// DeleteResult is the outcome for one key.
type DeleteResult struct {
	xmlapi.Result
	Key xmlapi.Secret `xml:"key,omitempty"`
}
