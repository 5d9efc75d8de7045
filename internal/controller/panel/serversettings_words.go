// What the spec wants, and the words of the API as they are on the wire.

package panel

import (
	"fmt"
	"strconv"
	"time"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// The words.
var (
	viewWords = form.Words{{string(v1alpha1.PanelViewServiceProvider), "standard"}, {string(v1alpha1.PanelViewPowerUser), "poweruser"}}

	outgoingWords = form.Words{
		{string(v1alpha1.OutgoingMailDomainIP), "domain-ip"}, {string(v1alpha1.OutgoingMailDomainName), "domain-name"}, {string(v1alpha1.OutgoingMailExplicitIP), "explicit-ip"},
	}
	reportWords = form.Words{
		{string(v1alpha1.ReportPeriodDay), "P1D"}, {string(v1alpha1.ReportPeriodWeek), "P1W"}, {string(v1alpha1.ReportPeriodTwoWeeks), "P2W"}, {string(v1alpha1.ReportPeriodMonth), "P1M"},
	}
	notificationWords = form.Words{
		{string(v1alpha1.NotificationPeriodQuarterHour), "PT15M"}, {string(v1alpha1.NotificationPeriodHour), "PT1H"}, {string(v1alpha1.NotificationPeriodSixHours), "PT6H"},
		{string(v1alpha1.NotificationPeriodTwelveHours), "PT12H"}, {string(v1alpha1.NotificationPeriodDay), "P1D"},
	}
	trafficWords = form.Words{
		{string(v1alpha1.TrafficAccountingIncoming), "1"}, {string(v1alpha1.TrafficAccountingOutgoing), "2"}, {string(v1alpha1.TrafficAccountingBoth), "3"},
	}
	ftpWords = form.Words{
		{string(v1alpha1.FTPOverTLSDisabled), "disabled"}, {string(v1alpha1.FTPOverTLSEnabled), "enabled"}, {string(v1alpha1.FTPOverTLSRequired), "required"},
		{string(v1alpha1.FTPOverTLSCustom), "custom"},
	}
	firewallWords = form.Words{
		{string(v1alpha1.FirewallModeOn), "on"}, {string(v1alpha1.FirewallModeDetectionOnly), "detection-only"}, {string(v1alpha1.FirewallModeOff), "off"},
	}
	recursionWords = form.Words{
		{string(v1alpha1.DNSRecursionAny), "on"}, {string(v1alpha1.DNSRecursionNobody), "off"}, {string(v1alpha1.DNSRecursionLocalhost), "local"},
		{string(v1alpha1.DNSRecursionLocalNetworks), "localnets"},
	}
)

// whole is a number of the API on the wire.
func whole(n *int32) *int {
	if n == nil {
		return nil
	}
	return new(int(*n))
}

// maxSessionTimeout is the most that the protocol takes.
const maxSessionTimeout = 99999 * time.Minute

// wantedSettings translates settings of the spec.
func wantedSettings(s *v1alpha1.PleskServerSettingsSpec) (w settingsValue, err error) {
	w.View, w.FTPOverTLS = (*string)(s.View), (*string)(s.FTPOverTLS)
	if t := s.SessionTimeout; t != nil {
		if t.Duration%time.Minute != 0 || t.Duration < time.Minute || t.Duration > maxSessionTimeout {
			return w, engine.Invalid("spec.sessionTimeout", fmt.Sprintf("whole minutes from 1m to %s", maxSessionTimeout))
		}
		w.SessionTimeout = &t.Duration
	}
	w.wantMail(s.Mail)
	if n := s.Notifications; n != nil {
		w.Notifications, w.UseDefaultSettings, w.SMTPHost, w.SMTPPort = n.Enabled, n.UseDefaultSettings, n.SMTPHost, whole(n.SMTPPort)
		w.SMTPLogin, w.SMTPTLS, w.SMTPForUsers = n.SMTPLogin, n.SMTPTLS, n.SMTPForUsers
	}
	if c := s.Statistics; c != nil {
		w.RetentionMonths, w.IncludeRemoteDatabases, w.Traffic = whole(c.RetentionMonths), c.IncludeRemoteDatabases, (*string)(c.Traffic)
	}
	if b := s.Web; b != nil {
		w.RestartInterval, w.PipedLogs, w.PreviewProtection = whole(b.RestartIntervalSeconds), b.PipedLogs, b.PreviewProtection
		w.FirewallMode, w.FirewallRuleSet = (*string)(b.FirewallMode), b.FirewallRuleSet
	}
	if a := s.Applications; a != nil {
		w.ForceUpdates, w.SuggestUpdates = a.ForceUpdates, a.SuggestUpdates
	}
	if d := s.DNS; d != nil {
		w.Recursion, w.RemoteDNS = (*string)(d.Recursion), d.Remote
		w.TransferACL = each(d.TransferACL, form.Network)
	}
	w.Locales, w.PHPHandlers = switches(s.Locales), switches(s.PHPHandlers)
	if p := s.ProhibitedDomains; p != nil {
		w.Enforced = p.Enforced
		w.Prohibited, err = wantedNames(p.Names)
	}
	return w, err
}

func (v *settingsValue) wantMail(m *v1alpha1.ServerMail) {
	if m == nil {
		return
	}
	v.MaxConnections, v.MaxConnectionsPerIP, v.MailCertificate = whole(m.MaxConnections), whole(m.MaxConnectionsPerIP), m.CertificateName
	if o := m.Outgoing; o != nil {
		v.OutgoingMode, v.OutgoingIPv4, v.OutgoingIPv6 = (*string)(o.Mode), o.IPv4, o.IPv6
	}
	if c := m.OutgoingControl; c != nil {
		v.ControlEnabled, v.Sendmail = c.Enabled, c.Sendmail
		v.MailboxLimit, v.DomainLimit, v.SubscriptionLimit = whole(c.MailboxLimit), whole(c.DomainLimit), whole(c.SubscriptionLimit)
		v.ReportPeriod, v.NotificationPeriod = (*string)(c.ReportPeriod), (*string)(c.NotificationPeriod)
	}
}

// wantedNames are domain names in punycode. Errors name the entry by its place in the list.
func wantedNames(names []string) ([]string, error) {
	if names == nil {
		return nil, nil
	}
	out := []string{}
	for i, name := range names {
		ascii, err := form.DomainName(name)
		if err != nil {
			return nil, engine.Invalid(fmt.Sprintf("spec.prohibitedDomains.names[%d]", i), err.Error())
		}
		out = append(out, ascii)
	}
	return out, nil
}

// each is a list with every text in its canonical form, nil for nil.
func each(list []string, canonical func(string) string) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, text := range list {
		out[i] = canonical(text)
	}
	return out
}

// switches are what is on and off, nil for nil.
func switches(of map[string]bool) map[string]string {
	if of == nil {
		return nil
	}
	out := make(map[string]string, len(of))
	for id, on := range of {
		out[id] = strconv.FormatBool(on)
	}
	return out
}
