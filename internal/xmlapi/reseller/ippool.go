// A reseller's pool: the addresses that they may give to their own and their customers' subscriptions.

package reseller

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// IPPool lists the addresses of a pool.
type IPPool struct {
	Addresses []PoolAddress `xml:"ip"`
}

// PoolAddress is an address of a pool with its type there.
type PoolAddress struct {
	Address string `xml:"ip-address"`
	Type    string `xml:"ip-type"` // shared or exclusive
}

// NewPoolAddress is an address to put into a pool. Without a type it keeps the one that it has on the server.
type NewPoolAddress struct {
	Address string  `xml:"ip-address"`
	Type    *string `xml:"ip-type"` // shared or exclusive; an exclusive address is in one pool only
}

// Owner names the reseller whose pool is meant: exactly one of the two.
type Owner struct {
	ResellerID *int64  `xml:"reseller-id" choice:"reseller,required"`
	ExternalID *string `xml:"external-id" choice:"reseller,required"`
}

// IPPoolAddRequest puts addresses of the server into a pool.
type IPPoolAddRequest struct {
	Owner
	Addresses []NewPoolAddress `xml:"ip" choice:"addresses,required"`
}

// IPPoolDelRequest takes addresses out of a pool; one that is used stays.
type IPPoolDelRequest struct {
	Owner
	Addresses []string `xml:"ip-address" choice:"addresses,required"`
}

// IPPoolSetRequest changes the type of addresses in a pool.
type IPPoolSetRequest struct {
	Owner
	Filter AddressFilter `xml:"filter"`
	Values AddressValues `xml:"values"`
}

// AddressFilter names addresses of a pool, at least one.
type AddressFilter struct {
	Addresses []string `xml:"ip-address" choice:"addresses,required"`
}

// AddressValues holds what IPPoolSet changes.
type AddressValues struct {
	Type string `xml:"ip-type"` // shared or exclusive
}

// IPPoolResult is the outcome for one address; on an error it may name the reseller instead.
type IPPoolResult struct {
	xmlapi.Result
	Address    string `xml:"ip-address,omitempty" choice:"object"`
	ResellerID int64  `xml:"reseller-id,omitempty" choice:"object"`
}
