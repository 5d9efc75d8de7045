// Writing the settings that change.

package panel

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/locale"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/phphandler"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// callsPerPacket bounds what one packet does.
const callsPerPacket = 50

// write is one operation of an update.
type write struct {
	call    xmlapi.Caller
	outcome func() error // once it is sent
}

func writing[Req any, Res xmlapi.Outcomer](op xmlapi.Operation[Req, Res], req Req) write {
	c := op.Call(req)
	return write{c, c.Err}
}

// adding is an add to a list: what is there already need not be added.
func adding[Req any, Res xmlapi.Outcomer](op xmlapi.Operation[Req, Res], req Req) write {
	c := op.Call(req)
	return write{c, func() error {
		if err := c.Err(); xmlapi.ClassOf(err) != xmlapi.Exists {
			return err
		}
		return nil
	}}
}

// removing is a removal from a list: what is gone already is no failure.
func removing[Req any, Res xmlapi.Outcomer](op xmlapi.Operation[Req, Res], req Req) write {
	c := op.Call(req)
	return write{c, func() error {
		if err := c.Err(); !xmlapi.IsNotFound(err) {
			return err
		}
		return nil
	}}
}

// Update writes what differs and nothing else. What is to come is added before what is to go is removed; the first refusal is told once all is tried.
func (ServerSettings) Update(ctx context.Context, d xmlapi.Doer, u engine.Update[settingsValue]) error {
	if err := known(u); err != nil {
		return err
	}
	p := u.Patch
	var writes []write
	if r := p.setRequest(); r != (server.SetRequest{}) {
		writes = append(writes, writing(server.Set, r))
	}
	if p.MailCertificate != nil {
		c := &server.Certificate{Name: *p.MailCertificate, Repository: hosting.OfServer()}
		writes = append(writes, writing(server.Set, server.SetRequest{Certificates: &server.Certificates{MailServer: c}})) // alone: it may not be there yet
	}
	if p.Recursion != nil {
		writes = append(writes, writing(dns.SetRecursion, dns.SetRecursionRequest{Value: *recursionWords.Wire(p.Recursion)}))
	}
	if p.RemoteDNS != nil {
		writes = append(writes, writing(either(*p.RemoteDNS, dns.EnableRemoteDNS, dns.DisableRemoteDNS), xmlapi.EmptyRequest{}))
	}
	for _, id := range slices.Sorted(maps.Keys(p.Locales)) {
		writes = append(writes, writing(either(p.Locales[id] == "true", locale.Enable, locale.Disable), xmlapi.FilterRequest{Filter: locale.ByID(id)}))
	}
	for _, id := range slices.Sorted(maps.Keys(p.PHPHandlers)) {
		if p.PHPHandlers[id] == "true" {
			writes = append(writes, writing(phphandler.Enable, xmlapi.FilterRequest{Filter: phphandler.ByID(id)}))
		} else {
			writes = append(writes, writing(phphandler.Disable, xmlapi.FilterRequest{Filter: phphandler.ByID(id)}))
		}
	}
	writes = append(writes, memberWrites(u)...)
	if p.Enforced != nil {
		writes = append(writes, writing(either(*p.Enforced, server.DomainRestrictionEnable, server.DomainRestrictionDisable), xmlapi.EmptyRequest{}))
	}
	return send(ctx, d, writes)
}

func either[O any](yes bool, a, b O) O {
	if yes {
		return a
	}
	return b
}

// known refuses languages and handlers that the server does not have, before anything is written.
func known(u engine.Update[settingsValue]) error {
	for _, set := range []struct {
		field      string
		want, have map[string]string
	}{{"spec.locales", u.Patch.Locales, u.Have.Locales}, {"spec.phpHandlers", u.Patch.PHPHandlers, u.Have.PHPHandlers}} {
		for _, id := range slices.Sorted(maps.Keys(set.want)) {
			if _, there := set.have[id]; !there {
				return engine.Invalid(set.field+"."+id, "the server has none with this id")
			}
		}
	}
	return nil
}

// memberWrites are the changes of the lists.
func memberWrites(u engine.Update[settingsValue]) []write {
	var adds, removals []write
	for _, c := range u.Changes {
		switch {
		case c.Field == "dns.transferACL" && c.To != "":
			adds = append(adds, adding(dns.AddToACL, xmlapi.FilterRequest{Filter: dns.ByHost(c.To)}))
		case c.Field == "dns.transferACL":
			removals = append(removals, removing(dns.RemoveFromACL, xmlapi.FilterRequest{Filter: dns.ByHost(u.Have.hosts[c.From])}))
		case c.Field == "prohibitedDomains.names" && c.To != "":
			adds = append(adds, adding(server.DomainRestrictionAdd, server.DomainRestrictionRequest{Name: form.FullDomain(c.To)}))
		case c.Field == "prohibitedDomains.names":
			removals = append(removals, removing(server.DomainRestrictionRemove, server.DomainRestrictionRequest{Name: form.FullDomain(c.From)}))
		}
	}
	return append(adds, removals...)
}

// setRequest is what server/set writes of the settings.
func (v settingsValue) setRequest() server.SetRequest {
	p := server.Preferences{
		MaxConnections: v.MaxConnections, MaxConnectionsPerIP: v.MaxConnectionsPerIP, OutgoingEmailMode: outgoingWords.Wire(v.OutgoingMode),
		OutgoingEmailModeExplicitIPv4: v.OutgoingIPv4, OutgoingEmailModeExplicitIPv6: v.OutgoingIPv6, OutgoingAntispam: v.ControlEnabled, EnableSendmail: v.Sendmail,
		OutgoingMessagesMailboxLimit: v.MailboxLimit, OutgoingMessagesDomainLimit: v.DomainLimit, OutgoingMessagesSubscriptionLimit: v.SubscriptionLimit,
		ReportPeriod: reportWords.Wire(v.ReportPeriod), NotificationPeriod: notificationWords.Wire(v.NotificationPeriod),
		MailNotifications: v.Notifications, SMTPUseDefaultSettings: v.UseDefaultSettings, SMTPHost: v.SMTPHost, SMTPPort: v.SMTPPort, SMTPLogin: v.SMTPLogin,
		SMTPTLS: v.SMTPTLS, SMTPAllowUsers: v.SMTPForUsers,
		StatisticsMonths: v.RetentionMonths, IncludeRemoteDatabases: v.IncludeRemoteDatabases, TrafficAccounting: trafficBits(v.Traffic),
		RestartApacheInterval: v.RestartInterval, ApachePipelog: v.PipedLogs, PreviewProtection: v.PreviewProtection,
		WAFRuleEngine: firewallWords.Wire(v.FirewallMode), WAFRuleSet: v.FirewallRuleSet, FTPOverSSL: ftpWords.Wire(v.FTPOverTLS),
		APSForceUpdates: v.ForceUpdates, APSSuggestUpdates: v.SuggestUpdates,
	}
	r := server.SetRequest{Mode: viewWords.Wire(v.View)}
	if p != (server.Preferences{}) {
		r.Preferences = &p
	}
	if v.SessionTimeout != nil {
		r.SessionSetup = &server.SessionSetup{LoginTimeout: new(int(*v.SessionTimeout / time.Minute))}
	}
	return r
}

// trafficBits is a word for traffic as the wire has it.
func trafficBits(word *string) *int {
	if word == nil {
		return nil
	}
	n, err := strconv.Atoi(*trafficWords.Wire(word))
	if err != nil {
		return nil // the schema lets no other word through
	}
	return &n
}

// send sends the writes in as many packets as it takes.
func send(ctx context.Context, d xmlapi.Doer, writes []write) error {
	for some := range slices.Chunk(writes, callsPerPacket) {
		var calls []xmlapi.Caller
		for _, w := range some {
			calls = append(calls, w.call)
		}
		if err := d.Do(ctx, calls...); err != nil {
			return err
		}
	}
	for _, w := range writes {
		if err := w.outcome(); err != nil {
			return err
		}
	}
	return nil
}
