// Choices: which values of a closed set are open to whom. A plan narrows them for its subscribers through their permissions.

package plesksim

import "slices"

// chrootedShell is the shell that sees nothing but the home.
const chrootedShell = "/usr/local/psa/bin/chrootsh"

// choices are the values that a property may get at the level that is described. Providers choose from all of them; subscribers who may
// not change a property are offered the one value that it has.
func (c *call) choices(p *propertyInfo, of described) []enumValue {
	all := p.values(c.state)
	if c.who.role != customerRole || of.permissions == nil {
		return all
	}
	given := of.values.Properties[p.name]
	return slices.DeleteFunc(slices.Clone(all), func(v enumValue) bool {
		return v.value != given && !mayChoose(of.permissions, p, v.value)
	})
}

// mayChoose tells whether a subscriber with some permissions may give a property a value.
func mayChoose(permissions map[string]bool, p *propertyInfo, value string) bool {
	if !permissions["manage_phosting"] || p.permission != "" && !permissions[p.permission] {
		return false
	}
	return p.name != "shell" || value == forbiddenShell || value == chrootedShell || permissions["manage_not_chroot_shell"]
}
