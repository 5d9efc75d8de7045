// The row of PleskSubdomain.

package conformance

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/hosting"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
	domains "github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// subdomainRow has no mark of others': the protocol has an external id for no site, and ours passes. What the object is called follows from the site
// that it hangs below: elsewhere it is another one.
var subdomainRow = row{
	kind: "PleskSubdomain",
	is:   kind(family.Subdomain{}),
	can:  []capability{exporter, maker, lister, logged, normalizer, destructive, named, blamer, privileged, overlapper, validator, suspender},
	prepare: func(s *site) {
		do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example", IPAddresses: []string{sharedAddress}}})
		addSubdomain(s, "neighbour", false)
	},
	object: func(s *site) v1alpha1.Object {
		d := &v1alpha1.PleskSubdomain{Spec: v1alpha1.PleskSubdomainSpec{
			CommonSpec: s.common(), SiteRef: v1alpha1.SiteReference{External: "acme.example"}, SubdomainName: "shop", Description: new("first"),
			Preferences: &v1alpha1.SitePreferences{SubscriptionPreferences: v1alpha1.SubscriptionPreferences{WWW: new(true)}, OutgoingLimit: outgoingLimit("50")},
			Performance: &v1alpha1.Performance{Bandwidth: bandwidth("512")},
			Hosting: &v1alpha1.SiteHosting{VirtualHost: &v1alpha1.SiteVirtualHost{
				DocumentRoot: new("shop"), Scripting: &v1alpha1.HostingScripting{CGI: new(true)},
			}},
		}}
		d.Name = s.name + "-shop"
		return d
	},
	fields: []field{
		subdomainField("description", "first", "second", "intruder",
			func(o *v1alpha1.PleskSubdomainSpec) { o.Description = new("second") },
			func(o *v1alpha1.PleskSubdomainSpec) { o.Description = nil },
			func(d *domains.Data) string { return *d.GenInfo.Description },
			func(v *domains.SetValues, text string) { v.GenSetup = &domains.SetGenSetup{Description: &text} }),
		subdomainField("preferences.www", "true", "false", "false",
			func(o *v1alpha1.PleskSubdomainSpec) { o.Preferences.WWW = new(false) },
			func(o *v1alpha1.PleskSubdomainSpec) { o.Preferences = nil },
			func(d *domains.Data) string { return strconv.FormatBool(*d.Preferences.WWW) },
			func(v *domains.SetValues, _ string) { v.Preferences = &hosting.Preferences{WWW: new(false)} }),
		subdomainField("preferences.outgoingLimit", "50", "60", "70",
			func(o *v1alpha1.PleskSubdomainSpec) { o.Preferences.OutgoingLimit = outgoingLimit("60") },
			func(o *v1alpha1.PleskSubdomainSpec) { o.Preferences = nil },
			func(d *domains.Data) string { return *d.Preferences.OutgoingMessagesDomainLimit },
			func(v *domains.SetValues, text string) {
				v.Preferences = &hosting.Preferences{OutgoingMessagesDomainLimit: &text}
			}),
		subdomainField("performance.bandwidth", "512", "1024", "2048",
			func(o *v1alpha1.PleskSubdomainSpec) { o.Performance.Bandwidth = bandwidth("1024") },
			func(o *v1alpha1.PleskSubdomainSpec) { o.Performance = nil },
			func(d *domains.Data) string {
				return strconv.FormatFloat(float64(*d.Performance.Bandwidth), 'f', -1, 64)
			},
			func(v *domains.SetValues, _ string) {
				v.Performance = &hosting.Performance{Bandwidth: new(xmlapi.Double(2048))}
			}),
		subdomainField("hosting.virtualHost.scripting.cgi", "true", "false", "false",
			func(o *v1alpha1.PleskSubdomainSpec) { o.Hosting.VirtualHost.Scripting.CGI = new(false) },
			func(o *v1alpha1.PleskSubdomainSpec) { o.Hosting.VirtualHost.Scripting = nil },
			func(d *domains.Data) string { return propertyOf(d.Hosting.Virtual.Properties, "cgi") },
			siteProperty("cgi")),
	},
	service: siteService,
	list: func(s *site) []external {
		var out []external
		for _, d := range findAll(s, domains.Get, domains.GetRequest{Filter: xmlapi.All(), Dataset: siteBlocks}) {
			if strings.Count(d.Data.GenInfo.Name, ".") > 2 {
				continue // it lies in one
			}
			content, err := json.Marshal(d.Data)
			s.Expect(err).NotTo(HaveOccurred())
			mark, _ := engine.CutMark(*d.Data.GenInfo.Description)
			out = append(out, external{
				id: strconv.FormatInt(d.ID, 10), mark: mark, key: d.Data.GenInfo.Name, guid: d.Data.GenInfo.GUID, content: string(content),
			})
		}
		return out
	},
	guided:   true,
	numbered: "subdomain",
	local:    true,
	guises: []guise{
		{name: "in capitals", here: set(func(o *v1alpha1.PleskSubdomain) {
			o.Spec.SubdomainName, o.Spec.SiteRef.External = "SHOP", "ACME.example"
		})},
		{name: "in another alphabet", rank: 1, there: umlautSubdomain, here: set(func(o *v1alpha1.PleskSubdomain) { o.Spec.SubdomainName = "BÜCHER" })},
		{name: "in punycode", rank: 1, there: umlautSubdomain, here: set(func(o *v1alpha1.PleskSubdomain) { o.Spec.SubdomainName = "xn--bcher-kva" })},
	},
	plant: func(s *site, id string) []string {
		setSite(s, id, domains.SetValues{
			GenSetup: &domains.SetGenSetup{Description: new("stranger's own")},
			Hosting:  &domains.Hosting{Virtual: &domains.VirtualHosting{Properties: []xmlapi.Property{{Name: "www_root", Value: "strangersroot"}}}},
		})
		return []string{"stranger's own", "strangersroot"}
	},
	rename: rename{key: "store.acme.example", change: set(func(o *v1alpha1.PleskSubdomain) { o.Spec.SubdomainName = "store" })},
	impossible: []impossible{
		{"hosting.virtualHost.extraProperties.max_input_vars", extraSubdomainProperty("max_input_vars", "1000")},
		{"hosting.virtualHost.extraProperties.no-such", extraSubdomainProperty("no-such", "on")},
	},
	passing: true,
	parents: func(s *site) []v1alpha1.Object { return zoneRow.parents(s) },
	depth:   2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskSubdomain).Spec.SiteRef = v1alpha1.SiteReference{Name: in.Name, External: in.External}
	},
	fill:         fillSubdomain,
	withContents: true,
	add:          func(s *site, differing bool, _ string) { addSubdomain(s, "shop", differing) },
	remove: func(s *site, id string) {
		do(s, domains.Del, xmlapi.FilterRequest{Filter: domains.ByID(number(s, id))})
	},
}

// subdomainField is a field of a subdomain.
func subdomainField(name, initial, changed, spoiled string, change, unset func(*v1alpha1.PleskSubdomainSpec), read func(*domains.Data) string,
	wire func(*domains.SetValues, string),
) field {
	f := siteField(name, initial, changed, spoiled, nil, nil, read, wire)
	f.change = set(func(o *v1alpha1.PleskSubdomain) { change(&o.Spec) })
	f.unset = set(func(o *v1alpha1.PleskSubdomain) { unset(&o.Spec) })
	return f
}

// extraSubdomainProperty is a change of a spec to have another property.
func extraSubdomainProperty(name, value string) func(v1alpha1.Object) {
	return set(func(o *v1alpha1.PleskSubdomain) {
		h := o.Spec.Hosting.VirtualHost
		if h.ExtraProperties == nil {
			h.ExtraProperties = map[string]string{}
		}
		h.ExtraProperties[name] = value
	})
}

// addSubdomain makes a subdomain of acme.example behind the operator's back: the one that the row's object describes, but for its name, or one that
// differs from it.
func addSubdomain(s *site, label string, differing bool) {
	description := "first"
	if differing {
		description = "another"
	}
	do(s, domains.Add, domains.AddRequest{
		GenSetup: domains.NewGenSetup{Name: label + ".acme.example", HostingType: new(hosting.Virtual), ParentSiteName: new("acme.example"), Description: &description},
		Hosting: &domains.Hosting{Virtual: &domains.VirtualHosting{Properties: []xmlapi.Property{
			{Name: "www_root", Value: "shop"}, {Name: "cgi", Value: "true"},
		}}},
		Preferences: &hosting.Preferences{WWW: new(true), OutgoingMessagesDomainLimit: new("50")},
		Performance: &hosting.Performance{Bandwidth: new(xmlapi.Double(512))},
	})
}

// umlautSubdomain renames a subdomain.
func umlautSubdomain(s *site, id string) {
	setSite(s, id, domains.SetValues{GenSetup: &domains.SetGenSetup{Name: new("bücher.acme.example")}})
}

// fillSubdomain puts things into a subdomain and returns what people call them. It has no mail of its own.
func fillSubdomain(s *site, id string, n int) []string {
	at := number(s, id)
	domain := do(s, domains.Get, domains.GetRequest{Filter: domains.ByID(at).Query(), Dataset: siteBlocks}).Data.GenInfo.Name
	below, alias, secret := fmt.Sprintf("deep-%d.%s", n, domain), fmt.Sprintf("alias-%d.example", n), fmt.Sprintf("secret-%d", n)
	do(s, domains.Add, domains.AddRequest{GenSetup: domains.NewGenSetup{Name: below, ParentSiteID: &at}})
	do(s, sitealias.Create, sitealias.CreateRequest{Info: sitealias.Info{SiteID: at, Name: alias}})
	do(s, protecteddir.Add, protecteddir.AddRequest{SiteID: at, Name: secret})
	return []string{"Subdomain " + below, "SiteAlias " + alias, "ProtectedDirectory /" + secret}
}
