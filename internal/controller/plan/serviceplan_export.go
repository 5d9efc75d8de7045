// A service plan as an export describes it.

package plan

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

var _ engine.Exporter[*v1alpha1.PleskServicePlan, servicePlanValue] = ServicePlan{}

// Export : a plan whose owner is no reseller is the administrator's.
func (ServicePlan) Export(o *v1alpha1.PleskServicePlan, f *engine.Found[servicePlanValue]) (engine.Exported, error) {
	v, s := ServicePlan{}.Normal(f.Value), &o.Spec
	s.PlanName = form.Deref(v.Name)
	v.Allowance.Export(&s.Allowance)
	s.HostingType = (*v1alpha1.PlanHostingType)(v.HostingType)
	if form.Deref(v.HostingType) == string(v1alpha1.PlanHostingVirtualHost) {
		s.Hosting = &v1alpha1.PlanHosting{}
		s.Hosting.TLS = v.Hosting.Export(&s.Hosting.HostingProperties)
	}
	s.Mail, s.LogRotation, s.WebServer = v.Mail.export(), v.Logs.export(), v.Web.export()
	p := v1alpha1.PlanPreferences{DNSZoneType: (*v1alpha1.PlanZoneType)(v.ZoneType)}
	if m := v.StatsMonths; m != nil && *m > 0 {
		p.StatisticsMonths = new(int32(*m)) //nolint:gosec // the schema has a smaller bound
	}
	if p != (v1alpha1.PlanPreferences{}) {
		s.Preferences = &p
	}
	return engine.Exported{Refs: []engine.Pointer{{Field: "spec.resellerRef", To: ownerOf(f.In, v.Owner), Optional: true}}}, nil
}

func (v *planMailValue) export() *v1alpha1.PlanMail {
	if v == nil || *v == (planMailValue{}) {
		return nil
	}
	m := &v1alpha1.PlanMail{
		MailService: v.Service, MailLists: v.Lists, Webmail: form.Filled(v.Webmail), NonexistentUser: grant.ExportNonexistentUser(v.NonexistentUser),
	}
	out := v1alpha1.OutgoingMail{
		MailboxLimit: grant.ExportOutgoing(v.MailboxLimit), DomainLimit: grant.ExportOutgoing(v.DomainLimit),
		SubscriptionLimit: grant.ExportOutgoing(v.SubscriptionLimit), Sendmail: (*v1alpha1.SendmailPolicy)(v.Sendmail),
	}
	if v.OverlimitPercent != nil {
		out.OverlimitPercent = new(int32(*v.OverlimitPercent)) //nolint:gosec // a percentage
	}
	if out != (v1alpha1.OutgoingMail{}) {
		m.Outgoing = &out
	}
	return m
}

// export : of logs that are not rotated nothing else is said.
func (v *logRotationValue) export() *v1alpha1.PlanLogRotation {
	switch {
	case v == nil || v.Enabled == nil:
		return nil
	case !*v.Enabled:
		return &v1alpha1.PlanLogRotation{}
	}
	l := &v1alpha1.PlanLogRotation{Enabled: true, Schedule: (*v1alpha1.LogSchedule)(v.Schedule), Compress: v.Compress, Email: form.Filled(v.Email)}
	if v.Size != nil {
		if q, err := resource.ParseQuantity(*v.Size); err == nil {
			l.Size = &q
		}
	}
	if m := v.MaxFiles; m != nil && *m > 0 {
		l.MaxFiles = new(int32(*m)) //nolint:gosec // the schema has a smaller bound
	}
	return l
}

func (v *webServerValue) export() *v1alpha1.PlanWebServer {
	if v == nil {
		return nil
	}
	s := v1alpha1.PlanWebServer{
		AdditionalHTTP: form.Filled(v.HTTP), AdditionalHTTPS: form.Filled(v.HTTPS), AdditionalNginx: form.Filled(v.Nginx),
		RestrictFollowSymlinks: v.RestrictSymlinks, NginxProxyMode: v.NginxProxy,
	}
	if s == (v1alpha1.PlanWebServer{}) {
		return nil
	}
	return &s
}
