// The row of PleskProtectedDirectory.

package conformance

import (
	"encoding/json"
	"fmt"
	"path"
	"strconv"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/web"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
)

// protectedDirectoryRow has no mark: nothing in a directory can hold one. There are neighbours in the same site and in another one. The users follow the
// add, which takes none.
var protectedDirectoryRow = row{
	kind: "PleskProtectedDirectory",
	is:   kind(family.ProtectedDirectory{}),
	can:  []capability{unexportable, maker, lister, normalizer, partial, inhabited, secretUser, secretNeeder, stateless, named, blamer},
	prepare: func(s *site) {
		mailSettingsRow.prepare(s)
		addProtected(s, "acme.example", "neighbour", "", "stella")
		addProtected(s, "neighbour.example", "private", "", "stella")
	},
	object: func(s *site) v1alpha1.Object {
		p := &v1alpha1.PleskProtectedDirectory{Spec: v1alpha1.PleskProtectedDirectorySpec{
			CommonSpec: s.common(), SiteRef: v1alpha1.SiteReference{External: "acme.example"}, Path: "/private", Header: new("first"),
			Location: &v1alpha1.ProtectedDirectoryLocation{HTTPS: new(true), CGI: new(false)},
			Users:    []v1alpha1.ProtectedDirectoryUser{{Login: "ada", Password: new(s.generated())}},
		}}
		p.Name = s.name + "-private"
		return p
	},
	fields: []field{
		protectedField("header", "first", "second", "intruder",
			func(p *v1alpha1.PleskProtectedDirectorySpec) { p.Header = new("second") }, func(p *v1alpha1.PleskProtectedDirectorySpec) { p.Header = nil },
			func(d *protecteddir.Directory) string { return *d.Header },
			func(d *protecteddir.Directory) { d.Header = new("intruder") }),
		protectedField("location.https", "true", "false", "false",
			func(p *v1alpha1.PleskProtectedDirectorySpec) { p.Location.HTTPS = new(false) }, func(p *v1alpha1.PleskProtectedDirectorySpec) { p.Location.HTTPS = nil },
			locationOf(protecteddir.LocationSSL), relocate(protecteddir.LocationSSL, false)),
		protectedField("location.cgi", "false", "true", "true",
			func(p *v1alpha1.PleskProtectedDirectorySpec) { p.Location.CGI = new(true) }, func(p *v1alpha1.PleskProtectedDirectorySpec) { p.Location.CGI = nil },
			locationOf(protecteddir.LocationCGI), relocate(protecteddir.LocationCGI, true)),
		{
			name: "users", initial: "ada", changed: "zoe", spoiled: "",
			change: set(func(p *v1alpha1.PleskProtectedDirectory) { p.Spec.Users[0].Login = "zoe" }),
			read:   func(s *site, id string) string { return strings.Join(loginsIn(s, id), " ") },
			spoil: func(s *site, id string) {
				do(s, protecteddir.DeleteUser, xmlapi.FilterRequest{Filter: protecteddir.ByDirectory(number(s, id))})
			},
		},
	},
	list: func(s *site) []external {
		var out []external
		for _, p := range findAll(s, protecteddir.Get, xmlapi.QueryRequest{Filter: xmlapi.All()}) {
			id := strconv.FormatInt(p.ID, 10)
			content, err := json.Marshal(p.Data)
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{id: id, key: path.Clean("/" + *p.Data.Name), content: string(content) + strings.Join(loginsIn(s, id), " ")})
		}
		return out
	},
	numbered: "protected-dir",
	local:    true,
	followed: true,
	guises: []guise{
		{name: "without a slash", here: set(func(p *v1alpha1.PleskProtectedDirectory) { p.Spec.Path = "private" })},
		{name: "with slashes", here: set(func(p *v1alpha1.PleskProtectedDirectory) {
			p.Spec.Path, p.Spec.SiteRef.External = "//./private/", "ACME.example"
		})},
	},
	plant: func(s *site, id string) []string {
		setProtected(s, id, protecteddir.Directory{Header: new("stranger's own")})
		return []string{"stranger's own"}
	},
	rename: rename{key: "/members", change: set(func(p *v1alpha1.PleskProtectedDirectory) { p.Spec.Path = "/members" })},
	add: func(s *site, differing bool, _ string) {
		header := "first"
		if differing {
			header = "another"
		}
		addProtected(s, "acme.example", "private", header, "ada")
	},
	parents: func(s *site) []v1alpha1.Object { return zoneRow.parents(s) },
	depth:   2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskProtectedDirectory).Spec.SiteRef = v1alpha1.SiteReference{Name: in.Name, External: in.External}
	},
	fill: func(s *site, id string, n int) []string {
		login := fmt.Sprintf("guest-%d", n)
		do(s, protecteddir.AddUser, protecteddir.AddUserRequest{DirectoryID: number(s, id), Login: login, Password: "By-Hand-2031"})
		return []string{"user " + login}
	},
	remove: func(s *site, id string) {
		do(s, protecteddir.Delete, xmlapi.FilterRequest{Filter: protecteddir.ByID(number(s, id))})
	},
}

// protectedField is a field of a protected directory.
func protectedField(name, initial, changed, spoiled string, change, unset func(*v1alpha1.PleskProtectedDirectorySpec), read func(*protecteddir.Directory) string,
	wire func(*protecteddir.Directory),
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(p *v1alpha1.PleskProtectedDirectory) { change(&p.Spec) }),
		unset:  set(func(p *v1alpha1.PleskProtectedDirectory) { unset(&p.Spec) }),
		read: func(s *site, id string) string {
			return read(do(s, protecteddir.Get, xmlapi.QueryRequest{Filter: protecteddir.ByID(number(s, id)).Query()}).Data)
		},
	}
	return f.spoiling(spoiled, func(s *site, id, _ string) {
		var values protecteddir.Directory
		wire(&values)
		setProtected(s, id, values)
	})
}

// locationOf reads one property of a location.
func locationOf(name string) func(*protecteddir.Directory) string {
	return func(d *protecteddir.Directory) string {
		for _, p := range d.Location.Properties {
			if p.Name == name {
				return strconv.FormatBool(p.Value)
			}
		}
		return ""
	}
}

// relocate writes one property of a location.
func relocate(name string, value bool) func(*protecteddir.Directory) {
	return func(d *protecteddir.Directory) {
		d.Location = &protecteddir.Location{Properties: []protecteddir.LocationProperty{{Name: name, Value: value}}}
	}
}

// addProtected protects a directory with one user behind the operator's back.
func addProtected(s *site, domain, name, header, login string) {
	req := protecteddir.AddRequest{SiteID: webspaceID(s, domain), Name: name, Header: &header, Location: &protecteddir.Location{
		Properties: []protecteddir.LocationProperty{{Name: protecteddir.LocationSSL, Value: true}},
	}}
	id := do(s, protecteddir.Add, req).ID
	do(s, protecteddir.AddUser, protecteddir.AddUserRequest{DirectoryID: id, Login: login, Password: "By-Hand-2031"})
}

// setProtected changes a directory behind the operator's back.
func setProtected(s *site, id string, values protecteddir.Directory) {
	do(s, protecteddir.Set, protecteddir.SetRequest{Filter: protecteddir.ByID(number(s, id)), Values: values})
}

// loginsIn are the users of a directory.
func loginsIn(s *site, id string) []string {
	var out []string
	for _, u := range findAll(s, protecteddir.GetUser, xmlapi.QueryRequest{Filter: protecteddir.ByDirectory(number(s, id)).Query()}) {
		out = append(out, *u.Data.Login)
	}
	return out
}
