// The database operator: users of one database, and universal ones of all that a subscription has on a server
// (operators-services §5.2).

package plesksim

import (
	"net/netip"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	databaseapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
)

// databaseUser has a Database, or a Webspace when it is universal. Lists are never changed in place.
type databaseUser struct {
	ID        int64
	Database  int64 `json:",omitempty"`
	Webspace  int64 `json:",omitempty"`
	Server    int64
	Login     string
	Password  secret
	Hosts     []string `json:",omitempty"` // that it may come from
	Addresses []string `json:",omitempty"` // that the server's firewall lets it come from
	Role      string   // never answered
}

func noDatabaseUser() *refusal {
	return refuse(xmlapi.CodeNotFound, "Database user does not exist.")
}

// databaseUsers says how users are found: those of a database are its own alone.
func (c *call) databaseUsers() finder[databaseUser] {
	return finder[databaseUser]{
		table: c.DatabaseUsers,
		find: func(kind, value string) ([]*databaseUser, error) {
			if kind == "id" {
				return rowsOrMissing(single(c.DatabaseUsers.Get(idValue(value))), noDatabaseUser())
			}
			d, err := c.databaseBy(idValue(value))
			if err != nil {
				return nil, err
			}
			return c.usersByDatabase.All(idKey(d.ID)), nil
		},
		sees:    func(u *databaseUser) bool { return c.seesWebspace(c.webspaceOfUser(u)) },
		missing: noDatabaseUser,
		parents: true,
	}
}

func (s *state) webspaceOfUser(u *databaseUser) *webspace {
	if u.Database != 0 {
		return s.Webspaces.Get(s.Databases.Get(u.Database).Webspace)
	}
	return s.Webspaces.Get(u.Webspace)
}

// databaseUserBy is the user with the id, if the caller may know of it.
func (c *call) databaseUserBy(id int64) (*databaseUser, error) {
	found, err := c.databaseUsers().visible(c, "id", idKey(id))
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

func databaseAddUser(c *call, req databaseapi.AddDBUserRequest) (databaseapi.AddResult, error) {
	var none databaseapi.AddResult
	u := &databaseUser{Role: databaseapi.ReadWrite}
	if err := c.placeDatabaseUser(u, req); err != nil {
		return none, err
	}
	err := c.changeDatabaseUser(u, databaseapi.SetDBUserRequest{
		Login: &req.Login, Password: &req.Password, PasswordType: req.PasswordType, ACL: req.ACL, AllowAccessFrom: req.AllowAccessFrom, Role: req.Role,
	})
	if err != nil {
		return none, err
	}
	u.ID = next(&c.LastDatabaseUser)
	c.DatabaseUsers.Insert(u)
	c.event("db_user", "created", idKey(u.ID))
	if d := c.Databases.Get(u.Database); d != nil && d.DefaultUser == 0 {
		c.Databases.Change(d, func() { d.DefaultUser = u.ID })
	}
	return databaseapi.AddResult{ID: u.ID}, nil
}

// placeDatabaseUser says whose user it is: a database's, or a subscription's on a server that it can use.
func (c *call) placeDatabaseUser(u *databaseUser, req databaseapi.AddDBUserRequest) error {
	if req.DatabaseID != nil {
		d, err := c.databaseBy(*req.DatabaseID)
		if err != nil {
			return err
		}
		u.Database, u.Server = d.ID, d.Server
		return nil
	}
	w, err := c.databaseOwner(single(c.Webspaces.Get(*req.WebspaceID)))
	if err != nil {
		return err
	}
	server := c.databaseServer(*req.ServerID)
	if server == nil {
		return noDatabaseServer()
	}
	if _, err := c.databaseServerFor(w, server.Type, &server.ID); err != nil {
		return err
	}
	u.Webspace, u.Server = w.ID, server.ID
	return nil
}

// changeDatabaseUser applies what a request gives to u, which is not in its table: a new user, or a copy with the id of an old one.
func (c *call) changeDatabaseUser(u *databaseUser, given databaseapi.SetDBUserRequest) error {
	if given.Login != nil {
		if len(*given.Login) > 63 || !databaseNamePattern.MatchString(*given.Login) {
			return refuse(xmlapi.CodeInvalidValue, "The login '%s' is invalid.", *given.Login)
		}
		if other := c.usersByLogin.First(onServer(u.Server, *given.Login)); other != nil && other.ID != u.ID {
			return refuse(xmlapi.CodeExists, "Database user %s already exists.", *given.Login)
		}
		u.Login = *given.Login
	}
	if given.Password != nil {
		password := given.Password.Reveal()
		if kind := text(given.PasswordType); kind == "" || kind == databaseapi.Plain {
			if err := c.checkPassword(u.Login, password); err != nil {
				return err
			}
		}
		u.Password = c.newPassword(password)
	}
	if given.Role != nil {
		if !slices.Contains([]string{databaseapi.ReadWrite, databaseapi.ReadOnly, databaseapi.WriteOnly}, *given.Role) {
			return refuse(xmlapi.CodeInvalidValue, "The role '%s' is invalid.", *given.Role)
		}
		u.Role = *given.Role
	}
	return c.changeAccess(u, given.ACL, given.AllowAccessFrom)
}

// changeAccess replaces the lists that are given; an empty one clears. Access from other machines takes a permission of the subscriber.
func (c *call) changeAccess(u *databaseUser, acl *databaseapi.ACL, rules *databaseapi.AccessRules) error {
	remote := rules != nil && len(rules.IPAddresses) > 0
	if acl != nil {
		for _, host := range acl.Hosts {
			if !hostPattern.MatchString(host) {
				return refuse(xmlapi.CodeInvalidValue, "The host '%s' is invalid.", host)
			}
			remote = remote || !isLocalHost(host)
		}
		u.Hosts = slices.Clone(acl.Hosts)
	}
	if rules != nil {
		for _, address := range rules.IPAddresses {
			if !isAddressOrNetwork(address) {
				return refuse(xmlapi.CodeInvalidValue, "The IP address '%s' is invalid.", address)
			}
		}
		u.Addresses = slices.Clone(rules.IPAddresses)
	}
	if remote && c.who.role == customerRole && !c.webspaceOfUser(u).Permissions["remote_db_connection"] {
		return permissionDenied()
	}
	return nil
}

func isAddressOrNetwork(text string) bool {
	if _, err := netip.ParsePrefix(text); err == nil {
		return true
	}
	_, err := netip.ParseAddr(text)
	return err == nil
}

func databaseGetUsers(c *call, req xmlapi.QueryRequest) ([]databaseapi.GetDBUsersResult, error) {
	return each(c, c.databaseUsers(), req.Filter, func(u *databaseUser) (databaseapi.GetDBUsersResult, error) {
		res := databaseapi.GetDBUsersResult{Login: u.Login, DatabaseID: u.Database}
		if len(u.Hosts) > 0 {
			res.ACL = &databaseapi.ACL{Hosts: slices.Clone(u.Hosts)}
		}
		if len(u.Addresses) > 0 {
			res.AllowAccessFrom = &databaseapi.AccessRules{IPAddresses: slices.Clone(u.Addresses)}
		}
		return res, nil
	})
}

// databaseSetUser answers a failure with the id, too.
func databaseSetUser(c *call, req databaseapi.SetDBUserRequest) (databaseapi.SetDBUserResult, error) {
	res := databaseapi.SetDBUserResult{ID: req.ID}
	u, err := c.databaseUserBy(req.ID)
	if err == nil {
		changed := *u
		if err = c.changeDatabaseUser(&changed, req); err == nil {
			c.DatabaseUsers.Change(u, func() { *u = changed })
			c.event("db_user", "updated", idKey(u.ID))
			return res, nil
		}
	}
	res.Result = c.failure(err)
	return res, nil
}

func databaseDelUser(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.databaseUsers(), req.Filter, func(u *databaseUser) (xmlapi.FilterResult, error) {
		c.removeDatabaseUser(u)
		return xmlapi.FilterResult{}, nil
	})
}

// removeDatabaseUser removes a user; databases that had it as their default user are left without one.
func (c *call) removeDatabaseUser(u *databaseUser) {
	for _, d := range c.databasesByDefaultUser.All(idKey(u.ID)) {
		c.Databases.Change(d, func() { d.DefaultUser = 0 })
	}
	c.DatabaseUsers.Remove(u)
	c.event("db_user", "deleted", idKey(u.ID))
}
