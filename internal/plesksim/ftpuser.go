// The ftp-user operator: FTP accounts beside the system users of subscriptions (operators-services §8).

package plesksim

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ftpuser"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// ftpUser is an account with a name of its own on the whole server.
type ftpUser struct {
	ID          int64
	Webspace    int64
	Name        string
	Password    secret
	Home        string // from the subscription's home with a slash at the front, "" for that itself
	Quota       int64  // bytes, -1 unlimited
	Read, Write bool   // told by Windows only
}

// ftpState holds the table of FTP accounts.
type ftpState struct {
	FTPUsers    *table.Table[ftpUser]
	LastFTPUser int64

	ftpUsersByName     *table.Index[ftpUser]
	ftpUsersByWebspace *table.Index[ftpUser]
}

func newFTPState() ftpState {
	var s ftpState
	s.FTPUsers = table.New(func(u *ftpUser) int64 { return u.ID })
	s.ftpUsersByName = s.FTPUsers.Index(func(u *ftpUser) string { return u.Name })
	s.ftpUsersByWebspace = s.FTPUsers.Index(func(u *ftpUser) string { return idKey(u.Webspace) })
	return s
}

func ftpUserOperations() []operation {
	return []operation{
		one("ftp-user/add", anyone, ftpUserAdd),
		many("ftp-user/get", anyone, ftpUserGet),
		many("ftp-user/set", anyone, ftpUserSet),
		many("ftp-user/del", anyone, ftpUserDel),
	}
}

func ftpUserMissing() *refusal { return refuse(xmlapi.CodeNotFound, "FTP user does not exist.") }

// ftpUsers says how accounts are found, those of one subscription when within is not nil.
func (c *call) ftpUsers(within *webspace) finder[ftpUser] {
	inside := func(rows []*ftpUser) []*ftpUser {
		return slices.DeleteFunc(rows, func(u *ftpUser) bool { return within != nil && u.Webspace != within.ID })
	}
	return finder[ftpUser]{
		table: c.FTPUsers,
		all:   func() []*ftpUser { return inside(c.FTPUsers.All()) },
		find: func(kind, value string) ([]*ftpUser, error) {
			if of, isWebspace := strings.CutPrefix(kind, "webspace-"); isWebspace {
				w, err := c.parentWebspace(of, value)
				if err != nil {
					return nil, err
				}
				return inside(c.ftpUsersByWebspace.All(idKey(w.ID))), nil
			}
			named := c.FTPUsers.Get(idValue(value))
			if kind == "name" {
				named = c.ftpUsersByName.First(value)
			}
			return rowsOrMissing(inside(single(named)), ftpUserMissing())
		},
		parents: true,
		sees:    func(u *ftpUser) bool { return c.seesWebspace(c.Webspaces.Get(u.Webspace)) },
		missing: ftpUserMissing,
	}
}

// eachFTPUser answers one result per selected account. An id that names none is answered as filter-id and as id.
func eachFTPUser[Res any](c *call, sel selector, given ftpuser.Webspace, act func(*ftpUser) (Res, error)) ([]Res, error) {
	within, err := c.ftpWebspace(given)
	if err != nil {
		return nil, err
	}
	results, err := each(c, c.ftpUsers(within), sel, act)
	for i := range results {
		if core := filterCoreOf(&results[i]); sel.Kind() == "id" && core.ID == 0 {
			core.ID = idValue(core.FilterID)
		}
	}
	return results, err
}

// ftpWebspace finds the subscription that a request names, nil when it names none.
func (c *call) ftpWebspace(given ftpuser.Webspace) (*webspace, error) {
	kind, value := namedBy(given.WebspaceName, given.WebspaceID, nil)
	if kind == "" {
		return nil, nil // any subscription
	}
	return c.parentWebspace(kind, value)
}

func ftpUserAdd(c *call, req ftpuser.AddRequest) (ftpuser.AddResult, error) {
	w, err := c.ftpWebspace(ftpuser.Webspace{WebspaceID: req.WebspaceID, WebspaceName: req.WebspaceName})
	if err != nil {
		return ftpuser.AddResult{}, err
	}
	u := &ftpUser{Webspace: w.ID, Quota: unlimited}
	values := ftpuser.SetValues{
		Name: &req.Name, Password: &req.Password, Home: req.Home, CreateNonExistent: req.CreateNonExistent, Quota: req.Quota, Permissions: req.Permissions,
	}
	made, err := c.changeFTPUser(w, u, nil, values)
	if err != nil {
		return ftpuser.AddResult{}, err
	}
	if err := c.roomFor(w, "max_subftp_users"); err != nil {
		return ftpuser.AddResult{}, err
	}
	w.Directories = made
	u.ID = next(&c.LastFTPUser)
	c.FTPUsers.Insert(u)
	c.usageChanged(w.ID)
	c.hostingEvent(c.mainSiteOf(w), "updated")
	return ftpuser.AddResult{ID: u.ID}, nil
}

var ftpNamePattern = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// changeFTPUser collects what is given in a draft of an account, whose row is self, and returns the directories that were made
// below the subscription's home then.
func (c *call) changeFTPUser(w *webspace, u, self *ftpUser, v ftpuser.SetValues) (directories []string, err error) {
	directories = w.Directories
	if err := c.subscriberHas(w, "manage_subftp"); err != nil {
		return nil, err
	}
	if v.Name != nil {
		if !ftpNamePattern.MatchString(*v.Name) {
			return nil, refuse(xmlapi.CodeInvalidValue, "The name of the FTP user is invalid: '%s'.", *v.Name)
		}
		if err := c.ftpNameTaken(*v.Name, self); err != nil {
			return nil, err
		}
		u.Name = *v.Name
	}
	if v.Password != nil {
		if err := c.checkPassword(u.Name, v.Password.Reveal()); err != nil {
			return nil, err
		}
		u.Password = c.newPassword(v.Password.Reveal())
	}
	if v.Quota != nil {
		if err := c.subscriberHas(w, "manage_quota"); err != nil {
			return nil, err
		}
		if *v.Quota < unlimited {
			return nil, refuse(xmlapi.CodeInvalidValue, "The disk quota %d is invalid.", *v.Quota)
		}
		u.Quota = *v.Quota
	}
	if p := v.Permissions; p != nil {
		u.Read, u.Write = valueOr(p.Read, u.Read), valueOr(p.Write, u.Write)
	}
	if v.Home != nil {
		u.Home, directories, err = c.ftpHome(w, *v.Home, valueOr(v.CreateNonExistent, false))
	}
	return directories, err
}

// valueOr is an optional value, another one when it is absent.
func valueOr[T any](value *T, other T) T {
	if value == nil {
		return other
	}
	return *value
}

// ftpNameTaken refuses a name that another account has, or the system user of a subscription or of the system itself.
func (c *call) ftpNameTaken(name string, self *ftpUser) error {
	u := c.ftpUsersByName.First(name)
	if u != nil && u != self || ownUsers[name] || c.webspacesBySystemUser.First(name) != nil {
		return refuse(xmlapi.CodeExists, "The user %s already exists.", name)
	}
	return nil
}

// ftpHome reads the home of an account. One that is missing is made on demand, though never directly below the subscription's.
func (c *call) ftpHome(w *webspace, asked string, create bool) (home string, directories []string, err error) {
	invalid := refuse(xmlapi.CodeInvalidValue, "The directory '%s' does not exist.", asked)
	if slices.Contains(strings.Split(asked, "/"), "..") || strings.Contains(asked, "\\") {
		return "", nil, invalid
	}
	home = path.Clean("/" + asked)
	if home == "/" {
		return "", w.Directories, nil
	}
	relative := home[1:]
	top, _, deeper := strings.Cut(relative, "/")
	switch {
	case c.directoryExists(w, relative):
		return home, w.Directories, nil
	case !create || !deeper || !c.directoryExists(w, top):
		return "", nil, invalid
	}
	return home, append(slices.Clone(w.Directories), relative), nil
}

// directoryExists tells whether a directory is there below a subscription's home: where a site has its documents, where the
// server has its own, or where one was made.
func (c *call) directoryExists(w *webspace, relative string) bool {
	known := slices.Clone(w.Directories)
	for _, d := range c.sitesByWebspace.All(idKey(w.ID)) {
		if d.hostingType() == hosting.Virtual {
			known = append(known, d.Properties["www_root"])
		}
	}
	if w.SystemUser != "" {
		known = append(known, "httpdocs", "error_docs", "logs")
	}
	return slices.ContainsFunc(known, func(k string) bool { return k == relative || strings.HasPrefix(k, relative+"/") })
}

func ftpUserGet(c *call, req ftpuser.GetRequest) ([]ftpuser.GetResult, error) {
	return eachFTPUser(c, req.Filter, req.Webspace, func(u *ftpUser) (ftpuser.GetResult, error) {
		return ftpuser.GetResult{
			Name: u.Name, Home: new(u.Home), Quota: new(u.Quota), Permissions: &ftpuser.Permissions{Read: new(u.Read), Write: new(u.Write)},
			WebspaceID: u.Webspace,
		}, nil
	})
}

func ftpUserSet(c *call, req ftpuser.SetRequest) ([]xmlapi.FilterResult, error) {
	return eachFTPUser(c, req.Filter, req.Webspace, func(u *ftpUser) (xmlapi.FilterResult, error) {
		changed, w := *u, c.Webspaces.Get(u.Webspace)
		made, err := c.changeFTPUser(w, &changed, u, req.Values)
		if err != nil {
			return xmlapi.FilterResult{}, err
		}
		w.Directories = made
		c.FTPUsers.Change(u, func() { *u = changed })
		c.hostingEvent(c.mainSiteOf(w), "updated")
		return xmlapi.FilterResult{}, nil
	})
}

// ftpUserDel removes accounts; their files stay.
func ftpUserDel(c *call, req ftpuser.DelRequest) ([]xmlapi.FilterResult, error) {
	return eachFTPUser(c, req.Filter, req.Webspace, func(u *ftpUser) (xmlapi.FilterResult, error) {
		w := c.Webspaces.Get(u.Webspace)
		if err := c.subscriberHas(w, "manage_subftp"); err != nil {
			return xmlapi.FilterResult{}, err
		}
		c.FTPUsers.Remove(u)
		c.usageChanged(w.ID)
		c.hostingEvent(c.mainSiteOf(w), "updated")
		return xmlapi.FilterResult{}, nil
	})
}

// removeFTPUsersOf removes a subscription's accounts.
func (c *call) removeFTPUsersOf(w *webspace) {
	for _, u := range c.ftpUsersByWebspace.All(idKey(w.ID)) {
		c.FTPUsers.Remove(u)
	}
}
