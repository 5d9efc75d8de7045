// Reading the settings.

package panel

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/locale"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/phphandler"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// Find reads all settings in one packet, and on Windows what only that has in another one. Whose they are says the server that answers, which is
// known by its GUID.
func (ServerSettings) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[settingsValue], error) {
	general := server.Get.Call(server.GetRequest{GenInfo: &xmlapi.Empty{}, Preferences: &xmlapi.Empty{}, SessionSetup: &xmlapi.Empty{}})
	prohibited := server.DomainRestrictionList.Call(xmlapi.EmptyRequest{})
	recursion := dns.GetRecursion.Call(xmlapi.EmptyRequest{})
	transfers := dns.GetACL.Call(xmlapi.EmptyRequest{})
	locales := locale.Get.Call(xmlapi.QueryRequest{Filter: xmlapi.All()})
	handlers := phphandler.Get.Call(xmlapi.QueryRequest{Filter: xmlapi.All()})
	calls := []xmlapi.Caller{general, prohibited, recursion, transfers, locales, handlers}
	certificates := server.Get.Call(server.GetRequest{Certificates: &xmlapi.Empty{}})
	tells := h.Spoken.Has("server/certificates")
	if tells {
		calls = append(calls, certificates)
	}
	if err := d.Do(ctx, calls...); err != nil {
		return nil, err
	}
	var v settingsValue
	for _, err := range []error{
		take(general.One, v.findGeneral), take(prohibited.One, v.findProhibited), take(recursion.One, v.findRecursion),
		take(locales.All, v.findLocales), take(handlers.All, v.findHandlers),
	} {
		if err != nil {
			return nil, err
		}
	}
	if tells {
		if err := take(certificates.One, v.findCertificates); err != nil {
			return nil, err
		}
	}
	err := take(transfers.One, v.findTransfers)
	if unsupported(err) {
		err = v.findRemoteDNS(ctx, d, err)
	}
	if err != nil {
		return nil, err
	}
	return &engine.Found[settingsValue]{Identity: h.Identity, Key: engine.Key{Name: settingsKey}, Value: v}, nil
}

// take hands an answer on, unless it is a refusal.
func take[R any](answer func() (R, error), to func(R) error) error {
	r, err := answer()
	if err != nil {
		return err
	}
	return to(r)
}

// unsupported reports whether the server's platform does not have what was asked for (operators-services §2.9).
func unsupported(err error) bool {
	return xmlapi.RefusedWith(err, xmlapi.CodeUnsupportedByVersion)
}

// findGeneral takes what the operator `server` shows. Preferences that a server does not have are not there.
func (v *settingsValue) findGeneral(r server.GetResult) error {
	p := r.Preferences
	if r.GenInfo == nil || p == nil || r.SessionSetup == nil {
		return xmlapi.Incomplete(server.Get, "gen_info, prefs and session_setup")
	}
	v.View = viewWords.API(r.GenInfo.Mode)
	if t := r.SessionSetup.LoginTimeout; t != nil {
		v.SessionTimeout = new(time.Duration(*t) * time.Minute)
	}
	v.MaxConnections, v.MaxConnectionsPerIP = p.MaxConnections, p.MaxConnectionsPerIP
	v.OutgoingMode = outgoingWords.API(p.OutgoingEmailMode)
	v.OutgoingIPv4, v.OutgoingIPv6 = p.OutgoingEmailModeExplicitIPv4, p.OutgoingEmailModeExplicitIPv6
	v.ControlEnabled, v.Sendmail = p.OutgoingAntispam, p.EnableSendmail
	v.MailboxLimit, v.DomainLimit, v.SubscriptionLimit = p.OutgoingMessagesMailboxLimit, p.OutgoingMessagesDomainLimit, p.OutgoingMessagesSubscriptionLimit
	v.ReportPeriod, v.NotificationPeriod = reportWords.API(p.ReportPeriod), notificationWords.API(p.NotificationPeriod)
	v.Notifications, v.UseDefaultSettings = p.MailNotifications, p.SMTPUseDefaultSettings
	v.SMTPHost, v.SMTPPort, v.SMTPLogin, v.SMTPTLS, v.SMTPForUsers = p.SMTPHost, p.SMTPPort, p.SMTPLogin, p.SMTPTLS, p.SMTPAllowUsers
	v.RetentionMonths, v.IncludeRemoteDatabases = p.StatisticsMonths, p.IncludeRemoteDatabases
	if n := p.TrafficAccounting; n != nil {
		v.Traffic = trafficWords.API(new(strconv.Itoa(*n)))
	}
	v.RestartInterval, v.PipedLogs, v.PreviewProtection = p.RestartApacheInterval, p.ApachePipelog, p.PreviewProtection
	v.FirewallMode, v.FirewallRuleSet = firewallWords.API(p.WAFRuleEngine), p.WAFRuleSet
	v.FTPOverTLS = ftpWords.API(p.FTPOverSSL)
	v.ForceUpdates, v.SuggestUpdates = p.APSForceUpdates, p.APSSuggestUpdates
	return nil
}

// findCertificates takes the certificate of the mail server, "" for none. One of a site's repository is not the one of its name in the server's.
func (v *settingsValue) findCertificates(r server.GetResult) error {
	if r.Certificates == nil {
		return xmlapi.Incomplete(server.Get, "certificates")
	}
	v.MailCertificate = new("")
	if c := r.Certificates.MailServer; c != nil {
		v.MailCertificate = new(c.Name)
		if at := cmp.Or(c.Site, c.Webspace); at != nil {
			v.MailCertificate = new(fmt.Sprintf("%s (of %s)", c.Name, *at))
		}
	}
	return nil
}

func (v *settingsValue) findProhibited(r server.DomainRestrictionListResult) error {
	if r.Enabled == nil {
		return xmlapi.Incomplete(server.DomainRestrictionList, "enable")
	}
	v.Enforced, v.Prohibited = new(*r.Enabled != 0), []string{}
	for _, name := range r.Names {
		v.Prohibited = append(v.Prohibited, form.ShownHostName(name))
	}
	return nil
}

func (v *settingsValue) findRecursion(r dns.RecursionResult) error {
	if r.Value == "" {
		return xmlapi.Incomplete(dns.GetRecursion, "value")
	}
	v.Recursion = recursionWords.API(&r.Value)
	return nil
}

func (v *settingsValue) findTransfers(r dns.ACLResult) error {
	v.TransferACL, v.hosts = []string{}, map[string]string{}
	for _, host := range r.Hosts {
		canonical := form.Network(host)
		v.TransferACL = append(v.TransferACL, canonical)
		v.hosts[canonical] = host
	}
	return nil
}

// findRemoteDNS asks for what Windows has in place of the transfer list. A server that has neither gets the refusal of that shown.
func (v *settingsValue) findRemoteDNS(ctx context.Context, d xmlapi.Doer, refusal error) error {
	r, err := dns.GetStatusRemoteDNS.One(ctx, d, xmlapi.EmptyRequest{})
	switch {
	case unsupported(err):
		return refusal
	case err == nil && r.Status == nil:
		return xmlapi.Incomplete(dns.GetStatusRemoteDNS, "dns-status")
	}
	v.RemoteDNS = r.Status
	return err
}

func (v *settingsValue) findLocales(all []locale.GetResult) error {
	v.Locales = map[string]string{}
	for _, r := range all {
		if r.Info == nil || r.Info.ID == "" {
			return xmlapi.Incomplete(locale.Get, "info")
		}
		v.Locales[r.Info.ID] = strconv.FormatBool(r.Info.Enabled)
	}
	return nil
}

func (v *settingsValue) findHandlers(all []phphandler.Result) error {
	v.PHPHandlers = map[string]string{}
	for _, r := range all {
		if r.Handler == nil || r.Handler.ID == "" {
			return xmlapi.Incomplete(phphandler.Get, "id")
		}
		v.PHPHandlers[r.Handler.ID] = strconv.FormatBool(r.HandlerStatus == phphandler.Enabled)
	}
	return nil
}
