// The row of PleskSiteAlias.

package conformance

import (
	"encoding/json"
	"strconv"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// siteAliasRow has no mark: nothing in an alias can hold one. There are neighbours in the same site and in another one.
var siteAliasRow = row{
	kind: "PleskSiteAlias",
	is:   kind(family.SiteAlias{}),
	can:  []capability{exporter, maker, lister, logged, normalizer, overlapper, stateless, named},
	prepare: func(s *site) {
		for _, domain := range []string{"acme.example", "neighbour.example"} {
			do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, IPAddresses: []string{sharedAddress}}})
		}
		addAlias(s, "acme.example", "acme-neighbour.example", sitealias.Settings{})
		addAlias(s, "neighbour.example", "neighbours.example", sitealias.Settings{})
	},
	object: func(s *site) v1alpha1.Object {
		a := &v1alpha1.PleskSiteAlias{Spec: v1alpha1.PleskSiteAliasSpec{
			CommonSpec: s.common(), SiteRef: v1alpha1.SiteReference{External: "acme.example"}, AliasName: "acme-shop.example",
			Active: new(true), Web: new(true), Mail: new(true), SEORedirect: new(false), ManageDNS: new(true), ICP: &v1alpha1.AliasICP{Permit: new("first")},
		}}
		a.Name = s.name + "-shop"
		return a
	},
	fields: []field{
		aliasField("active", "0", "1", "1",
			func(a *v1alpha1.PleskSiteAliasSpec) { a.Active = new(false) }, func(a *v1alpha1.PleskSiteAliasSpec) { a.Active = nil },
			func(i *sitealias.Info) string { return strconv.Itoa(*i.Status) },
			func(s *sitealias.Settings, _ string) { s.Status = new(sitealias.Disabled) }),
		aliasField("web", "true", "false", "false",
			func(a *v1alpha1.PleskSiteAliasSpec) { a.Web = new(false) }, func(a *v1alpha1.PleskSiteAliasSpec) { a.Web = nil },
			func(i *sitealias.Info) string { return strconv.FormatBool(*i.Preferences.Web) },
			func(s *sitealias.Settings, _ string) { s.Preferences = &sitealias.Preferences{Web: new(false)} }),
		aliasField("mail", "true", "false", "false",
			func(a *v1alpha1.PleskSiteAliasSpec) { a.Mail = new(false) }, func(a *v1alpha1.PleskSiteAliasSpec) { a.Mail = nil },
			func(i *sitealias.Info) string { return strconv.FormatBool(*i.Preferences.Mail) },
			func(s *sitealias.Settings, _ string) { s.Preferences = &sitealias.Preferences{Mail: new(false)} }),
		aliasField("seoRedirect", "false", "true", "true",
			func(a *v1alpha1.PleskSiteAliasSpec) { a.SEORedirect = new(true) }, func(a *v1alpha1.PleskSiteAliasSpec) { a.SEORedirect = nil },
			func(i *sitealias.Info) string { return strconv.FormatBool(*i.Preferences.SEORedirect) },
			func(s *sitealias.Settings, _ string) {
				s.Preferences = &sitealias.Preferences{SEORedirect: new(true)}
			}),
		aliasField("manageDNS", "true", "false", "false",
			func(a *v1alpha1.PleskSiteAliasSpec) { a.ManageDNS = new(false) }, func(a *v1alpha1.PleskSiteAliasSpec) { a.ManageDNS = nil },
			func(i *sitealias.Info) string { return strconv.FormatBool(*i.ManageDNS) },
			func(s *sitealias.Settings, _ string) { s.ManageDNS = new(false) }),
		aliasField("icp.permit", "first", "second", "intruder",
			func(a *v1alpha1.PleskSiteAliasSpec) { a.ICP.Permit = new("second") }, func(a *v1alpha1.PleskSiteAliasSpec) { a.ICP = nil },
			func(i *sitealias.Info) string { return *i.Preferences.ICPPermit },
			func(s *sitealias.Settings, v string) { s.Preferences = &sitealias.Preferences{ICPPermit: &v} }),
	},
	list: func(s *site) []external {
		var out []external
		for _, a := range findAll(s, sitealias.Get, xmlapi.QueryRequest{Filter: xmlapi.All()}) {
			content, err := json.Marshal(a)
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{id: strconv.FormatInt(a.ID, 10), key: a.Info.Name, content: string(content)})
		}
		return out
	},
	numbered: "site-alias",
	guises: []guise{
		{name: "in capitals", here: set(func(a *v1alpha1.PleskSiteAlias) {
			a.Spec.AliasName, a.Spec.SiteRef.External = "ACME-Shop.example", "ACME.example"
		})},
		{name: "in another alphabet", rank: 1, there: umlautAlias, here: set(func(a *v1alpha1.PleskSiteAlias) { a.Spec.AliasName = "BÜCHER.example" })},
		{name: "in punycode", rank: 1, there: umlautAlias, here: set(func(a *v1alpha1.PleskSiteAlias) { a.Spec.AliasName = "xn--bcher-kva.example" })},
	},
	plant: func(s *site, id string) []string {
		setAlias(s, id, sitealias.Settings{Preferences: &sitealias.Preferences{ICPPermit: new("stranger's own")}})
		return []string{"stranger's own"}
	},
	rename: rename{key: "acme-store.example", change: set(func(a *v1alpha1.PleskSiteAlias) { a.Spec.AliasName = "acme-store.example" })},
	add: func(s *site, differing bool, _ string) {
		permit := "first"
		if differing {
			permit = "another"
		}
		addAlias(s, "acme.example", "acme-shop.example", sitealias.Settings{Preferences: &sitealias.Preferences{SEORedirect: new(false), ICPPermit: &permit}})
	},
	adds:    sitealias.Create.Name(),
	parents: func(s *site) []v1alpha1.Object { return zoneRow.parents(s) },
	depth:   2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskSiteAlias).Spec.SiteRef = v1alpha1.SiteReference{Name: in.Name, External: in.External}
	},
	remove: func(s *site, id string) {
		do(s, sitealias.Delete, xmlapi.FilterRequest{Filter: sitealias.ByID(number(s, id))})
	},
}

// aliasField is a field of a site alias.
func aliasField(name, initial, changed, spoiled string, change, unset func(*v1alpha1.PleskSiteAliasSpec), read func(*sitealias.Info) string,
	wire func(*sitealias.Settings, string),
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(a *v1alpha1.PleskSiteAlias) { change(&a.Spec) }),
		unset:  set(func(a *v1alpha1.PleskSiteAlias) { unset(&a.Spec) }),
		read: func(s *site, id string) string {
			return read(do(s, sitealias.Get, xmlapi.QueryRequest{Filter: sitealias.ByID(number(s, id)).Query()}).Info)
		},
	}
	return f.spoiling(spoiled, func(s *site, id, value string) {
		var settings sitealias.Settings
		wire(&settings, value)
		setAlias(s, id, settings)
	})
}

// addAlias makes an alias behind the operator's back.
func addAlias(s *site, domain, name string, settings sitealias.Settings) {
	do(s, sitealias.Create, sitealias.CreateRequest{Info: sitealias.Info{Settings: settings, SiteID: webspaceID(s, domain), Name: name}})
}

// setAlias changes an alias behind the operator's back.
func setAlias(s *site, id string, settings sitealias.Settings) {
	do(s, sitealias.Set, sitealias.SetRequest{Filter: sitealias.ByID(number(s, id)), Settings: settings})
}

// umlautAlias renames an alias.
func umlautAlias(s *site, id string) {
	do(s, sitealias.Rename, sitealias.RenameRequest{ID: new(number(s, id)), NewName: "bücher.example"})
}
