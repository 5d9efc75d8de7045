// The row of PleskVirtualDirectory: on Windows, and known by nothing but its place and its name.

package conformance

import (
	"encoding/json"
	"strconv"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/web"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/virtdir"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// virtualDirectoryRow has no ids, no GUIDs and no marks: what was there before a resource is not deleted with it. There are neighbours in the same site
// and in another one. No operation lists what is on a server: the suite looks for the names that it uses.
var virtualDirectoryRow = row{
	kind: "PleskVirtualDirectory",
	is:   kind(family.VirtualDirectory{}),
	can:  []capability{unexportable, maker, lister, normalizer, unproven, stateless, unlisted, named},
	os:   plesksim.Windows,
	prepare: func(s *site) {
		mailSettingsRow.prepare(s)
		addVirtual(s, "acme.example", "neighbour", "stella")
		addVirtual(s, "neighbour.example", "docs", "stella")
	},
	object: func(s *site) v1alpha1.Object {
		v := &v1alpha1.PleskVirtualDirectory{Spec: v1alpha1.PleskVirtualDirectorySpec{
			CommonSpec: s.common(), SiteRef: v1alpha1.SiteReference{External: "acme.example"}, DirectoryName: "docs", RealPath: new("manuals"),
			ExecutePermission: new(v1alpha1.ExecutePermissionNone), Access: &v1alpha1.VirtualDirectoryAccess{Browse: new(true)},
			Application:      &v1alpha1.VirtualDirectoryApplication{Enabled: true, ASPNETVersion: new("4.8")},
			DefaultDocuments: &v1alpha1.DefaultDocuments{Enabled: true, Names: []string{"index.htm", "default.asp"}},
			IPAccess:         &v1alpha1.VirtualDirectoryIPAccess{Allow: []string{"198.51.100.0/24"}},
		}}
		v.Name = s.name + "-docs"
		return v
	},
	fields: []field{
		virtualField("realPath", "manuals", "books", "intruder",
			func(v *v1alpha1.PleskVirtualDirectorySpec) { v.RealPath = new("books") }, func(v *v1alpha1.PleskVirtualDirectorySpec) { v.RealPath = nil },
			func(p virtdir.Properties) string { return *p.RealPath },
			func(p *virtdir.Properties) { p.RealPath = new("intruder") }),
		virtualField("executePermission", "none", "script", "script_execute",
			func(v *v1alpha1.PleskVirtualDirectorySpec) {
				v.ExecutePermission = new(v1alpha1.ExecutePermissionScripts)
			},
			func(v *v1alpha1.PleskVirtualDirectorySpec) { v.ExecutePermission = nil },
			func(p virtdir.Properties) string { return *p.ExecutePerm },
			func(p *virtdir.Properties) { p.ExecutePerm = new(virtdir.ExecuteAll) }),
		virtualField("access.browse", "true", "false", "false",
			func(v *v1alpha1.PleskVirtualDirectorySpec) { v.Access.Browse = new(false) }, func(v *v1alpha1.PleskVirtualDirectorySpec) { v.Access = nil },
			func(p virtdir.Properties) string { return strconv.FormatBool(*p.DirBrowsing) },
			func(p *virtdir.Properties) { p.DirBrowsing = new(false) }),
		virtualField("application.aspNetVersion", "4.8", "3.5", "2.0",
			func(v *v1alpha1.PleskVirtualDirectorySpec) { v.Application.ASPNETVersion = new("3.5") },
			func(v *v1alpha1.PleskVirtualDirectorySpec) { v.Application = nil },
			func(p virtdir.Properties) string { return *p.Application.ASPNETVersion },
			func(p *virtdir.Properties) {
				p.Application = &virtdir.Application{Enabled: &xmlapi.Empty{}, RunInMTA: new(false), ASPNETVersion: new("2.0")}
			}),
		virtualField("defaultDocuments.names", "index.htm default.asp", "default.asp index.htm", "intruder.htm",
			func(v *v1alpha1.PleskVirtualDirectorySpec) {
				v.DefaultDocuments.Names = []string{"default.asp", "index.htm"}
			},
			func(v *v1alpha1.PleskVirtualDirectorySpec) { v.DefaultDocuments = nil },
			func(p virtdir.Properties) string { return strings.Join(p.DefaultDoc.Search, " ") },
			func(p *virtdir.Properties) {
				p.DefaultDoc = &virtdir.DefaultDoc{Enabled: &xmlapi.Empty{}, Search: []string{"intruder.htm"}}
			}),
		virtualField("ipAccess.allow", "198.51.100.0/24", "203.0.113.9", "192.0.2.1",
			func(v *v1alpha1.PleskVirtualDirectorySpec) { v.IPAccess.Allow = []string{"203.0.113.9"} },
			func(v *v1alpha1.PleskVirtualDirectorySpec) { v.IPAccess = nil },
			func(p virtdir.Properties) string { return strings.Join(p.IPAllow, " ") },
			func(p *virtdir.Properties) { p.IPAllow = []string{"192.0.2.1"} }),
	},
	list: func(s *site) []external {
		var out []external
		for _, w := range findAll(s, webspace.Get, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}) {
			for _, name := range []string{"docs", "neighbour"} {
				r, err := virtdir.Get.One(s, s.plesk, virtdir.NameRequest{SiteID: &w.ID, Name: name})
				if xmlapi.ClassOf(err) == xmlapi.Invalid || xmlapi.IsNotFound(err) {
					continue // a server on Linux, or none of the name
				}
				s.Expect(err).NotTo(HaveOccurred())
				content, err := json.Marshal(r.Properties)
				s.Expect(err).NotTo(HaveOccurred())
				out = append(out, external{id: w.Data.GenInfo.GUID + "/" + name, key: "/" + name, content: string(content)})
			}
		}
		return out
	},
	local: true,
	guises: []guise{{name: "in capitals", here: set(func(v *v1alpha1.PleskVirtualDirectory) {
		v.Spec.DirectoryName, v.Spec.SiteRef.External = "/DOCS/", "ACME.example"
	})}},
	plant: func(s *site, id string) []string {
		setVirtual(s, id, virtdir.Properties{RealPath: new("strangersown")})
		return []string{"strangersown"}
	},
	rename: rename{change: set(func(v *v1alpha1.PleskVirtualDirectory) { v.Spec.DirectoryName = "handbooks" })},
	add: func(s *site, differing bool, _ string) {
		path := "manuals"
		if differing {
			path = "others"
		}
		addVirtual(s, "acme.example", "docs", path)
	},
	adds:    virtdir.Create.Name(),
	parents: func(s *site) []v1alpha1.Object { return zoneRow.parents(s) },
	depth:   2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskVirtualDirectory).Spec.SiteRef = v1alpha1.SiteReference{Name: in.Name, External: in.External}
	},
	remove: func(s *site, id string) {
		at, name := virtualPlace(s, id)
		do(s, virtdir.Remove, virtdir.NameRequest{SiteID: &at, Name: name})
	},
}

// virtualField is a field of a virtual directory.
func virtualField(name, initial, changed, spoiled string, change, unset func(*v1alpha1.PleskVirtualDirectorySpec), read func(virtdir.Properties) string,
	wire func(*virtdir.Properties),
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(v *v1alpha1.PleskVirtualDirectory) { change(&v.Spec) }),
		unset:  set(func(v *v1alpha1.PleskVirtualDirectory) { unset(&v.Spec) }),
		read: func(s *site, id string) string {
			at, name := virtualPlace(s, id)
			return read(*do(s, virtdir.Get, virtdir.NameRequest{SiteID: &at, Name: name}).Properties)
		},
	}
	return f.spoiling(spoiled, func(s *site, id, _ string) {
		var p virtdir.Properties
		wire(&p)
		setVirtual(s, id, p)
	})
}

// virtualPlace is the site and the name of a virtual directory.
func virtualPlace(s *site, id string) (at int64, name string) {
	guid, name, _ := strings.Cut(id, "/")
	return do(s, webspace.Get, webspace.GetRequest{Filter: webspace.ByGUID(guid).Query(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}).ID, name
}

// addVirtual makes a virtual directory behind the operator's back: as the row's object describes it, but for the folder.
func addVirtual(s *site, domain, name, realPath string) {
	at := webspaceID(s, domain)
	do(s, virtdir.Create, virtdir.PropertiesRequest{SiteID: &at, Name: name, Properties: virtdir.Properties{
		RealPath: &realPath, ExecutePerm: new(virtdir.ExecuteNothing), DirBrowsing: new(true), IPAllow: []string{"198.51.100.0/24"},
		Application: &virtdir.Application{Enabled: &xmlapi.Empty{}, RunInMTA: new(false), ASPNETVersion: new("4.8")},
		DefaultDoc:  &virtdir.DefaultDoc{Enabled: &xmlapi.Empty{}, Search: []string{"index.htm", "default.asp"}},
	}})
}

// setVirtual changes a virtual directory behind the operator's back.
func setVirtual(s *site, id string, p virtdir.Properties) {
	at, name := virtualPlace(s, id)
	do(s, virtdir.Update, virtdir.PropertiesRequest{SiteID: &at, Name: name, Properties: p})
}
