// What service plans and subscriptions grant: limits, permissions and bounds of performance, and how their values are written.

// Package grant holds what plans and subscriptions have in common: limits, permissions and properties of hosting.
package grant

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// overuseWords are the values of overuse.
var overuseWords = form.Words{
	{string(v1alpha1.OveruseBlock), "block"}, {string(v1alpha1.OveruseNotify), "notify"}, {string(v1alpha1.OveruseNormal), "normal"},
	{string(v1alpha1.OveruseNotSuspend), "not_suspend"}, {string(v1alpha1.OveruseNotSuspendNotify), "not_suspend_notify"},
}

// Allowance is the API's Allowance as it is compared. Bounds are numbers or "unlimited", so that differences read as the spec does.
type Allowance struct {
	Overuse        *string           `plesk:"overuse,privileged,lifecycle"`
	Limits         map[string]string `plesk:"limits,privileged,lifecycle"`
	Permissions    map[string]string `plesk:"permissions,missing=false"` // not listed is not granted
	Bandwidth      *string           `plesk:"performance.bandwidth,privileged"`
	MaxConnections *string           `plesk:"performance.maxConnections,privileged"`
}

// WantedAllowance translates that part of a spec.
func WantedAllowance(a *v1alpha1.Allowance) (*Allowance, error) {
	limits, err := wantedLimits(a.Limits)
	if err != nil {
		return nil, err
	}
	v := &Allowance{Overuse: (*string)(a.Overuse), Limits: limits, Permissions: wantedPermissions(a.Permissions)}
	if p := a.Performance; p != nil {
		if v.Bandwidth, err = countText("spec.performance.bandwidth", p.Bandwidth); err != nil {
			return nil, err
		}
		if v.MaxConnections, err = countText("spec.performance.maxConnections", p.MaxConnections); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// wantedLimits are limits as they are compared.
func wantedLimits(limits map[string]v1alpha1.LimitValue) (map[string]string, error) {
	var out map[string]string
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		n, err := form.LimitNumber(name, limits[name])
		if err != nil {
			return nil, engine.Invalid("spec.limits."+name, err.Error())
		}
		out = with(out, name, form.BoundText(n))
	}
	return out, nil
}

// wantedPermissions are permissions as they are compared.
func wantedPermissions(permissions map[string]bool) map[string]string {
	var out map[string]string
	for name, granted := range permissions {
		out = with(out, name, strconv.FormatBool(granted))
	}
	return out
}

// FoundAllowance translates what the server shows.
func FoundAllowance(l *hosting.Limits, p *hosting.Permissions, f *hosting.Performance) *Allowance {
	v := &Allowance{}
	if l != nil {
		v.Overuse, v.Limits = overuseWords.API(l.Overuse), foundLimits(l.Limits)
	}
	if p != nil {
		v.Permissions = foundPermissions(p.Permissions)
	}
	if f != nil && f.Bandwidth != nil {
		v.Bandwidth = new(bandwidthText(float64(*f.Bandwidth)))
	}
	if f != nil && f.MaxConnections != nil {
		v.MaxConnections = new(form.BoundText(int64(*f.MaxConnections)))
	}
	return v
}

func foundLimits(limits []hosting.Limit) map[string]string {
	var out map[string]string
	for _, limit := range limits {
		out = with(out, limit.Name, form.BoundText(limit.Value))
	}
	return out
}

func foundPermissions(permissions []hosting.Permission) map[string]string {
	var out map[string]string
	for _, permission := range permissions {
		out = with(out, permission.Name, strconv.FormatBool(permission.Value))
	}
	return out
}

// WireLimits are the limits to write, nil for none.
func (v *Allowance) WireLimits() (*hosting.Limits, error) {
	if v == nil || v.Overuse == nil && len(v.Limits) == 0 {
		return nil, nil
	}
	limits, err := wireLimits(v.Limits)
	return &hosting.Limits{Overuse: overuseWords.Wire(v.Overuse), Limits: limits}, err
}

func wireLimits(limits map[string]string) ([]hosting.Limit, error) {
	var out []hosting.Limit
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		n, err := form.BoundNumber(limits[name])
		if err != nil {
			return nil, engine.Invalid("spec.limits."+name, err.Error())
		}
		out = append(out, hosting.Limit{Name: name, Value: n})
	}
	return out, nil
}

// WirePermissions are the permissions to write, nil for none.
func (v *Allowance) WirePermissions() *hosting.Permissions {
	if v == nil || len(v.Permissions) == 0 {
		return nil
	}
	return &hosting.Permissions{Permissions: wirePermissions(v.Permissions)}
}

func wirePermissions(permissions map[string]string) []hosting.Permission {
	var out []hosting.Permission
	for _, name := range slices.Sorted(maps.Keys(permissions)) {
		out = append(out, hosting.Permission{Name: name, Value: permissions[name] == "true"})
	}
	return out
}

// WirePerformance are the bounds to write, nil for none.
func (v *Allowance) WirePerformance() (*hosting.Performance, error) {
	if v == nil || v.Bandwidth == nil && v.MaxConnections == nil {
		return nil, nil
	}
	p := &hosting.Performance{}
	if v.Bandwidth != nil {
		n, err := form.BoundNumber(*v.Bandwidth)
		if err != nil {
			return nil, engine.Invalid("spec.performance.bandwidth", err.Error())
		}
		p.Bandwidth = new(xmlapi.Double(n))
	}
	if v.MaxConnections != nil {
		n, err := form.BoundNumber(*v.MaxConnections)
		if err != nil {
			return nil, engine.Invalid("spec.performance.maxConnections", err.Error())
		}
		p.MaxConnections = new(int(n))
	}
	return p, nil
}

// countText is the bound of a field that takes a number of at least 1, or "unlimited"; nil for nil.
func countText(field string, v *v1alpha1.CountLimit) (*string, error) {
	if v == nil {
		return nil, nil
	}
	n, err := form.LimitNumber("", v.LimitValue)
	switch {
	case err != nil:
		return nil, engine.Invalid(field, err.Error())
	case n == 0 || n > math.MaxInt32:
		return nil, engine.Invalid(field, fmt.Sprintf("%s is out of range: 1 to %d, or %q", v.Text, math.MaxInt32, v1alpha1.Unlimited))
	}
	return new(form.BoundText(n)), nil
}

// bandwidthText is BoundText for the one bound that the protocol has as a floating-point number.
func bandwidthText(f float64) string {
	if f == -1 {
		return v1alpha1.Unlimited
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// with sets a key of a map that may be nil.
func with(m map[string]string, key, value string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	m[key] = value
	return m
}
