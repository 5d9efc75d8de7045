// The server operator: additional administrators, prohibited domain names, the connection to the billing system
// (operators-accounts-server §13.3).

package plesksim

import (
	"net/url"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// serverState is what the server operator keeps beside the machine.
type serverState struct {
	Administration  administration
	AdminAliases    *table.Table[adminAlias]
	LastAdminAlias  int64
	Restricted      []string // names in punycode
	RestrictedInUse bool     // they may not be used
	Misc            map[string]string
	Stopped         map[string]bool // services that were stopped by hand
	Unconfigured    bool            // the initial setup is not done
	Licence         licences
	Billing         *billing

	adminAliasesByLogin *table.Index[adminAlias]
}

func newServerState() serverState {
	s := serverState{Misc: map[string]string{}, Stopped: map[string]bool{}}
	s.AdminAliases = table.New(func(a *adminAlias) int64 { return a.ID })
	s.adminAliasesByLogin = s.AdminAliases.Index(func(a *adminAlias) string { return foldName(a.Login) })
	return s
}

// adminAlias is an additional administrator. No operation shows one.
type adminAlias struct {
	ID       int64
	Login    string
	Password secret
	Email    string
	Contact  string
	Comment  string
	Disabled bool
}

// billing is the connection to the vendor's former billing system.
type billing struct{ URL, AccessHash, Version, Remote string }

// additionalAdministrator lets an additional administrator in, who may do what the administrator may. It returns the zero caller if the
// exchange has no such login.
func (s *Server) additionalAdministrator(x *exchange) (caller, *refusal) {
	a := s.state.adminAliasesByLogin.First(foldName(header(x.r, "HTTP_AUTH_LOGIN")))
	switch {
	case a == nil || header(x.r, "KEY") != "":
		return caller{}, nil
	case !a.Password.matches(header(x.r, "HTTP_AUTH_PASSWD")):
		return caller{}, refuse(xmlapi.CodeAuthentication, "You have entered incorrect username or password.")
	case a.Disabled:
		return caller{}, refuse(xmlapi.CodeAccountDisabled, "Your account is disabled.")
	}
	return caller{account: adminID, login: a.Login, role: administrator, host: x.peer}, nil
}

func serverAddAdminAlias(c *call, req server.AddAdminAliasRequest) (xmlapi.Result, error) {
	var none xmlapi.Result
	if req.Data.Login == nil || req.Data.Password == nil {
		return none, refuse(xmlapi.CodeInvalidValue, "An additional administrator needs a login and a password.")
	}
	a := &adminAlias{}
	if err := c.changeAdminAlias(a, req.Data); err != nil {
		return none, err
	}
	a.ID = next(&c.LastAdminAlias)
	c.AdminAliases.Insert(a)
	c.event("admin_alias", "created", idKey(a.ID))
	return none, nil
}

// serverSetAdminAlias changes all that the filter names, or nothing: there is one result for all.
func serverSetAdminAlias(c *call, req server.SetAdminAliasRequest) (xmlapi.Result, error) {
	var none xmlapi.Result
	aliases, err := c.adminAliases(req.Filter)
	if err != nil {
		return none, err
	}
	if len(aliases) > 1 && req.Data.Login != nil {
		return none, refuse(xmlapi.CodeInvalidValue, "Several administrators cannot have the login %s.", *req.Data.Login)
	}
	drafts := make([]adminAlias, len(aliases))
	for i, a := range aliases {
		drafts[i] = *a
		if err := c.changeAdminAlias(&drafts[i], req.Data); err != nil {
			return none, err
		}
	}
	for i, a := range aliases {
		c.AdminAliases.Change(a, func() { *a = drafts[i] })
		c.event("admin_alias", "updated", idKey(a.ID))
	}
	return none, nil
}

func serverDelAdminAlias(c *call, req xmlapi.FilterRequest) (xmlapi.Result, error) {
	aliases, err := c.adminAliases(req.Filter)
	if err != nil {
		return xmlapi.Result{}, err
	}
	for _, a := range aliases {
		c.AdminAliases.Remove(a)
		c.event("admin_alias", "deleted", idKey(a.ID))
	}
	return xmlapi.Result{}, nil
}

// adminAliases returns the additional administrators with the logins, each once.
func (c *call) adminAliases(f xmlapi.Filter) ([]*adminAlias, error) {
	var found []*adminAlias
	for _, login := range f.Values() {
		a := c.adminAliasesByLogin.First(foldName(login))
		if a == nil {
			return nil, refuse(xmlapi.CodeNotFound, "The additional administrator %s does not exist.", login)
		}
		if !slices.Contains(found, a) {
			found = append(found, a)
		}
	}
	return found, nil
}

// changeAdminAlias checks what is given and puts it into a draft.
func (c *call) changeAdminAlias(a *adminAlias, given server.AdminAlias) error {
	if given.Login != nil && foldName(*given.Login) != foldName(a.Login) {
		if !loginPattern.MatchString(*given.Login) || len([]rune(*given.Login)) > 60 {
			return refuse(xmlapi.CodeInvalidValue, "The value of the %s is invalid: '%s'.", "login", *given.Login)
		}
		if err := c.loginTaken(*given.Login, nil); err != nil {
			return err
		}
	}
	if given.Password != nil {
		if err := c.checkPassword(valueOr(given.Login, a.Login), given.Password.Reveal()); err != nil {
			return err
		}
		a.Password = c.newPassword(given.Password.Reveal())
	}
	give(&a.Login, given.Login)
	give(&a.Email, given.Email)
	give(&a.Contact, given.Contact)
	give(&a.Comment, given.Comment)
	if given.Active != nil {
		a.Disabled = !*given.Active
	}
	return nil
}

func serverRestrict(c *call, req server.DomainRestrictionRequest) (xmlapi.Result, error) {
	name, err := c.newRestriction(req.Name)
	if err == nil {
		c.Restricted = append(c.Restricted, name)
	}
	return xmlapi.Result{}, err
}

func serverUnrestrict(c *call, req server.DomainRestrictionRequest) (xmlapi.Result, error) {
	at, err := c.restrictionAt(req.Name)
	if err == nil {
		c.Restricted = slices.Delete(c.Restricted, at, at+1)
	}
	return xmlapi.Result{}, err
}

func serverRenameRestriction(c *call, req server.DomainRestrictionRenameRequest) (xmlapi.Result, error) {
	at, err := c.restrictionAt(req.Name)
	if err != nil {
		return xmlapi.Result{}, err
	}
	name, err := parseDomainName(req.NewName)
	if err == nil && name.ascii != c.Restricted[at] {
		name.ascii, err = c.newRestriction(req.NewName)
	}
	if err == nil {
		c.Restricted[at] = name.ascii
	}
	return xmlapi.Result{}, err
}

// newRestriction reads a name that is not on the list yet.
func (c *call) newRestriction(text string) (string, error) {
	name, err := parseDomainName(text)
	if err != nil {
		return "", err
	}
	if slices.Contains(c.Restricted, name.ascii) {
		return "", refuse(xmlapi.CodeExists, "The domain name %s is in the list already.", name.unicode)
	}
	return name.ascii, nil
}

func (c *call) restrictionAt(text string) (int, error) {
	if name, err := parseDomainName(text); err == nil {
		if at := slices.Index(c.Restricted, name.ascii); at >= 0 {
			return at, nil
		}
	}
	return 0, refuse(xmlapi.CodeNotFound, "The domain name %s is not in the list.", text)
}

func serverRestrictions(c *call, _ xmlapi.EmptyRequest) (server.DomainRestrictionListResult, error) {
	res := server.DomainRestrictionListResult{Enabled: new(0)}
	if c.RestrictedInUse {
		res.Enabled = new(1)
	}
	for _, ascii := range c.Restricted {
		name, err := parseDomainName(ascii)
		if err != nil {
			return res, err
		}
		res.Names = append(res.Names, name.unicode)
	}
	return res, nil
}

func serverEnforceRestrictions(c *call, _ xmlapi.EmptyRequest) (xmlapi.Result, error) {
	c.RestrictedInUse = true
	return xmlapi.Result{}, nil
}

func serverIgnoreRestrictions(c *call, _ xmlapi.EmptyRequest) (xmlapi.Result, error) {
	c.RestrictedInUse = false
	return xmlapi.Result{}, nil
}

// nameRestricted refuses a domain name that the administrator prohibited. Domains that already have the name keep it.
func (s *state) nameRestricted(name domainName) error {
	if s.RestrictedInUse && slices.Contains(s.Restricted, name.ascii) {
		return refuse(xmlapi.CodeInvalidValue, "The domain name %s is prohibited.", name.unicode)
	}
	return nil
}

// serverSetPPBConnection keeps where the billing system is. That product was discontinued, and nothing connects to it.
func serverSetPPBConnection(c *call, req server.SetPPBConnectionRequest) (xmlapi.Result, error) {
	k := req.Connection
	if u, err := url.Parse(k.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return xmlapi.Result{}, refuse(xmlapi.CodeInvalidValue, "The URL '%s' is invalid.", k.URL)
	}
	c.Billing = &billing{URL: k.URL, AccessHash: k.RemoteAccessHash.Reveal(), Version: k.IntegrationAPIVersion, Remote: text(k.Remote)}
	return xmlapi.Result{}, nil
}
