// The protected-dir operator: the users of directories (operators-services §9).

package plesksim

import (
	"regexp"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
)

func protectedUserMissing() *refusal {
	return refuse(xmlapi.CodeNotFound, "User of the protected directory does not exist.")
}

// protectedUsers says how users are found.
func (c *call) protectedUsers() finder[protectedUser] {
	return finder[protectedUser]{
		table: c.ProtectedUsers,
		find: func(kind, value string) ([]*protectedUser, error) {
			if kind != "pd-id" {
				return rowsOrMissing(single(c.ProtectedUsers.Get(idValue(value))), protectedUserMissing())
			}
			p, err := c.protectedDirOf(idValue(value))
			if err != nil {
				return nil, err
			}
			return c.protectedUsersByDir.All(idKey(p.ID)), nil
		},
		parents: true,
		sees:    func(u *protectedUser) bool { return c.seesProtectedDir(c.ProtectedDirs.Get(u.Dir)) },
		missing: protectedUserMissing,
	}
}

// protectedDirOf finds the directory that users belong to.
func (c *call) protectedDirOf(id int64) (*protectedDir, error) {
	if p := c.ProtectedDirs.Get(id); p != nil && c.seesProtectedDir(p) {
		return p, nil
	}
	return nil, protectedDirMissing()
}

func protectedUserAdd(c *call, req protecteddir.AddUserRequest) (protecteddir.AddResult, error) {
	p, err := c.protectedDirOf(req.DirectoryID)
	if err != nil {
		return protecteddir.AddResult{}, err
	}
	u := &protectedUser{Dir: p.ID}
	given := protecteddir.SetUserValues{Login: &req.Login, Password: &req.Password, PasswordType: req.PasswordType}
	if err := c.changeProtectedUser(u, nil, given); err != nil {
		return protecteddir.AddResult{}, err
	}
	u.ID = next(&c.LastProtectedUser)
	c.ProtectedUsers.Insert(u)
	c.protectedUsersChanged(u)
	return protecteddir.AddResult{ID: u.ID}, nil
}

// protectedLoginPattern leaves out what separates fields and lines in the files of web servers.
var protectedLoginPattern = regexp.MustCompile(`^[^\s:/\\]{1,255}$`)

// changeProtectedUser collects what is given in a draft of a user, whose row is self. The id among the values says nothing.
func (c *call) changeProtectedUser(u, self *protectedUser, v protecteddir.SetUserValues) error {
	if err := c.mayProtect(c.Sites.Get(c.ProtectedDirs.Get(u.Dir).Site)); err != nil {
		return err
	}
	if v.Login != nil {
		if !protectedLoginPattern.MatchString(*v.Login) {
			return refuse(xmlapi.CodeInvalidValue, "The login '%s' is invalid.", *v.Login)
		}
		for _, other := range c.protectedUsersByDir.All(idKey(u.Dir)) {
			if other != self && other.Login == *v.Login {
				return refuse(xmlapi.CodeExists, "The user %s already exists.", *v.Login)
			}
		}
		u.Login = *v.Login
	}
	if v.Password != nil {
		if kind := text(v.PasswordType); kind == "" || kind == "plain" { // the others are no longer readable
			if err := c.checkPassword(u.Login, v.Password.Reveal()); err != nil {
				return err
			}
		}
		u.Password = c.newPassword(v.Password.Reveal())
	}
	return nil
}

// protectedUsersChanged records that a user came, changed or went.
func (c *call) protectedUsersChanged(u *protectedUser) {
	c.hostingEvent(c.Sites.Get(c.ProtectedDirs.Get(u.Dir).Site), "updated")
}

func protectedUserGet(c *call, req xmlapi.QueryRequest) ([]protecteddir.GetUserResult, error) {
	return each(c, c.protectedUsers(), req.Filter, func(u *protectedUser) (protecteddir.GetUserResult, error) {
		return protecteddir.GetUserResult{Data: &protecteddir.User{Login: new(u.Login)}}, nil
	})
}

func protectedUserSet(c *call, req protecteddir.SetUserRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.protectedUsers(), req.Filter, func(u *protectedUser) (xmlapi.FilterResult, error) {
		changed := *u
		if err := c.changeProtectedUser(&changed, u, req.Values); err != nil {
			return xmlapi.FilterResult{}, err
		}
		c.ProtectedUsers.Change(u, func() { *u = changed })
		c.protectedUsersChanged(u)
		return xmlapi.FilterResult{}, nil
	})
}

func protectedUserDelete(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.protectedUsers(), req.Filter, func(u *protectedUser) (xmlapi.FilterResult, error) {
		if err := c.mayProtect(c.Sites.Get(c.ProtectedDirs.Get(u.Dir).Site)); err != nil {
			return xmlapi.FilterResult{}, err
		}
		c.ProtectedUsers.Remove(u)
		c.protectedUsersChanged(u)
		return xmlapi.FilterResult{}, nil
	})
}
