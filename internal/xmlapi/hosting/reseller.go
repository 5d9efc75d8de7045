// What resellers and reseller plans share: their limits and permissions.

package hosting

// ResellerLimits are the limits of a reseller for everything below them, an open list.
type ResellerLimits struct {
	Policy *ResourcePolicy `xml:"resource-policy"`
	Limits []Limit         `xml:"limit"`
}

// ResourcePolicy says how strictly a reseller is held to their limits.
type ResourcePolicy struct {
	Oversell *bool   `xml:"oversell"` // they may promise more than they have
	Overuse  *string `xml:"overuse"`  // block, notify, normal, not_suspend or not_suspend_notify
}

// ResellerPermissions are what a reseller may do, an open list of at least one. Permissions that are not named stay.
type ResellerPermissions struct {
	Permissions []Permission `xml:"permission" choice:"permissions,required"`
}
