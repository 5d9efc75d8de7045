// Roles: what the account of a server's credentials decides. It may have some kinds and not others, and what it is not shown need not be gone.

package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// role is that of the server's credentials. What was probed before there were others is an administrator's.
func (p *pass[O, W]) role() v1alpha1.ServerRole {
	if p.server == nil {
		return v1alpha1.RoleAdministrator
	}
	return cmp.Or(p.server.Status.Role, v1alpha1.RoleAdministrator)
}

// rolePermits ends the pass where the kind is not for whom the credentials are. A change of the role wakes the object.
func (p *pass[O, W]) rolePermits() *verdict {
	if slices.Contains(p.self.roles, p.role()) {
		return nil
	}
	var who []string
	for _, r := range p.self.roles {
		who = append(who, strings.ToLower(string(r)))
	}
	return stop(stalled(v1alpha1.ReasonPermissionDenied, fmt.Sprintf(
		"%s is for the credentials of %s, and those of PleskServer %s (spec.serverRef) are of a %s: nothing is asked of the server",
		p.kindName, strings.Join(who, " or "), p.serverName, strings.ToLower(string(p.role())))))
}

// seesAll reports whether whatever is on the server is shown to the operator. To others, what was moved out of their reach looks as if it were
// gone (protocol-core §1.1).
func (p *pass[O, W]) seesAll() bool { return p.role() == v1alpha1.RoleAdministrator }
