// What a mail account is made of, and how update changes it (operators-services §4.1, §4.2).

package plesksim

import (
	"reflect"
	"regexp"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
)

var mailNamePattern = regexp.MustCompile(`^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*$`)

// checkMailName refuses what cannot stand before an @.
func checkMailName(name string) error {
	if len(name) > 64 || !mailNamePattern.MatchString(name) {
		return refuse(xmlapi.CodeInvalidValue, "The mail name '%s' is invalid.", name)
	}
	return nil
}

func checkAddress(address string) error {
	if len(address) > 255 || !emailPattern.MatchString(address) {
		return refuse(xmlapi.CodeInvalidValue, "The e-mail address '%s' is invalid.", address)
	}
	return nil
}

func mailSet(c *call, req mail.UpdateSetRequest) ([]mail.AccountResult, error) {
	name := func(a mail.AccountChange) string { return a.Name }
	return eachMailAccount(c, req.Filter.SiteID, req.Filter.Accounts, name, func(d *site, m *mailAccount, change mail.AccountChange) error {
		if change.ID != nil && *change.ID != m.ID {
			return refuse(xmlapi.CodeNotFound, "Mail account %s does not exist.", m.Name)
		}
		changed := *m
		if err := c.changeMailAccount(d, &changed, m, change); err != nil {
			return err
		}
		c.commitMailAccount(m, changed)
		return nil
	})
}

// commitMailAccount puts a changed copy of an account in its place.
func (c *call) commitMailAccount(m *mailAccount, changed mailAccount) {
	answers, antivirus := m.Autoresponder, m.Antivirus
	c.MailAccounts.Change(m, func() { *m = changed })
	c.usageChanged(c.Sites.Get(m.Site).Webspace)
	c.event("mailname", "updated", idKey(m.ID))
	if !reflect.DeepEqual(answers, m.Autoresponder) {
		c.event("mailname_autoresponder", "updated", idKey(m.ID))
	}
	if antivirus != m.Antivirus {
		c.event("mailname_antivirus", "updated", idKey(m.ID))
	}
}

// changeMailAccount replaces what a change gives in m, which is not in its table: a new account, or the copy of self.
func (c *call) changeMailAccount(d *site, m, self *mailAccount, change mail.AccountChange) error {
	if change.PanelAccess != nil {
		m.PanelAccess = *change.PanelAccess
	}
	if err := c.changeMailbox(d, m, change.Mailbox); err != nil {
		return err
	}
	if err := changeForwarding(m, change.Forwarding); err != nil {
		return err
	}
	if len(change.Aliases) > 0 {
		m.Aliases = nil
		if err := c.addAliases(d, m, self, change.Aliases); err != nil {
			return err
		}
	}
	if a := change.Autoresponder; a != nil {
		if err := checkAutoresponder(*a); err != nil {
			return err
		}
		m.Autoresponder = withReplyDefaults(overlay(m.Autoresponder, *a))
	}
	if err := c.changeMailLogin(m, change); err != nil {
		return err
	}
	if err := c.changeAntivirus(d, m, change.Antivirus); err != nil {
		return err
	}
	if change.OutgoingLimit != nil {
		if err := checkOutgoing(hosting.OutgoingMail{MailboxLimit: change.OutgoingLimit}); err != nil {
			return err
		}
		m.OutgoingLimit = *change.OutgoingLimit
	}
	if change.Description != nil {
		m.Description = *change.Description
	}
	return nil
}

func (c *call) changeMailbox(d *site, m *mailAccount, given *mail.Mailbox) error {
	if given == nil {
		return nil
	}
	w := c.Webspaces.Get(d.Webspace)
	if given.Enabled != nil {
		if *given.Enabled && !m.Mailbox {
			if err := c.roomFor(w, "max_box"); err != nil {
				return err
			}
		}
		m.Mailbox = *given.Enabled
	}
	if given.Quota == nil {
		return nil
	}
	if *given.Quota < unlimited {
		return refuse(xmlapi.CodeInvalidValue, "The mailbox quota %d is invalid.", *given.Quota)
	}
	if most, bound := w.Limits["mbox_quota"]; bound && most != unlimited && *given.Quota > most {
		return refuse(xmlapi.CodeLimit, "The mailbox quota cannot be more than %d.", most)
	}
	m.Quota = *given.Quota
	return nil
}

// changeForwarding replaces the addresses when there are some, and clears them when forwarding is switched off without any.
func changeForwarding(m *mailAccount, given *mail.Forwarding) error {
	if given == nil {
		return nil
	}
	if given.Enabled != nil {
		m.Forwarding = *given.Enabled
	}
	if len(given.Addresses) > 0 || given.Enabled != nil && !*given.Enabled {
		m.Addresses = nil
	}
	return addForwarding(m, given.Addresses)
}

// addForwarding adds addresses; those that are there already stay. Forwarding that is on needs one.
func addForwarding(m *mailAccount, addresses []string) error {
	m.Addresses = slices.Clone(m.Addresses)
	for _, a := range addresses {
		if err := checkAddress(a); err != nil {
			return err
		}
		if !containsFold(m.Addresses, a) {
			m.Addresses = append(m.Addresses, a)
		}
	}
	if m.Forwarding && len(m.Addresses) == 0 {
		return refuse(xmlapi.CodeInvalidValue, "Mail forwarding needs an address.")
	}
	return nil
}

// addAliases adds names that no account of the site has yet, neither as its name nor as an alias.
func (c *call) addAliases(d *site, m, self *mailAccount, aliases []string) error {
	m.Aliases = slices.Clone(m.Aliases)
	for _, alias := range aliases {
		if err := checkMailName(alias); err != nil {
			return err
		}
		if foldName(alias) == foldName(m.Name) || containsFold(m.Aliases, alias) {
			return refuse(xmlapi.CodeExists, "The mail alias %s already exists.", alias)
		}
		if err := c.mailNameTaken(d, alias, self); err != nil {
			return err
		}
		m.Aliases = append(m.Aliases, alias)
	}
	return nil
}

// checkAutoresponder refuses what the grammar lets through. Attachments are assumed to have been uploaded.
func checkAutoresponder(a mail.Autoresponder) error {
	if t := text(a.ContentType); t != "" && t != "text/plain" && t != "text/html" {
		return refuse(xmlapi.CodeInvalidValue, "The content type '%s' is invalid.", t)
	}
	if to := text(a.Forward); to != "" {
		return checkAddress(to)
	}
	return nil
}

// withReplyDefaults is an automatic reply with the server's defaults for what was not given (operators-services, corrections of §4).
func withReplyDefaults(a mail.Autoresponder) mail.Autoresponder {
	return overlay(mail.Autoresponder{Subject: new("Re: <request_subject>"), ContentType: new("text/plain"), Charset: new("UTF-8")}, a)
}

// lastWithPasswordType is the last protocol whose mail passwords were refused without their type.
const lastWithPasswordType = "1.6.0.2"

// changeMailLogin changes what the account's owner logs in with. Accounts of additional users need a user, whom no operation
// of this protocol makes.
func (c *call) changeMailLogin(m *mailAccount, change mail.AccountChange) error {
	if change.UserGUID != nil {
		return refuse(xmlapi.CodeNotFound, "User does not exist.")
	}
	if change.Password == nil || change.Password.Value == nil {
		return nil
	}
	password := change.Password.Value.Reveal()
	switch {
	case change.Password.Type == nil && c.speaksAtMost(lastWithPasswordType):
		return refuse(xmlapi.CodeFailed, "The type of the password is not given.")
	case text(change.Password.Type) == mail.Crypt && c.onWindows():
		return refuse(xmlapi.CodeInvalidValue, "Encrypted passwords are not supported on this platform.")
	}
	if kind := text(change.Password.Type); kind == "" || kind == mail.Plain {
		if err := c.checkPassword(m.Name, password); err != nil {
			return err
		}
	}
	m.Password = c.newPassword(password)
	return nil
}

// changeAntivirus changes which mail is checked, which takes a permission of the subscriber.
func (c *call) changeAntivirus(d *site, m *mailAccount, given *string) error {
	if given == nil || *given == m.Antivirus {
		return nil
	}
	if c.who.role == customerRole && !c.Webspaces.Get(d.Webspace).Permissions["manage_virusfilter"] {
		return permissionDenied()
	}
	m.Antivirus = *given
	return nil
}

// listOwner is the name of the account whose lists are changed.
func listOwner(a mail.AccountList) string { return a.Name }

// mailAdd adds to lists and keeps what is in them.
func mailAdd(c *call, req mail.UpdateListsRequest) ([]mail.AccountResult, error) {
	return eachMailAccount(c, req.Filter.SiteID, req.Filter.Accounts, listOwner, func(d *site, m *mailAccount, given mail.AccountList) error {
		changed := *m
		if given.PanelAccess != nil {
			changed.PanelAccess = *given.PanelAccess
		}
		if f := given.Forwarding; f != nil {
			if f.Enabled != nil {
				changed.Forwarding = *f.Enabled
			}
			if err := addForwarding(&changed, f.Addresses); err != nil {
				return err
			}
		}
		if err := c.addAliases(d, &changed, m, given.Aliases); err != nil {
			return err
		}
		if a := given.Autoresponder; a != nil {
			if err := checkAutoresponder(*a); err != nil {
				return err
			}
			attachments := append(slices.Clone(changed.Autoresponder.Attachments), a.Attachments...)
			changed.Autoresponder = withReplyDefaults(overlay(changed.Autoresponder, *a))
			changed.Autoresponder.Attachments = attachments
		}
		c.commitMailAccount(m, changed)
		return nil
	})
}

// mailTakeOut removes members from lists and keeps the others; to remove what is not in a list is no error. Forwarding ends with its last
// address. Of an automatic reply the named attachments are removed or, if none are named, the whole reply.
func mailTakeOut(c *call, req mail.UpdateListsRequest) ([]mail.AccountResult, error) {
	return eachMailAccount(c, req.Filter.SiteID, req.Filter.Accounts, listOwner, func(_ *site, m *mailAccount, given mail.AccountList) error {
		changed := *m
		if given.PanelAccess != nil {
			changed.PanelAccess = false
		}
		if f := given.Forwarding; f != nil {
			if f.Enabled != nil {
				changed.Forwarding = *f.Enabled
			}
			changed.Addresses = withoutFold(changed.Addresses, f.Addresses)
			changed.Forwarding = changed.Forwarding && len(changed.Addresses) > 0
		}
		changed.Aliases = withoutFold(changed.Aliases, given.Aliases)
		switch a := given.Autoresponder; {
		case a != nil && len(a.Attachments) > 0:
			gone := func(f mail.Attachment) bool {
				return slices.ContainsFunc(a.Attachments, func(g mail.Attachment) bool { return text(g.FileName) == text(f.FileName) })
			}
			changed.Autoresponder.Attachments = slices.DeleteFunc(slices.Clone(changed.Autoresponder.Attachments), gone)
		case a != nil:
			changed.Autoresponder = mail.Autoresponder{}
		}
		c.commitMailAccount(m, changed)
		return nil
	})
}

// withoutFold is a copy of names that lacks some.
func withoutFold(names, gone []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return containsFold(gone, n) })
}
