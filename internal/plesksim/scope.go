// Scope: what callers may see. For them, the rest does not exist (protocol-core §1.1).

package plesksim

// seesAccount tells whether the caller may know of an account: administrators of all, resellers of themselves and their own customers,
// customers of themselves.
func (c *call) seesAccount(a *account) bool {
	return c.who.role == administrator || a.ID == c.who.account || a.Owner == c.who.account && c.who.role == reseller
}

// seesSite tells whether the caller may know of a site: it belongs to the caller, or to one of the caller's customers.
func (c *call) seesSite(d *site) bool { return c.seesWebspace(c.Webspaces.Get(d.Webspace)) }

func (c *call) seesWebspace(w *webspace) bool { return c.seesAccount(c.Accounts.Get(w.Owner)) }

// resellerHas refuses resellers who do not have a permission. Other callers have no such permissions.
func (c *call) resellerHas(permission string) error {
	if c.who.role == reseller && !c.Accounts.Get(c.who.account).Permissions[permission] {
		return permissionDenied()
	}
	return nil
}
