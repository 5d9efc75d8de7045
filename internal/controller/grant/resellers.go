// What resellers and their plans grant alike: limits, how strictly they are kept, and permissions.

package grant

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// ResellerAllowance is the API's ResellerAllowance as it is compared. All of it is the administrator's to give.
type ResellerAllowance struct {
	Oversell    *bool             `plesk:"oversell,privileged,lifecycle"`
	Overuse     *string           `plesk:"overuse,privileged,lifecycle"`
	Limits      map[string]string `plesk:"limits,privileged,lifecycle"`
	Permissions map[string]string `plesk:"permissions,privileged,missing=false"` // not listed is not granted
}

// WantedResellerAllowance translates that part of a spec.
func WantedResellerAllowance(a *v1alpha1.ResellerAllowance) (*ResellerAllowance, error) {
	limits, err := wantedLimits(a.Limits)
	return &ResellerAllowance{Oversell: a.Oversell, Overuse: (*string)(a.Overuse), Limits: limits, Permissions: wantedPermissions(a.Permissions)}, err
}

// FoundResellerAllowance translates what the server shows.
func FoundResellerAllowance(l *hosting.ResellerLimits, p *hosting.ResellerPermissions) *ResellerAllowance {
	v := &ResellerAllowance{}
	if l != nil {
		v.Limits = foundLimits(l.Limits)
		if l.Policy != nil {
			v.Oversell, v.Overuse = l.Policy.Oversell, overuseWords.API(l.Policy.Overuse)
		}
	}
	if p != nil {
		v.Permissions = foundPermissions(p.Permissions)
	}
	return v
}

// WireLimits are the limits to write, nil for none.
func (v *ResellerAllowance) WireLimits() (*hosting.ResellerLimits, error) {
	if v == nil || v.Oversell == nil && v.Overuse == nil && len(v.Limits) == 0 {
		return nil, nil
	}
	limits, err := wireLimits(v.Limits)
	l := &hosting.ResellerLimits{Limits: limits}
	if v.Oversell != nil || v.Overuse != nil {
		l.Policy = &hosting.ResourcePolicy{Oversell: v.Oversell, Overuse: overuseWords.Wire(v.Overuse)}
	}
	return l, err
}

// WirePermissions are the permissions to write, nil for none.
func (v *ResellerAllowance) WirePermissions() *hosting.ResellerPermissions {
	if v == nil || len(v.Permissions) == 0 {
		return nil
	}
	return &hosting.ResellerPermissions{Permissions: wirePermissions(v.Permissions)}
}
