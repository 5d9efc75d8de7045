// What is granted, as an export describes it: the inverse of WantedAllowance and WantedHosting.

package grant

import (
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
)

// Export fills that part of a spec. When a subscription ends is a provider's to say, and no limit of what it may have.
func (v *Allowance) Export(a *v1alpha1.Allowance) {
	if v == nil {
		return
	}
	a.Overuse = (*v1alpha1.Overuse)(v.Overuse)
	a.Limits = exportedLimits(v.Limits)
	a.Permissions = exportedPermissions(v.Permissions)
	if p := (v1alpha1.Performance{Bandwidth: exportedCount(v.Bandwidth), MaxConnections: exportedCount(v.MaxConnections)}); p != (v1alpha1.Performance{}) {
		a.Performance = &p
	}
}

// Export fills that part of a spec.
func (v *ResellerAllowance) Export(a *v1alpha1.ResellerAllowance) {
	if v == nil {
		return
	}
	a.Oversell, a.Overuse = v.Oversell, (*v1alpha1.Overuse)(v.Overuse)
	a.Limits, a.Permissions = exportedLimits(v.Limits), exportedPermissions(v.Permissions)
}

func exportedLimits(limits map[string]string) map[string]v1alpha1.LimitValue {
	var out map[string]v1alpha1.LimitValue
	for name, text := range limits {
		if name == form.LimitExpiration {
			continue
		}
		if out == nil {
			out = map[string]v1alpha1.LimitValue{}
		}
		out[name] = Bound(text)
	}
	return out
}

func exportedPermissions(permissions map[string]string) map[string]bool {
	var out map[string]bool
	for name, granted := range permissions {
		if out == nil {
			out = map[string]bool{}
		}
		out[name] = granted == "true"
	}
	return out
}

// Bound is a bound as a spec has it.
func Bound(text string) v1alpha1.LimitValue {
	return v1alpha1.LimitValue{Text: text, Number: text != v1alpha1.Unlimited}
}

// ExportOutgoing is a limit of outgoing mail as a spec has it, nil for none.
func ExportOutgoing(text *string) *v1alpha1.OutgoingLimit {
	if text == nil || *text == "" {
		return nil
	}
	_, err := strconv.ParseInt(*text, 10, 64)
	return &v1alpha1.OutgoingLimit{LimitValue: v1alpha1.LimitValue{Text: *text, Number: err == nil}}
}

func exportedCount(text *string) *v1alpha1.CountLimit {
	if text == nil || *text == "0" {
		return nil
	}
	return &v1alpha1.CountLimit{LimitValue: Bound(*text)}
}

// Export fills that part of a spec, and returns the TLS part, nil for none. Properties that have no field are left out: they are what the server has them
// for, and some of them change with it.
func (v *Hosting) Export(h *v1alpha1.HostingProperties) *v1alpha1.HostingTLS {
	if v == nil {
		return nil
	}
	h.Shell, h.WebStatistics, h.WebStatisticsProtected, h.ErrorDocuments = form.Filled(v.Shell), form.Filled(v.Statistics), v.StatsPassword, v.ErrorPages
	if v.Quota != nil {
		quota := Bound(*v.Quota)
		h.Quota = &quota
	}
	php := v1alpha1.HostingPHP{Enabled: v.PHP, HandlerID: form.Filled(v.PHPHandler), ServedByNginx: v.PHPByNginx, Settings: exportedSettings(v.PHPSettings)}
	if php.Enabled != nil || php.HandlerID != nil || php.ServedByNginx != nil || php.Settings != nil {
		h.PHP = &php
	}
	if s := (v1alpha1.HostingScripting{CGI: v.CGI, FastCGI: v.FastCGI, Perl: v.Perl, Python: v.Python, SSI: v.SSI}); s != (v1alpha1.HostingScripting{}) {
		h.Scripting = &s
	}
	if v.TLS == nil && v.TLSRedirect == nil {
		return nil
	}
	return &v1alpha1.HostingTLS{Enabled: v.TLS, Redirect: v.TLSRedirect}
}

// exportedSettings leaves out what is empty, and what no spec can say: values of several lines.
func exportedSettings(settings map[string]string) map[string]string {
	var out map[string]string
	for name, value := range settings {
		if value != "" && !strings.ContainsAny(value, "\r\n") {
			out = with(out, name, value)
		}
	}
	return out
}
