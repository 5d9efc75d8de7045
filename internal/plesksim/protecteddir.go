// The protected-dir operator: directories of sites that ask for a login, and their users (operators-services §9).

package plesksim

import (
	"path"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
)

// protectedDir is a directory below a site's root. Its name is kept as it was written.
type protectedDir struct {
	ID       int64
	Site     int64
	Name     string
	Header   string
	Location location
}

// location says where a directory lies, on Linux.
type location struct{ SSL, NonSSL, CGI bool }

// protectedUser is a login that opens one directory.
type protectedUser struct {
	ID       int64
	Dir      int64
	Login    string
	Password secret
}

// protectedDirState holds the tables of the operator.
type protectedDirState struct {
	ProtectedDirs     *table.Table[protectedDir]
	ProtectedUsers    *table.Table[protectedUser]
	LastProtectedDir  int64
	LastProtectedUser int64

	protectedDirsBySite *table.Index[protectedDir]
	protectedDirsByPath *table.Index[protectedDir] // by site and path
	protectedUsersByDir *table.Index[protectedUser]
}

func newProtectedDirState() protectedDirState {
	var s protectedDirState
	s.ProtectedDirs = table.New(func(p *protectedDir) int64 { return p.ID })
	s.protectedDirsBySite = s.ProtectedDirs.Index(func(p *protectedDir) string { return idKey(p.Site) })
	s.protectedDirsByPath = s.ProtectedDirs.Index(func(p *protectedDir) string { return protectedPath(p.Site, p.Name) })
	s.ProtectedUsers = table.New(func(u *protectedUser) int64 { return u.ID })
	s.protectedUsersByDir = s.ProtectedUsers.Index(func(u *protectedUser) string { return idKey(u.Dir) })
	return s
}

// protectedPath is a directory of a site as it is compared: `/a/`, `/a` and `a` are one.
func protectedPath(site int64, name string) string { return idKey(site) + path.Clean("/"+name) }

func protectedDirOperations() []operation {
	return []operation{
		one("protected-dir/add", anyone, protectedDirAdd),
		many("protected-dir/get", anyone, protectedDirGet),
		many("protected-dir/set", anyone, protectedDirSet),
		many("protected-dir/delete", anyone, protectedDirDelete),

		one("protected-dir/add-user", anyone, protectedUserAdd),
		many("protected-dir/get-user", anyone, protectedUserGet),
		many("protected-dir/set-user", anyone, protectedUserSet),
		many("protected-dir/delete-user", anyone, protectedUserDelete),

		many("protected-dir/get-pd-location-descriptor", anyone, protectedDirDescriptor).optional(),
	}
}

func protectedDirMissing() *refusal {
	return refuse(xmlapi.CodeNotFound, "Protected directory does not exist.")
}

// protectedDirs says how directories are found.
func (c *call) protectedDirs() finder[protectedDir] {
	return finder[protectedDir]{
		table: c.ProtectedDirs,
		find: func(kind, value string) ([]*protectedDir, error) {
			if of, isSite := strings.CutPrefix(kind, "site-"); isSite {
				d, err := c.parentSite(of, value)
				if err != nil {
					return nil, err
				}
				return c.protectedDirsBySite.All(idKey(d.ID)), nil
			}
			return rowsOrMissing(single(c.ProtectedDirs.Get(idValue(value))), protectedDirMissing())
		},
		parents: true,
		sees:    c.seesProtectedDir,
		missing: protectedDirMissing,
	}
}

func (c *call) seesProtectedDir(p *protectedDir) bool { return c.seesSite(c.Sites.Get(p.Site)) }

// mayProtect refuses changes by subscribers who do not have the permission for them.
func (c *call) mayProtect(d *site) error {
	return c.subscriberHas(c.Webspaces.Get(d.Webspace), "manage_protected_dirs")
}

func protectedDirAdd(c *call, req protecteddir.AddRequest) (protecteddir.AddResult, error) {
	d, err := c.parentSite("id", idKey(req.SiteID))
	if err != nil {
		return protecteddir.AddResult{}, err
	}
	p := &protectedDir{Site: d.ID, Location: location{SSL: d.Properties["ssl"] == "true", NonSSL: true}}
	given := protecteddir.Directory{Name: &req.Name, Header: req.Header, Location: req.Location}
	if err := c.changeProtectedDir(d, p, nil, given); err != nil {
		return protecteddir.AddResult{}, err
	}
	p.ID = next(&c.LastProtectedDir)
	c.ProtectedDirs.Insert(p)
	c.hostingEvent(d, "updated")
	return protecteddir.AddResult{ID: p.ID}, nil
}

// changeProtectedDir collects what is given in a draft of a directory, whose row is self.
func (c *call) changeProtectedDir(d *site, p, self *protectedDir, v protecteddir.Directory) error {
	if err := c.mayProtect(d); err != nil {
		return err
	}
	if v.Name != nil {
		if strings.TrimSpace(*v.Name) == "" || slices.Contains(strings.Split(*v.Name, "/"), "..") || strings.ContainsAny(*v.Name, "\\\r\n") {
			return refuse(xmlapi.CodeInvalidValue, "The directory name '%s' is invalid.", *v.Name)
		}
		if other := c.protectedDirsByPath.First(protectedPath(d.ID, *v.Name)); other != nil && other != self {
			return refuse(xmlapi.CodeExists, "The protected directory %s already exists.", *v.Name)
		}
		p.Name = *v.Name
	}
	if v.Header != nil {
		p.Header = *v.Header
	}
	if v.Location == nil {
		return nil
	}
	if err := c.onlyOn(Linux); err != nil {
		return err
	}
	return p.Location.change(v.Location)
}

// change sets the properties that are given; at least one must be true in the end.
func (l *location) change(to *protecteddir.Location) error {
	changed := *l
	for _, p := range to.Properties {
		field := changed.field(p.Name)
		if field == nil {
			return refuse(xmlapi.CodeInvalidValue, "Unknown location of a protected directory: '%s'.", p.Name)
		}
		*field = p.Value
	}
	if changed == (location{}) {
		return refuse(xmlapi.CodeInvalidValue, "The location of the protected directory is not given.")
	}
	*l = changed
	return nil
}

// field is the one that a property names, nil when there is none of the name.
func (l *location) field(name string) *bool {
	switch name {
	case protecteddir.LocationSSL:
		return &l.SSL
	case protecteddir.LocationNonSSL:
		return &l.NonSSL
	case protecteddir.LocationCGI:
		return &l.CGI
	}
	return nil
}

// properties are the location in answers.
func (l location) properties() *protecteddir.Location {
	return &protecteddir.Location{Properties: []protecteddir.LocationProperty{
		{Name: protecteddir.LocationSSL, Value: l.SSL}, {Name: protecteddir.LocationNonSSL, Value: l.NonSSL}, {Name: protecteddir.LocationCGI, Value: l.CGI},
	}}
}

func protectedDirGet(c *call, req xmlapi.QueryRequest) ([]protecteddir.GetResult, error) {
	return each(c, c.protectedDirs(), req.Filter, func(p *protectedDir) (protecteddir.GetResult, error) {
		data := &protecteddir.Directory{Name: new(p.Name), Header: new(p.Header)}
		if !c.onWindows() {
			data.Location = p.Location.properties()
		}
		return protecteddir.GetResult{Data: data}, nil
	})
}

func protectedDirSet(c *call, req protecteddir.SetRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.protectedDirs(), req.Filter, func(p *protectedDir) (xmlapi.FilterResult, error) {
		changed, d := *p, c.Sites.Get(p.Site)
		if err := c.changeProtectedDir(d, &changed, p, req.Values); err != nil {
			return xmlapi.FilterResult{}, err
		}
		c.ProtectedDirs.Change(p, func() { *p = changed })
		c.hostingEvent(d, "updated")
		return xmlapi.FilterResult{}, nil
	})
}

// protectedDirDelete takes the protection away; the files stay.
func protectedDirDelete(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.protectedDirs(), req.Filter, func(p *protectedDir) (xmlapi.FilterResult, error) {
		d := c.Sites.Get(p.Site)
		if err := c.mayProtect(d); err != nil {
			return xmlapi.FilterResult{}, err
		}
		c.removeProtectedDir(p)
		c.hostingEvent(d, "updated")
		return xmlapi.FilterResult{}, nil
	})
}

func (c *call) removeProtectedDir(p *protectedDir) {
	for _, u := range c.protectedUsersByDir.All(idKey(p.ID)) {
		c.ProtectedUsers.Remove(u)
	}
	c.ProtectedDirs.Remove(p)
}

// removeProtectedDirsOf removes a site's directories with their users.
func (c *call) removeProtectedDirsOf(d *site) {
	for _, p := range c.protectedDirsBySite.All(idKey(d.ID)) {
		c.removeProtectedDir(p)
	}
}

// protectedDirDescriptor answers the possible locations: one descriptor per site or, for an empty filter, the server's, without filter-id and
// id. Windows has no locations.
func protectedDirDescriptor(c *call, req protecteddir.GetLocationDescriptorRequest) ([]hosting.DescriptorResult, error) {
	if err := c.onlyOn(Linux); err != nil {
		return nil, err
	}
	if req.Filter == nil || len(req.Filter.Values()) == 0 {
		return []hosting.DescriptorResult{{Descriptor: locationDescriptor(true)}}, nil
	}
	return each(c, c.sites(), renamedKind{req.Filter, "id"}, func(d *site) (hosting.DescriptorResult, error) {
		return hosting.DescriptorResult{Descriptor: locationDescriptor(d.Properties["ssl"] == "true")}, nil
	})
}

// renamedKind is a filter whose kind has another name elsewhere.
type renamedKind struct {
	selector
	kind string
}

func (r renamedKind) Kind() string { return r.kind }

// locationDescriptor describes locations; ssl tells whether HTTPS is the default.
func locationDescriptor(ssl bool) *hosting.Descriptor {
	d := &hosting.Descriptor{}
	for _, p := range []struct {
		name    string
		initial bool
	}{{protecteddir.LocationSSL, ssl}, {protecteddir.LocationNonSSL, true}, {protecteddir.LocationCGI, false}} {
		d.Properties = append(d.Properties, hosting.PropertyDescriptor{
			Name: p.name, Type: typeBoolean, Default: new(trueOrFalse(p.initial)), WritableBy: append(providers(), "client"), Label: new("pd_location__" + p.name),
		})
	}
	return d
}
