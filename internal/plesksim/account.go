// Accounts: the administrator, resellers and customers. They share ids and logins, and a customer can become a reseller and the reverse.

package plesksim

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

type accountKind string

const (
	kindAdmin    accountKind = "admin"
	kindReseller accountKind = "reseller"
	kindCustomer accountKind = "customer"
)

func (k accountKind) role() roles {
	switch k {
	case kindAdmin:
		return administrator
	case kindReseller:
		return reseller
	}
	return customerRole
}

// account is one of them. Only the administrator's Owner is 0.
type account struct {
	ID          int64
	Kind        accountKind
	Owner       int64
	GUID        string
	ExternalID  string
	Login       string
	Password    secret
	Created     string // YYYY-MM-DD
	Status      int    // its own reasons, without those that come from the owner
	CompanyName string
	ContactName string
	Phone       string
	Fax         string
	Email       string
	Address     string
	City        string
	State       string
	PostalCode  string
	Country     string
	Locale      string
	Description string
	resale      // of resellers only
}

// accountState holds the table of accounts.
type accountState struct {
	Accounts *table.Table[account]

	accountsByLogin      *table.Index[account]
	accountsByGUID       *table.Index[account]
	accountsByExternalID *table.Index[account]
	accountsByOwner      *table.Index[account]
	accountsByKind       *table.Index[account]
	accountsByPlan       *table.Index[account] // resellers by their reseller plan
}

func newAccountState() accountState {
	var s accountState
	s.Accounts = table.New(func(a *account) int64 { return a.ID })
	s.accountsByLogin = s.Accounts.Index(func(a *account) string { return foldName(a.Login) })
	s.accountsByGUID = s.Accounts.Index(func(a *account) string { return a.GUID })
	s.accountsByExternalID = s.Accounts.Index(func(a *account) string { return a.ExternalID })
	s.accountsByOwner = s.Accounts.Index(func(a *account) string { return idKey(a.Owner) })
	s.accountsByKind = s.Accounts.Index(func(a *account) string { return string(a.Kind) })
	s.accountsByPlan = s.Accounts.Index(func(a *account) string { return idKey(a.Plan) })
	return s
}

const adminID = 1

func (s *state) admin() *account { return s.Accounts.Get(adminID) }

// provider returns the account whose plans and addresses an account's subscriptions use: itself, or a customer's owner.
func (s *state) provider(a *account) *account {
	if a.Kind == kindCustomer {
		return s.Accounts.Get(a.Owner)
	}
	return a
}

// accountBy finds accounts by a filter kind that names them directly: id, login, guid, external-id.
func (s *state) accountBy(kind, value string) *account {
	switch kind {
	case "id":
		return s.Accounts.Get(idValue(value))
	case "login":
		return s.accountsByLogin.First(foldName(value))
	case "guid":
		return s.accountsByGUID.First(strings.ToLower(value))
	case "external-id":
		return s.accountsByExternalID.First(value)
	}
	return nil
}

// removeAccount removes an account with everything that it owns.
func (c *call) removeAccount(a *account) {
	for _, owned := range c.accountsByOwner.All(idKey(a.ID)) {
		c.removeAccount(owned)
	}
	for _, w := range c.webspacesByOwner.All(idKey(a.ID)) {
		c.removeWebspace(w)
	}
	for _, p := range c.plansByOwner.All(idKey(a.ID)) {
		c.removePlan(p)
	}
	c.removeLooks(a)
	c.removeSecretKeysOf(a)
	c.endSessionsOf(a)
	c.Accounts.Remove(a)
	c.event(eventClass(a.Kind), "deleted", idKey(a.ID))
}

// domainsOf is the inventory of the domains in the subscriptions that an account owns itself.
func (s *state) domainsOf(a *account) *xmlapi.DomainList {
	list := &xmlapi.DomainList{}
	for _, w := range s.webspacesByOwner.All(idKey(a.ID)) {
		for _, d := range s.sitesByWebspace.All(idKey(w.ID)) {
			entry := xmlapi.Domain{ID: d.ID, Name: d.Name, ASCIIName: d.ASCIIName, Type: "domain", Main: d.Kind == mainSite, GUID: d.GUID}
			if d.Kind == mainSite {
				entry.ExternalID = w.ExternalID
			}
			if d.Kind == subdomain {
				entry.Type, entry.ParentID = "subdomain", d.Parent
			}
			list.Domains = append(list.Domains, entry)
		}
		for _, d := range s.sitesByWebspace.All(idKey(w.ID)) {
			for _, al := range s.aliasesBySite.All(idKey(d.ID)) {
				list.Domains = append(list.Domains, xmlapi.Domain{ID: al.ID, Name: al.Name, ASCIIName: al.ASCIIName, Type: "alias", GUID: al.GUID, DomainID: d.ID})
			}
		}
	}
	slices.SortStableFunc(list.Domains, func(a, b xmlapi.Domain) int { return strings.Compare(a.ASCIIName, b.ASCIIName) })
	return list
}

// eventClass is the class of the events about an account of this kind.
func eventClass(k accountKind) string {
	if k == kindReseller {
		return "reseller"
	}
	return "client"
}

// loginTaken refuses a login that any account has, other than except.
func (s *state) loginTaken(login string, except *account) error {
	if a := s.accountsByLogin.First(foldName(login)); a != nil && a != except {
		return refuse(xmlapi.CodeAccountExists, "User account %s already exists.", login)
	}
	if s.adminAliasesByLogin.First(foldName(login)) != nil {
		return refuse(xmlapi.CodeAccountExists, "User account %s already exists.", login)
	}
	return nil
}

// accountLoginTaken is loginTaken for an account or its draft. Old servers have a different code for resellers.
func (c *call) accountLoginTaken(a, except *account) error {
	err := c.loginTaken(a.Login, except)
	if err != nil && a.Kind == kindReseller && c.opts.TakenResellerLoginInvalid {
		return refuse(xmlapi.CodeInvalidValue, "Unable to set login or password argument: the login %s is not unique.", a.Login)
	}
	return err
}

// settableAccountStatus are the bits that the status of an account may get.
const settableAccountStatus = statusDisabledAdmin | statusDisabledReseller

// checkNewAccount refuses what a new account cannot have, and what another account has already.
func (c *call) checkNewAccount(a *account, password string) error {
	if err := checkContact(a); err != nil {
		return err
	}
	if err := c.checkPassword(a.Login, password); err != nil {
		return err
	}
	if err := c.accountLoginTaken(a, nil); err != nil {
		return err
	}
	return c.externalIDTaken(a.ExternalID, a.Kind, nil)
}

// insertAccount gives a new account its ids and puts it in its table.
func (c *call) insertAccount(a *account, password string) {
	a.ID, a.GUID, a.Password, a.Created = next(&c.Sequences.Account), c.newGUID(), c.newPassword(password), c.now.Format(time.DateOnly)
	c.Accounts.Insert(a)
	c.event(eventClass(a.Kind), "created", idKey(a.ID))
}

// changedAccount is a copy of an account with the given values, when all of them are acceptable.
func (c *call) changedAccount(a *account, g customer.SetGenInfo) (account, error) {
	changed := *a
	for _, v := range []struct {
		to   *string
		from *string
	}{
		{&changed.CompanyName, g.CompanyName}, {&changed.ContactName, g.ContactName}, {&changed.Login, g.Login},
		{&changed.Phone, g.Phone}, {&changed.Fax, g.Fax}, {&changed.Email, g.Email}, {&changed.Address, g.Address},
		{&changed.City, g.City}, {&changed.State, g.State}, {&changed.PostalCode, g.PostalCode}, {&changed.Country, g.Country},
		{&changed.Locale, g.Locale}, {&changed.ExternalID, g.ExternalID}, {&changed.Description, g.Description},
	} {
		if v.from != nil {
			*v.to = *v.from
		}
	}
	if changed.Locale == "" {
		changed.Locale = c.Machine.Locale
	}
	if err := checkContact(&changed); err != nil {
		return changed, err
	}
	if err := c.accountLoginTaken(&changed, a); err != nil {
		return changed, err
	}
	if err := c.externalIDTaken(changed.ExternalID, a.Kind, a); err != nil {
		return changed, err
	}
	if g.Status != nil {
		status, err := c.changeStatus(a.Status, *g.Status, settableAccountStatus)
		if err != nil {
			return changed, err
		}
		changed.Status = status
	}
	if g.Password != nil {
		if err := c.checkPassword(changed.Login, g.Password.Reveal()); err != nil {
			return changed, err
		}
		changed.Password = c.newPassword(g.Password.Reveal())
	}
	if g.GUID != nil {
		changed.GUID = c.newGUID()
	}
	return changed, nil
}

// replaceAccount puts a changed copy of an account in its place. It returns what the account was.
func (c *call) replaceAccount(a *account, changed account) (was account) {
	was = *a
	c.Accounts.Change(a, func() { *a = changed })
	return was
}

// genInfoEvents records what was changed of an account beyond its rights.
func (c *call) genInfoEvents(a *account, was account) {
	class := eventClass(a.Kind)
	c.event(class, "updated", idKey(a.ID))
	if a.Status != was.Status {
		c.event(class+"_status", "updated", idKey(a.ID))
	}
	if a.GUID != was.GUID {
		c.event(class, "guid_changed", idKey(a.ID))
	}
}

// externalIDTaken refuses an external id that another account of the same kind has.
func (c *call) externalIDTaken(externalID string, kind accountKind, except *account) error {
	if externalID == "" || c.opts.AllowDuplicateExternalIDs {
		return nil
	}
	for _, a := range c.accountsByExternalID.All(externalID) {
		if a != except && a.Kind == kind {
			return refuse(xmlapi.CodeExists, "An account with the external id %s already exists.", externalID)
		}
	}
	return nil
}

var (
	loginPattern   = regexp.MustCompile(`^[\pL\pN][\pL\pN._@+-]*$`)
	emailPattern   = regexp.MustCompile(`^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$`)
	countryPattern = regexp.MustCompile(`^[A-Z]{2}$`)
	localePattern  = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z]{2,4})?$`)
	phonePattern   = regexp.MustCompile(`^[0-9 +().-]*$`)
)

// checkContact refuses values that an account cannot have. They are free strings to the schema (operators-accounts-server §7).
func checkContact(a *account) error {
	for _, v := range []struct {
		name, value string
		min, max    int
		pattern     *regexp.Regexp
	}{
		{"company name", a.CompanyName, 0, 60, nil},
		{"contact name", a.ContactName, 1, 60, nil},
		{"login", a.Login, 1, 60, loginPattern},
		{"phone", a.Phone, 0, 30, phonePattern},
		{"fax", a.Fax, 0, 30, phonePattern},
		{"email", a.Email, 0, 255, emailPattern},
		{"address", a.Address, 0, 255, nil},
		{"country", a.Country, 0, 2, countryPattern},
		{"locale", a.Locale, 1, 10, localePattern},
	} {
		n := utf8.RuneCountInString(v.value)
		if n < v.min || n > v.max || n > 0 && v.pattern != nil && !v.pattern.MatchString(v.value) {
			return refuse(xmlapi.CodeInvalidValue, "The value of the %s is invalid: '%s'.", v.name, v.value)
		}
	}
	return nil
}

// checkPassword refuses what no password of an account with the login may hold (protocol-core §6), and then what the policy finds too
// weak: it wants at least six characters of two kinds.
func (c *call) checkPassword(login, password string) error {
	if strings.ContainsFunc(password, neverInPasswords) || login != "" && strings.Contains(foldName(password), foldName(login)) {
		return refuse(xmlapi.CodeInvalidValue, "The password cannot contain quotes, blanks, letters outside ASCII or the login.")
	}
	if c.opts.AllowWeakPasswords {
		return nil
	}
	kinds := map[int]bool{}
	for _, r := range password {
		switch {
		case r >= '0' && r <= '9':
			kinds[0] = true
		case r >= 'a' && r <= 'z':
			kinds[1] = true
		case r >= 'A' && r <= 'Z':
			kinds[2] = true
		default:
			kinds[3] = true
		}
	}
	if utf8.RuneCountInString(password) < 6 || len(kinds) < 2 {
		return refuse(xmlapi.CodeInvalidValue, "Your password is not complex enough.")
	}
	return nil
}

func neverInPasswords(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\'' }

// foldName is a name as it is compared: logins are equal whatever their case.
func foldName(name string) string { return strings.ToLower(name) }
