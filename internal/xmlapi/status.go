// The status of accounts, subscriptions and sites: a mask of the reasons for which one is out of service.

package xmlapi

import "strings"

// Status is such a mask; 0 means that the object works (operators-accounts-server §1.1).
type Status int

// The reasons that have a name. What else is set comes down from the owner.
const (
	StatusBackupRunning      Status = 4
	StatusSuspendedByAdmin   Status = 8 // the web service of a site
	StatusDisabledByAdmin    Status = 16
	StatusDisabledByReseller Status = 32
	StatusDisabledByCustomer Status = 64
	StatusExpired            Status = 256
)

// reasons are the names, in the order in which they are told.
var reasons = []struct {
	bit  Status
	name string
}{
	{StatusBackupRunning, "BackupRunning"}, {StatusSuspendedByAdmin, "SuspendedByAdmin"}, {StatusDisabledByAdmin, "DisabledByAdmin"},
	{StatusDisabledByReseller, "DisabledByReseller"}, {StatusDisabledByCustomer, "DisabledByCustomer"}, {StatusExpired, "Expired"},
}

// String says a status in words: Active, or the reasons.
func (s Status) String() string {
	if s == 0 {
		return "Active"
	}
	names, rest := s.Reasons(), s
	for _, r := range reasons {
		rest &^= r.bit
	}
	if rest != 0 {
		names = append(names, "Inherited")
	}
	return strings.Join(names, ",")
}

// Reasons are the names of those that have one.
func (s Status) Reasons() (names []string) {
	for _, r := range reasons {
		if s&r.bit != 0 {
			names = append(names, r.name)
		}
	}
	return names
}

// Each returns the reasons that have a name, one by one.
func (s Status) Each() (bits []Status) {
	for _, r := range reasons {
		if s&r.bit != 0 {
			bits = append(bits, r.bit)
		}
	}
	return bits
}

// StatusOf is the status that has the reasons with some names.
func StatusOf(names ...string) (s Status) {
	for _, n := range names {
		for _, r := range reasons {
			if r.name == n {
				s |= r.bit
			}
		}
	}
	return s
}
