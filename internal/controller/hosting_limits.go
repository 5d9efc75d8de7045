// What service plans and subscriptions grant: limits, permissions and bounds of performance, and how their values are written.

package controller

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// limitExpiration is the one limit that is a time (operators-accounts-server §2.1).
const limitExpiration = "expiration"

// overuseWords are the values of overuse.
var overuseWords = words{
	{string(v1alpha1.OveruseBlock), "block"}, {string(v1alpha1.OveruseNotify), "notify"}, {string(v1alpha1.OveruseNormal), "normal"},
	{string(v1alpha1.OveruseNotSuspend), "not_suspend"}, {string(v1alpha1.OveruseNotSuspendNotify), "not_suspend_notify"},
}

// allowanceValue is an Allowance. Bounds are numbers or "unlimited", so that differences read as the spec does.
type allowanceValue struct {
	Overuse        *string           `plesk:"overuse,privileged"`
	Limits         map[string]string `plesk:"limits,privileged"`
	Permissions    map[string]string `plesk:"permissions,missing=false"` // not listed is not granted
	Bandwidth      *string           `plesk:"performance.bandwidth,privileged"`
	MaxConnections *string           `plesk:"performance.maxConnections,privileged"`
}

// wantedAllowance translates the part of a spec.
func wantedAllowance(a *v1alpha1.Allowance) (*allowanceValue, error) {
	v := &allowanceValue{Overuse: (*string)(a.Overuse)}
	for _, name := range slices.Sorted(maps.Keys(a.Limits)) {
		n, err := limitNumber(name, a.Limits[name])
		if err != nil {
			return nil, engine.Invalid("spec.limits."+name, err.Error())
		}
		v.Limits = with(v.Limits, name, boundText(n))
	}
	for name, granted := range a.Permissions {
		v.Permissions = with(v.Permissions, name, strconv.FormatBool(granted))
	}
	if p := a.Performance; p != nil {
		var err error
		if v.Bandwidth, err = countText("spec.performance.bandwidth", p.Bandwidth); err != nil {
			return nil, err
		}
		if v.MaxConnections, err = countText("spec.performance.maxConnections", p.MaxConnections); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// foundAllowance translates what the server shows.
func foundAllowance(l *hosting.Limits, p *hosting.Permissions, f *hosting.Performance) *allowanceValue {
	v := &allowanceValue{}
	if l != nil {
		v.Overuse = overuseWords.api(l.Overuse)
		for _, limit := range l.Limits {
			v.Limits = with(v.Limits, limit.Name, boundText(limit.Value))
		}
	}
	if p != nil {
		for _, permission := range p.Permissions {
			v.Permissions = with(v.Permissions, permission.Name, strconv.FormatBool(permission.Value))
		}
	}
	if f != nil && f.Bandwidth != nil {
		v.Bandwidth = new(bandwidthText(float64(*f.Bandwidth)))
	}
	if f != nil && f.MaxConnections != nil {
		v.MaxConnections = new(boundText(int64(*f.MaxConnections)))
	}
	return v
}

// limits are the limits to write, nil for none.
func (v *allowanceValue) limits() (*hosting.Limits, error) {
	if v == nil || v.Overuse == nil && len(v.Limits) == 0 {
		return nil, nil
	}
	l := &hosting.Limits{Overuse: overuseWords.wire(v.Overuse)}
	for _, name := range slices.Sorted(maps.Keys(v.Limits)) {
		n, err := boundNumber(v.Limits[name])
		if err != nil {
			return nil, engine.Invalid("spec.limits."+name, err.Error())
		}
		l.Limits = append(l.Limits, hosting.Limit{Name: name, Value: n})
	}
	return l, nil
}

// permissions are the permissions to write, nil for none.
func (v *allowanceValue) permissions() *hosting.Permissions {
	if v == nil || len(v.Permissions) == 0 {
		return nil
	}
	p := &hosting.Permissions{}
	for _, name := range slices.Sorted(maps.Keys(v.Permissions)) {
		p.Permissions = append(p.Permissions, hosting.Permission{Name: name, Value: v.Permissions[name] == "true"})
	}
	return p
}

// performance are the bounds to write, nil for none.
func (v *allowanceValue) performance() (*hosting.Performance, error) {
	if v == nil || v.Bandwidth == nil && v.MaxConnections == nil {
		return nil, nil
	}
	p := &hosting.Performance{}
	if v.Bandwidth != nil {
		n, err := boundNumber(*v.Bandwidth)
		if err != nil {
			return nil, engine.Invalid("spec.performance.bandwidth", err.Error())
		}
		p.Bandwidth = new(xmlapi.Double(n))
	}
	if v.MaxConnections != nil {
		n, err := boundNumber(*v.MaxConnections)
		if err != nil {
			return nil, engine.Invalid("spec.performance.maxConnections", err.Error())
		}
		p.MaxConnections = new(int(n))
	}
	return p, nil
}

// limitNumber is the wire's number for a limit: -1 for unlimited, bytes for sizes, UNIX seconds for times.
func limitNumber(name string, v v1alpha1.LimitValue) (int64, error) {
	if v.Text == v1alpha1.Unlimited {
		return -1, nil
	}
	if name == limitExpiration {
		for _, layout := range []string{time.DateOnly, time.RFC3339} {
			if t, err := time.Parse(layout, v.Text); err == nil && t.Unix() >= 0 {
				return t.Unix(), nil
			}
		}
	}
	q, err := resource.ParseQuantity(v.Text)
	if err != nil {
		return 0, fmt.Errorf("%q is neither a number nor a size such as 2Gi nor %q", v.Text, v1alpha1.Unlimited)
	}
	n := q.Value() // rounds up
	switch {
	case q.Sign() < 0:
		return 0, fmt.Errorf("%q is negative; what has no bound is %q", v.Text, v1alpha1.Unlimited)
	case n == math.MaxInt64:
		return 0, fmt.Errorf("%q is too large", v.Text)
	case q.Cmp(*resource.NewQuantity(n, q.Format)) != 0:
		return 0, fmt.Errorf("%q is not a whole number", v.Text)
	}
	return n, nil
}

// countText is the bound of a field that takes a number of at least 1, or "unlimited"; nil for nil.
func countText(field string, v *v1alpha1.CountLimit) (*string, error) {
	if v == nil {
		return nil, nil
	}
	n, err := limitNumber("", v.LimitValue)
	switch {
	case err != nil:
		return nil, engine.Invalid(field, err.Error())
	case n == 0 || n > math.MaxInt32:
		return nil, engine.Invalid(field, fmt.Sprintf("%s is out of range: 1 to %d, or %q", v.Text, math.MaxInt32, v1alpha1.Unlimited))
	}
	return new(boundText(n)), nil
}

// boundText says a bound of the wire in words: -1 is unlimited.
func boundText(n int64) string {
	if n == -1 {
		return v1alpha1.Unlimited
	}
	return strconv.FormatInt(n, 10)
}

// boundNumber is the inverse of boundText.
func boundNumber(s string) (int64, error) {
	if s == v1alpha1.Unlimited {
		return -1, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", s)
	}
	return n, nil
}

// bandwidthText is boundText for the one bound that the protocol has as a floating-point number.
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
