// What the rows of resellers and their plans have in common: limits, how strictly they are kept, and permissions.

package conformance

import (
	"strconv"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// allowances are what the objects of a kind grant to resellers: where their specs have it, and how it is read and changed behind the operator's
// back.
type allowances struct {
	in    func(v1alpha1.Object) *v1alpha1.ResellerAllowance
	read  func(s *site, id string) (*hosting.ResellerLimits, *hosting.ResellerPermissions)
	write func(s *site, id string, l *hosting.ResellerLimits, p *hosting.ResellerPermissions)
}

// goldAllowance is that of a row's object, with every field at its initial value.
func goldAllowance() v1alpha1.ResellerAllowance {
	return v1alpha1.ResellerAllowance{
		Oversell: new(false), Overuse: new(v1alpha1.OveruseNotify),
		Limits:      map[string]v1alpha1.LimitValue{"max_cl": {Text: "5", Number: true}},
		Permissions: map[string]bool{"manage_dns": true},
	}
}

// goldPolicy is its policy on the wire.
func goldPolicy() *hosting.ResourcePolicy {
	return &hosting.ResourcePolicy{Oversell: new(false), Overuse: new("notify")}
}

func (a allowances) fields() []field {
	return []field{
		a.field("limits.max_cl", "5", "7",
			func(v *v1alpha1.ResellerAllowance) { v.Limits["max_cl"] = v1alpha1.LimitValue{Text: "7", Number: true} },
			func(v *v1alpha1.ResellerAllowance) { v.Limits = nil },
			func(l *hosting.ResellerLimits, _ *hosting.ResellerPermissions) string {
				return resellerLimitOf(l, "max_cl")
			},
			"9", resellerLimit("max_cl", 9), nil),
		a.field("permissions.manage_dns", "true", "false",
			func(v *v1alpha1.ResellerAllowance) { v.Permissions["manage_dns"] = false },
			func(v *v1alpha1.ResellerAllowance) { v.Permissions = nil },
			func(_ *hosting.ResellerLimits, p *hosting.ResellerPermissions) string {
				return permissionOf(&hosting.Permissions{Permissions: p.Permissions}, "manage_dns")
			},
			"false", nil, resellerPermission("manage_dns", false)),
		a.field("oversell", "false", "true",
			func(v *v1alpha1.ResellerAllowance) { v.Oversell = new(true) }, func(v *v1alpha1.ResellerAllowance) { v.Oversell = nil },
			func(l *hosting.ResellerLimits, _ *hosting.ResellerPermissions) string {
				return strconv.FormatBool(*l.Policy.Oversell)
			},
			"true", &hosting.ResellerLimits{Policy: &hosting.ResourcePolicy{Oversell: new(true)}}, nil),
		a.field("overuse", "notify", "normal",
			func(v *v1alpha1.ResellerAllowance) { v.Overuse = new(v1alpha1.OveruseNormal) }, func(v *v1alpha1.ResellerAllowance) { v.Overuse = nil },
			func(l *hosting.ResellerLimits, _ *hosting.ResellerPermissions) string { return *l.Policy.Overuse },
			"not_suspend", &hosting.ResellerLimits{Policy: &hosting.ResourcePolicy{Overuse: new("not_suspend")}}, nil),
	}
}

// field is a field of an allowance.
func (a allowances) field(name, initial, changed string, change, unset func(*v1alpha1.ResellerAllowance),
	read func(*hosting.ResellerLimits, *hosting.ResellerPermissions) string, spoiled string, l *hosting.ResellerLimits, p *hosting.ResellerPermissions,
) field {
	return field{
		name: name, initial: initial, changed: changed, spoiled: spoiled,
		change: func(o v1alpha1.Object) { change(a.in(o)) },
		unset:  func(o v1alpha1.Object) { unset(a.in(o)) },
		read:   func(s *site, id string) string { return read(a.read(s, id)) },
		spoil:  func(s *site, id string) { a.write(s, id, l, p) },
	}
}

// impossible are limits and permissions that no server has.
func (a allowances) impossible() []impossible {
	return []impossible{
		{"limits.max_fun", func(o v1alpha1.Object) {
			a.in(o).Limits = map[string]v1alpha1.LimitValue{"max_fun": {Text: "2", Number: true}, "max_cl": {Text: "5", Number: true}}
		}},
		{"permissions.manage_everything", func(o v1alpha1.Object) {
			a.in(o).Permissions = map[string]bool{"manage_everything": true, "manage_dns": true}
		}},
	}
}

// resellerLimit is one limit to write.
func resellerLimit(name string, value int64) *hosting.ResellerLimits {
	return &hosting.ResellerLimits{Limits: []hosting.Limit{{Name: name, Value: value}}}
}

// resellerLimitOf is one limit as text, "" where there is none.
func resellerLimitOf(l *hosting.ResellerLimits, name string) string {
	return limitOf(&hosting.Limits{Limits: l.Limits}, name)
}

// resellerPermission is one permission to write.
func resellerPermission(name string, value bool) *hosting.ResellerPermissions {
	return &hosting.ResellerPermissions{Permissions: []hosting.Permission{{Name: name, Value: value}}}
}
