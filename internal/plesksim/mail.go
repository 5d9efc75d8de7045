// The mail operator: accounts of sites (operators-services §4). What an account is made of is in mail_account.go, the preferences of
// sites in mail_prefs.go.

package plesksim

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
)

// mailAccount is a name within a site. Lists are never changed in place.
type mailAccount struct {
	ID            int64
	Site          int64
	Name          string // the part before the @, as it was written
	Password      secret
	PanelAccess   bool `json:",omitempty"`
	Mailbox       bool
	Quota         int64    // bytes, as it was asked for; -1 is what the subscription's limit allows
	Forwarding    bool     `json:",omitempty"`
	Addresses     []string `json:",omitempty"` // that it forwards to
	Aliases       []string `json:",omitempty"`
	Autoresponder mail.Autoresponder
	Antivirus     string
	OutgoingLimit string `json:",omitempty"`
	Description   string `json:",omitempty"`
}

// mailState holds the table of mail accounts.
type mailState struct {
	MailAccounts    *table.Table[mailAccount]
	LastMailAccount int64

	mailBySite      *table.Index[mailAccount]
	mailByName      *table.Index[mailAccount] // by site and name
	mailboxesBySite *table.Index[mailAccount] // those with a mailbox
	aliasedBySite   *table.Index[mailAccount] // those with aliases
}

func newMailState() mailState {
	var s mailState
	s.MailAccounts = table.New(func(m *mailAccount) int64 { return m.ID })
	s.mailBySite = s.MailAccounts.Index(func(m *mailAccount) string { return idKey(m.Site) })
	s.mailByName = s.MailAccounts.Index(func(m *mailAccount) string { return mailKey(m.Site, m.Name) })
	s.mailboxesBySite = s.MailAccounts.Index(func(m *mailAccount) string {
		if !m.Mailbox {
			return ""
		}
		return idKey(m.Site)
	})
	s.aliasedBySite = s.MailAccounts.Index(func(m *mailAccount) string {
		if len(m.Aliases) == 0 {
			return ""
		}
		return idKey(m.Site)
	})
	return s
}

// mailKey is a name within a site as it is compared.
func mailKey(site int64, name string) string { return idKey(site) + "/" + foldName(name) }

func mailOperations() []operation {
	return []operation{
		many("mail/create", adminOrCustomer, mailCreate),
		many("mail/get_info", adminOrCustomer, mailGetInfo),
		many("mail/update/set", adminOrCustomer, mailSet),
		many("mail/update/add", adminOrCustomer, mailAdd),
		many("mail/update/remove", adminOrCustomer, mailTakeOut),
		one("mail/rename", adminOrCustomer, mailRename),
		many("mail/remove", adminOrCustomer, mailRemove),

		one("mail/enable", adminOrCustomer, mailEnable),
		one("mail/disable", adminOrCustomer, mailDisable),
		many("mail/get_prefs", adminOrCustomer, mailGetPrefs),
		many("mail/set_prefs", adminOrCustomer, mailSetPrefs),
		one("mail/get-available-mail-providers", adminOrCustomer, mailProviders),
	}
}

func noMailSite() *refusal { return refuse(xmlapi.CodeOwnerNotFound, "Domain does not exist.") }

// mailSite finds the site that an operation is about.
func (c *call) mailSite(id int64) (*site, error) {
	d := c.Sites.Get(id)
	switch {
	case d == nil:
		return nil, noMailSite()
	case !c.seesSite(d) && c.writes && c.opts.ForeignObjectsForbidden:
		return nil, permissionDenied()
	case !c.seesSite(d):
		return nil, noMailSite()
	case c.writes && !c.mailServerInstalled():
		return nil, refuse(xmlapi.CodeComponentMissing, "The mail server is not installed.")
	}
	return d, nil
}

func (s *state) mailServerInstalled() bool {
	return slices.ContainsFunc(s.Machine.Services, func(v service) bool { return v.ID == "smtp" && v.State != "none" })
}

// mailAccountOf finds an account of a site.
func (s *state) mailAccountOf(d *site, name string) (*mailAccount, error) {
	if m := s.mailByName.First(mailKey(d.ID, name)); m != nil {
		return m, nil
	}
	return nil, refuse(xmlapi.CodeNotFound, "Mail account %s does not exist.", name)
}

// mailNameTaken refuses a name that another account of the site has as its own or as an alias.
func (s *state) mailNameTaken(d *site, name string, self *mailAccount) error {
	taken := s.mailByName.First(mailKey(d.ID, name))
	for _, m := range s.aliasedBySite.All(idKey(d.ID)) {
		if taken == nil && m != self && containsFold(m.Aliases, name) {
			taken = m
		}
	}
	if taken != nil && taken != self {
		return refuse(xmlapi.CodeExists, "Mail account %s already exists.", name)
	}
	return nil
}

func containsFold(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return foldName(n) == foldName(name) })
}

func mailCreate(c *call, req mail.CreateRequest) ([]mail.CreateResult, error) {
	d, err := c.mailSite(req.Filter.SiteID)
	if err != nil {
		return nil, err
	}
	if !c.hasMailService(d) {
		return nil, refuse(xmlapi.CodeFailed, "There is no DSMail service for domain with id = %d", d.ID)
	}
	var results []mail.CreateResult
	for _, a := range req.Filter.Accounts {
		res := mail.CreateResult{Account: &mail.CreatedAccount{Name: a.Name}}
		if m, err := c.createMailAccount(d, a); err != nil {
			res.Result = c.failure(err)
		} else {
			res.Account.ID = m.ID
		}
		results = append(results, res)
	}
	return results, nil
}

func (c *call) createMailAccount(d *site, a mail.NewAccount) (*mailAccount, error) {
	if err := checkMailName(a.Name); err != nil {
		return nil, err
	}
	if err := c.mailNameTaken(d, a.Name, nil); err != nil {
		return nil, err
	}
	m := &mailAccount{Site: d.ID, Name: a.Name, Quota: unlimited, Antivirus: mail.AntivirusOff}
	if err := c.changeMailAccount(d, m, nil, changeOf(a)); err != nil {
		return nil, err
	}
	m.ID = next(&c.LastMailAccount)
	c.MailAccounts.Insert(m)
	c.usageChanged(d.Webspace)
	c.event("mailname", "created", idKey(m.ID))
	return m, nil
}

// changeOf is what makes a new account out of an empty one.
func changeOf(a mail.NewAccount) mail.AccountChange {
	change := mail.AccountChange{
		Name: a.Name, PanelAccess: a.PanelAccess, Aliases: a.Aliases, Autoresponder: a.Autoresponder, Antivirus: a.Antivirus,
		OutgoingLimit: a.OutgoingLimit, Description: a.Description,
	}
	if a.Mailbox != nil {
		change.Mailbox = &mail.Mailbox{Enabled: &a.Mailbox.Enabled, Quota: a.Mailbox.Quota}
	}
	if a.Forwarding != nil {
		change.Forwarding = &mail.Forwarding{Enabled: &a.Forwarding.Enabled, Addresses: a.Forwarding.Addresses}
	}
	if a.Password != nil {
		change.Password = &mail.Password{Value: &a.Password.Value, Type: a.Password.Type}
	}
	return change
}

// eachMailAccount answers a result per account of a site that a request names; act gets what the request gives for it.
func eachMailAccount[A any](c *call, siteID int64, given []A, name func(A) string, act func(*site, *mailAccount, A) error) ([]mail.AccountResult, error) {
	d, err := c.mailSite(siteID)
	if err != nil {
		return nil, err
	}
	var results []mail.AccountResult
	for _, g := range given {
		res := mail.AccountResult{Account: &mail.NamedAccount{Name: name(g)}}
		m, err := c.mailAccountOf(d, name(g))
		if err == nil {
			err = act(d, m, g)
		}
		if err != nil {
			res.Result = c.failure(err)
		}
		results = append(results, res)
	}
	return results, nil
}

func mailGetInfo(c *call, req mail.GetInfoRequest) ([]mail.GetInfoResult, error) {
	d, err := c.mailSite(req.Filter.SiteID)
	if err != nil {
		return nil, err
	}
	var results []mail.GetInfoResult
	if len(req.Filter.Names) == 0 {
		for _, m := range c.mailBySite.All(idKey(d.ID)) {
			results = append(results, mail.GetInfoResult{Account: c.mailInfo(d, m, req)})
		}
		return results, nil
	}
	for _, name := range req.Filter.Names {
		res := mail.GetInfoResult{}
		if m, err := c.mailAccountOf(d, name); err != nil {
			res.Result, res.Account = c.failure(err), &mail.Account{Name: name}
		} else {
			res.Account = c.mailInfo(d, m, req)
		}
		results = append(results, res)
	}
	return results, nil
}

// mailInfo is an account with the blocks that were asked for. The password is an empty element, PanelAccess is not told.
func (c *call) mailInfo(d *site, m *mailAccount, ask mail.GetInfoRequest) *mail.Account {
	info := &mail.Account{
		ID: m.ID, Name: m.Name, Password: &mail.Password{}, Antivirus: new(m.Antivirus), Description: new(m.Description),
	}
	if m.OutgoingLimit != "" {
		info.OutgoingLimit = new(m.OutgoingLimit)
	}
	if ask.Mailbox != nil {
		info.Mailbox = &mail.MailboxInfo{Enabled: new(m.Mailbox), Quota: new(c.mailboxQuota(d, m))}
	}
	if ask.MailboxUsage != nil {
		if info.Mailbox == nil {
			info.Mailbox = &mail.MailboxInfo{}
		}
		info.Mailbox.Usage = new(int64(0)) // there is no mail
	}
	if ask.Forwarding != nil {
		info.Forwarding = &mail.Forwarding{Enabled: new(m.Forwarding), Addresses: slices.Clone(m.Addresses)}
	}
	if ask.Aliases != nil {
		info.Aliases = slices.Clone(m.Aliases)
	}
	if ask.Autoresponder != nil {
		shown := overlay(mail.Autoresponder{Enabled: new(false)}, m.Autoresponder)
		info.Autoresponder = &shown
	}
	return info
}

// mailboxQuota is what a mailbox may hold: what was asked for, within what the subscription allows now.
func (c *call) mailboxQuota(d *site, m *mailAccount) int64 {
	most, bound := c.Webspaces.Get(d.Webspace).Limits["mbox_quota"]
	if bound && most != unlimited && (m.Quota == unlimited || m.Quota > most) {
		return most
	}
	return m.Quota
}

func mailRename(c *call, req mail.RenameRequest) (xmlapi.Result, error) {
	var none xmlapi.Result
	d, err := c.mailSite(req.SiteID)
	if err != nil {
		return none, err
	}
	m, err := c.mailAccountOf(d, req.Name)
	if err != nil {
		return none, err
	}
	if err := checkMailName(req.NewName); err != nil {
		return none, err
	}
	if err := c.mailNameTaken(d, req.NewName, m); err != nil {
		return none, err
	}
	if containsFold(m.Aliases, req.NewName) {
		return none, refuse(xmlapi.CodeExists, "Mail account %s already exists.", req.NewName)
	}
	c.MailAccounts.Change(m, func() { m.Name = req.NewName })
	c.event("mailname", "updated", idKey(m.ID))
	return none, nil
}

// mailRemove removes the named accounts or, without a name, all of the site.
func mailRemove(c *call, req mail.RemoveRequest) ([]mail.AccountResult, error) {
	names := req.Filter.Names
	if len(names) == 0 {
		for _, m := range c.mailBySite.All(idKey(req.Filter.SiteID)) {
			names = append(names, m.Name)
		}
	}
	itself := func(name string) string { return name }
	return eachMailAccount(c, req.Filter.SiteID, names, itself, func(_ *site, m *mailAccount, _ string) error {
		c.removeMailAccount(m)
		return nil
	})
}

func (c *call) removeMailAccount(m *mailAccount) {
	c.MailAccounts.Remove(m)
	c.usageChanged(c.Sites.Get(m.Site).Webspace)
	c.event("mailname", "deleted", idKey(m.ID))
}

// removeMailOf removes a site's accounts.
func (c *call) removeMailOf(d *site) {
	for _, m := range c.mailBySite.All(idKey(d.ID)) {
		c.removeMailAccount(m)
	}
}

// mailCount tells what accounts there are.
type mailCount struct{ mailboxes, redirects, groups, responders int64 }

func (n *mailCount) add(m *mailAccount) {
	if m.Mailbox {
		n.mailboxes++
	}
	switch {
	case m.Forwarding && len(m.Addresses) == 1:
		n.redirects++
	case m.Forwarding:
		n.groups++
	}
	if on := m.Autoresponder.Enabled; on != nil && *on {
		n.responders++
	}
}

// countMail counts the accounts of sites.
func (s *state) countMail(sites ...*site) mailCount {
	var n mailCount
	for _, d := range sites {
		for _, m := range s.mailBySite.All(idKey(d.ID)) {
			n.add(m)
		}
	}
	return n
}
