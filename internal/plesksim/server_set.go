// server/set: the administrator, the preferences, what the server is called (operators-accounts-server §13.2).

package plesksim

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// administration is what only the administrator's account has.
type administration struct {
	SendAnnounce  bool   `json:",omitempty"`
	SingleSession bool   `json:",omitempty"`
	UID           string `json:",omitempty"`
	GlobalLogin   string `json:",omitempty"`
	MailPassword  string `json:",omitempty"` // of the SMTP server that notifications go to; never answered
}

// serverSetFacets refuses values outside the lists and ranges that the server's own grammar has (operators-accounts-server §13.2).
func serverSetFacets(req server.SetRequest) error {
	p := req.Preferences
	if p == nil {
		p = &server.Preferences{}
	}
	for _, v := range []struct {
		name  string
		value *string
		set   []string
	}{
		{"mode", req.Mode, []string{"poweruser", "standard"}},
		{"outgoing_email_mode", p.OutgoingEmailMode, []string{"domain-ip", "domain-name", "explicit-ip"}},
		{"report_period", p.ReportPeriod, []string{"P1D", "P1W", "P2W", "P1M"}},
		{"notification_period", p.NotificationPeriod, []string{"PT15M", "PT1H", "PT6H", "PT12H", "P1D"}},
		{"ftp_over_ssl", p.FTPOverSSL, []string{"disabled", "enabled", "required", "custom"}},
		{"waf-rule-engine", p.WAFRuleEngine, []string{"on", "detection-only", "off"}},
	} {
		if v.value != nil && !slices.Contains(v.set, *v.value) {
			return facetError("Element '%s': [facet 'enumeration'] The value '%s' is not an element of the set {'%s'}.",
				v.name, *v.value, strings.Join(v.set, "', '"))
		}
	}
	var timeout *int
	if req.SessionSetup != nil {
		timeout = req.SessionSetup.LoginTimeout
	}
	for _, v := range []struct {
		name        string
		value       *int
		least, most int
	}{
		{"stat_ttl", p.StatisticsMonths, 1, math.MaxInt}, {"traffic_accounting", p.TrafficAccounting, 1, 3}, {"smtp_port", p.SMTPPort, 1, 65535},
		{"login_timeout", timeout, 1, 99999},
	} {
		if v.value != nil && *v.value < v.least {
			return facetError("Element '%s': [facet 'minInclusive'] The value '%d' is less than the minimum value allowed ('%d').", v.name, *v.value, v.least)
		}
		if v.value != nil && *v.value > v.most {
			return facetError("Element '%s': [facet 'maxInclusive'] The value '%d' is greater than the maximum value allowed ('%d').", v.name, *v.value, v.most)
		}
	}
	return nil
}

// facetError is a violation of the grammar. Its line is not known any more where it is found.
func facetError(format string, args ...any) error {
	return &schema.Error{Line: 1, Message: fmt.Sprintf(format, args...)}
}

// serverSet changes all that is given, or nothing.
func serverSet(c *call, req server.SetRequest) (xmlapi.Result, error) {
	var none xmlapi.Result
	admin, own, err := c.givenAdministrator(req.Admin)
	if err != nil {
		return none, err
	}
	if req.Password != nil {
		if err := c.checkPassword(admin.Login, req.Password.Reveal()); err != nil {
			return none, err
		}
		admin.Password = c.newPassword(req.Password.Reveal())
	}
	if p := req.Preferences; p != nil {
		if err := c.checkServerPreferences(p); err != nil {
			return none, err
		}
	}
	panel, mail, err := c.givenServerCertificates(req.Certificates)
	if err != nil {
		return none, err
	}

	if req.Admin != nil || req.Password != nil {
		c.changeAdministrator(admin, own)
	}
	if req.Preferences != nil {
		c.changeServerPreferences(*req.Preferences)
		c.event("admin_prefs", "updated", idKey(adminID))
	}
	if s := req.SessionSetup; s != nil && s.LoginTimeout != nil {
		c.Machine.LoginTimeout = *s.LoginTimeout
		c.event("session_preferences", "updated", idKey(adminID))
	}
	if req.ExternalID != nil {
		c.Machine.ExternalID = *req.ExternalID
	}
	if req.Mode != nil {
		c.Machine.Mode = *req.Mode
	}
	if req.Certificates != nil {
		c.PanelCertificate, c.MailCertificate = panel, mail
		c.event("admin_prefs", "updated", idKey(adminID))
	}
	return none, nil
}

// changeAdministrator makes a draft of the administrator the administrator.
func (c *call) changeAdministrator(admin account, own administration) {
	a := c.admin()
	c.Accounts.Change(a, func() { *a = admin })
	c.Administration = own
	c.event("admin_info", "updated", idKey(adminID))
}

// givenAdministrator is a draft of the administrator with what is given; fields that are not given stay.
func (c *call) givenAdministrator(given *server.Admin) (account, administration, error) {
	admin, own := *c.admin(), c.Administration
	if given == nil {
		return admin, own, nil
	}
	give(&own.UID, given.UID)
	give(&own.GlobalLogin, given.GlobalLogin)
	contact := given.AdminContact
	if contact == nil {
		return admin, own, nil
	}
	admin.ContactName, admin.Email = contact.ContactName, contact.Email
	give(&admin.CompanyName, contact.CompanyName)
	give(&admin.Phone, contact.Phone)
	give(&admin.Fax, contact.Fax)
	give(&admin.Address, contact.Address)
	give(&admin.City, contact.City)
	give(&admin.State, contact.State)
	give(&admin.PostalCode, contact.PostalCode)
	give(&admin.Country, contact.Country)
	give(&admin.Locale, contact.Locale)
	give(&own.SendAnnounce, contact.SendAnnounce)
	if contact.MultipleSessions != nil {
		own.SingleSession = !*contact.MultipleSessions
	}
	err := checkContact(&admin)
	return admin, own, err
}

// give sets a value where one is given.
func give[T any](to, given *T) {
	if given != nil {
		*to = *given
	}
}

// checkServerPreferences refuses what the grammar lets through.
func (c *call) checkServerPreferences(p *server.Preferences) error {
	for _, v := range []struct {
		name  string
		value *int
		least int
	}{
		{"max_connections", p.MaxConnections, 0}, {"max_connections_per_ip", p.MaxConnectionsPerIP, 0},
		{"outgoing_messages_mbox_limit", p.OutgoingMessagesMailboxLimit, unlimited},
		{"outgoing_messages_domain_limit", p.OutgoingMessagesDomainLimit, unlimited},
		{"outgoing_messages_subscription_limit", p.OutgoingMessagesSubscriptionLimit, unlimited},
		{"restart_apache_interval", p.RestartApacheInterval, 0},
	} {
		if v.value != nil && *v.value < v.least {
			return refuse(xmlapi.CodeInvalidValue, "The value of %s is invalid: %d.", v.name, *v.value)
		}
	}
	for _, ip := range []*string{p.OutgoingEmailModeExplicitIPv4, p.OutgoingEmailModeExplicitIPv6} {
		if ip != nil && *ip != "" && !slices.ContainsFunc(c.Addresses, func(a address) bool { return a.Address == *ip }) {
			return refuse(xmlapi.CodeAddressNotFound, "The IP address %s does not exist.", *ip)
		}
	}
	return nil
}

// changeServerPreferences lays preferences over those of the server.
func (c *call) changeServerPreferences(given server.Preferences) {
	if given.SMTPPassword != nil {
		c.Administration.MailPassword, given.SMTPPassword = given.SMTPPassword.Reveal(), nil
	}
	p := &c.Machine.Preferences
	p.Given = overlay(p.Given, given)
	give(&p.StatisticsMonths, given.StatisticsMonths)
	give(&p.RestartApacheInterval, given.RestartApacheInterval)
	give(&p.TrafficAccounting, given.TrafficAccounting)
}
