// Status: a bit mask of the reasons why an object is not active (operators-accounts-server §1.1).

package plesksim

import (
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// The bits. Some are only read: they come from the owner, from a running backup, from an expiry date.
const (
	statusActive           = 0
	statusOwnerSuspended   = 2
	statusWebSuspended     = 8
	statusDisabledAdmin    = 16
	statusDisabledReseller = 32
	statusDisabledCustomer = 64
	statusExpired          = 256
)

// settableStatus are the bits that a role may set.
func settableStatus(who roles) int {
	switch who {
	case administrator:
		return statusWebSuspended | statusDisabledAdmin | statusDisabledReseller | statusDisabledCustomer
	case reseller:
		return statusDisabledReseller | statusDisabledCustomer
	}
	return statusDisabledCustomer
}

// changeStatus returns the status after a caller asked for another. 0 clears the reasons that the caller may set; one bit of
// allowed adds that reason; anything else is refused.
func (c *call) changeStatus(old, asked, allowed int) (int, error) {
	mine := settableStatus(c.who.role) & allowed
	switch {
	case asked == statusActive:
		return old &^ mine, nil
	case asked&mine == asked && asked&(asked-1) == 0:
		return old | asked, nil
	}
	return old, refuse(xmlapi.CodeWrongStatus, "Wrong status value: %d.", asked)
}

// statusOf is an account's effective status: its own, and that of a suspended owner.
func (c *call) statusOf(a *account) int { return c.statusAt(a, c.now) }

// statusAt is the same at a given time: resellers expire.
func (s *state) statusAt(a *account, now time.Time) int {
	status := a.ownStatus(now)
	if owner := s.Accounts.Get(a.Owner); owner != nil && s.statusAt(owner, now) != statusActive {
		status |= statusOwnerSuspended
	}
	return status
}

// ownStatus is what answers show of an account: its own reasons, and that it has expired.
func (a *account) ownStatus(now time.Time) int {
	if end, limited := a.Limits[limitExpiration]; limited && end != unlimited && now.Unix() >= end {
		return a.Status | statusExpired
	}
	return a.Status
}
