// server/set: the administrator, the preferences, what the server is called (operators-accounts-server §13.2).

package plesksim

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
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

// serverSet changes all that is given, or nothing.
func serverSet(c *call, req server.SetRequest) (xmlapi.Result, error) {
	var none xmlapi.Result
	admin, own, err := c.givenAdministrator(req.Admin)
	if err != nil {
		return none, err
	}
	if req.Password != nil {
		if err := c.checkPassword(req.Password.Reveal()); err != nil {
			return none, err
		}
		admin.Password = c.newPassword(req.Password.Reveal())
	}
	if p := req.Preferences; p != nil {
		if err := c.checkServerPreferences(p); err != nil {
			return none, err
		}
	}
	if err := c.checkServerCertificates(req.Certificates); err != nil {
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
	return none, nil
}

// changeAdministrator makes a draft of the administrator the administrator.
func (c *call) changeAdministrator(admin account, own administration) {
	a := c.admin()
	c.Accounts.change(a, func() { *a = admin })
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
	return admin, own, checkContact(&admin)
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
		{"stat_ttl", p.StatisticsMonths, 1}, {"restart_apache_interval", p.RestartApacheInterval, 0},
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

// checkServerCertificates refuses certificates that the administrator's repository does not hold.
func (c *call) checkServerCertificates(given *server.Certificates) error {
	if given == nil {
		return nil
	}
	for _, k := range []*server.Certificate{given.Panel, given.MailServer} {
		if k != nil && (k.Admin == nil || k.Name != defaultCertificate) {
			return refuse(xmlapi.CodeNotFound, "Certificate %s does not exist.", k.Name)
		}
	}
	return nil
}
