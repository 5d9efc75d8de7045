// The status of accounts and subscriptions: a mask of the reasons for which one does not work.

package form

import "strings"

// The bits of an object's status (operators-accounts-server §1.1).
const (
	statusBackup             = 4
	statusSuspendedByAdmin   = 8
	StatusDisabledByAdmin    = 16
	statusDisabledByReseller = 32
	statusDisabledByCustomer = 64
	statusExpired            = 256
)

// AdminStatus is the status that the administrator writes; nil stays unwritten.
func AdminStatus(active *bool) *int {
	switch {
	case active == nil:
		return nil
	case *active:
		return new(0)
	default:
		return new(StatusDisabledByAdmin)
	}
}

// StatusText says a status in words: Active, or the reasons for which the object does not work.
func StatusText(status int) string {
	if status == 0 {
		return "Active"
	}
	var reasons []string
	for _, b := range []struct {
		bit  int
		name string
	}{
		{statusBackup, "BackupRunning"}, {statusSuspendedByAdmin, "SuspendedByAdmin"}, {StatusDisabledByAdmin, "DisabledByAdmin"},
		{statusDisabledByReseller, "DisabledByReseller"}, {statusDisabledByCustomer, "DisabledByCustomer"}, {statusExpired, "Expired"},
	} {
		if status&b.bit != 0 {
			reasons, status = append(reasons, b.name), status&^b.bit
		}
	}
	if status != 0 {
		reasons = append(reasons, "Inherited")
	}
	return strings.Join(reasons, ",")
}
