// Accounts: the administrator, resellers and customers. They share ids and logins, and one becomes the other.

package plesksim

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
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

// account is one of them. Owner is 0 for the administrator alone.
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

	// Resellers only.
	Limits      map[string]int64 `json:",omitempty"`
	Permissions map[string]bool  `json:",omitempty"`
	Addresses   []poolAddress    `json:",omitempty"`
	PowerUser   bool             `json:",omitempty"`
}

// poolAddress is an address that a reseller may give away.
type poolAddress struct {
	Address string
	Type    string
}

const adminID = 1

func (s *state) admin() *account { return s.Accounts.get(adminID) }

// provider returns the account whose plans and addresses an account's subscriptions use: itself, or a customer's owner.
func (s *state) provider(a *account) *account {
	if a.Kind == kindCustomer {
		return s.Accounts.get(a.Owner)
	}
	return a
}

// accountBy finds accounts by a filter kind that names them directly: id, login, guid, external-id.
func (s *state) accountBy(kind, value string) *account {
	switch kind {
	case "id":
		return s.Accounts.get(idValue(value))
	case "login":
		return s.accountsByLogin.first(foldName(value))
	case "guid":
		return s.accountsByGUID.first(strings.ToLower(value))
	case "external-id":
		return s.accountsByExternalID.first(value)
	}
	return nil
}

// removeAccount takes an account away with everything that it owns.
func (c *call) removeAccount(a *account) {
	for _, owned := range c.accountsByOwner.all(idKey(a.ID)) {
		c.removeAccount(owned)
	}
	for _, w := range c.webspacesByOwner.all(idKey(a.ID)) {
		c.removeWebspace(w)
	}
	for _, p := range c.plansByOwner.all(idKey(a.ID)) {
		c.removePlan(p)
	}
	c.removeLooks(a)
	c.removeLoginsOf(a)
	c.Accounts.remove(a)
	c.event(eventClass(a.Kind), "deleted", idKey(a.ID))
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
	if a := s.accountsByLogin.first(foldName(login)); a != nil && a != except {
		return refuse(xmlapi.CodeAccountExists, "User account %s already exists.", login)
	}
	if s.adminAliasesByLogin.first(foldName(login)) != nil {
		return refuse(xmlapi.CodeAccountExists, "User account %s already exists.", login)
	}
	return nil
}

// externalIDTaken refuses an external id that another account of the same kind has.
func (c *call) externalIDTaken(externalID string, kind accountKind, except *account) error {
	if externalID == "" || c.opts.AllowDuplicateExternalIDs {
		return nil
	}
	for _, a := range c.accountsByExternalID.all(externalID) {
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

// checkPassword is the password policy: at least six characters of two kinds.
func (c *call) checkPassword(password string) error {
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

// foldName is a name as it is compared: logins are equal whatever their case.
func foldName(name string) string { return strings.ToLower(name) }
