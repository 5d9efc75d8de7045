// Sites and subdomains as an export describes them: all that they have alike.

package hosting

import (
	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
)

// export fills what the specs of sites and subdomains have alike.
func (w *siteValue) export() (s v1alpha1.PleskSiteSpec) {
	s.Description = form.Filled(w.Description)
	s.Hosting = w.exportHosting()
	p := v1alpha1.SitePreferences{
		SubscriptionPreferences: v1alpha1.SubscriptionPreferences{WWW: w.WWW, StatisticsMonths: exportedMonths(w.StatsMonths)},
		OutgoingLimit:           grant.ExportOutgoing(w.OutgoingLimit),
	}
	if p != (v1alpha1.SitePreferences{}) {
		s.Preferences = &p
	}
	if w.Bounds != nil {
		var a v1alpha1.Allowance
		w.Bounds.Export(&a)
		s.Performance = a.Performance
	}
	return s
}

func (w *siteValue) exportHosting() *v1alpha1.SiteHosting {
	switch {
	case w.Virtual != nil:
		var all v1alpha1.HostingProperties
		shared := *w.Virtual.Shared
		shared.PHPSettings = nil // among the properties of a site, where nothing tells them from others
		tls := shared.Export(&all)
		v := &v1alpha1.SiteVirtualHost{
			DocumentRoot: form.Filled(w.Virtual.DocumentRoot), SEORedirect: (*v1alpha1.SEORedirect)(w.Virtual.SEORedirect),
			PHP: all.PHP, Scripting: all.Scripting, WebStatistics: all.WebStatistics, WebStatisticsProtected: all.WebStatisticsProtected,
			ErrorDocuments: all.ErrorDocuments,
		}
		if tls != nil {
			v.TLS = &v1alpha1.SiteTLS{HostingTLS: *tls}
		}
		return &v1alpha1.SiteHosting{VirtualHost: v}
	case w.Forward != nil:
		return &v1alpha1.SiteHosting{Forwarding: w.Forward.export()}
	case w.Frame != nil:
		return &v1alpha1.SiteHosting{FrameForwarding: &v1alpha1.FrameForwarding{URL: form.Deref(w.Frame.URL)}}
	}
	return &v1alpha1.SiteHosting{None: &v1alpha1.NoHosting{}}
}
