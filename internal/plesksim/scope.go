// Scope: what a caller may see. The rest does not exist for him (protocol-core §1.1).

package plesksim

// seesAccount tells whether the caller may know of an account: the administrator of all, a reseller of his
// own customers and himself, a customer of himself.
func (c *call) seesAccount(a *account) bool {
	return c.who.role == administrator || a.ID == c.who.account || a.Owner == c.who.account && c.who.role == reseller
}

// seesSite tells whether the caller may know of a site: it is his, or of one of his customers.
func (c *call) seesSite(d *site) bool { return c.seesWebspace(c.Webspaces.Get(d.Webspace)) }

func (c *call) seesWebspace(w *webspace) bool { return c.seesAccount(c.Accounts.Get(w.Owner)) }

// resellerHas refuses a caller who is a reseller without a permission. What the others may do depends on other things.
func (c *call) resellerHas(permission string) error {
	if c.who.role == reseller && !c.Accounts.Get(c.who.account).Permissions[permission] {
		return permissionDenied()
	}
	return nil
}
