// The row of PleskSite: a further domain of a subscription.

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
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
	domains "github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// siteRow has no mark of others': the protocol has an external id for no site, and ours passes. There is a neighbour in the same subscription.
var siteRow = row{
	kind: "PleskSite",
	is:   kind(family.Site{}),
	can:  []capability{exporter, maker, lister, logged, normalizer, destructive, named, blamer, privileged, overlapper, validator, suspender},
	prepare: func(s *site) {
		do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example", IPAddresses: []string{sharedAddress}}})
		addSite(s, "neighbour.example", false)
	},
	object: func(s *site) v1alpha1.Object {
		d := &v1alpha1.PleskSite{Spec: v1alpha1.PleskSiteSpec{
			CommonSpec: s.common(), SubscriptionRef: v1alpha1.ObjectReference{External: "acme.example"}, DomainName: "shop.example",
			Description: new("first"),
			Preferences: &v1alpha1.SitePreferences{
				SubscriptionPreferences: v1alpha1.SubscriptionPreferences{WWW: new(true), StatisticsMonths: new(int32(4))}, OutgoingLimit: outgoingLimit("50"),
			},
			Performance: &v1alpha1.Performance{Bandwidth: bandwidth("512")},
			Hosting: &v1alpha1.SiteHosting{VirtualHost: &v1alpha1.SiteVirtualHost{
				DocumentRoot: new("shop"), Scripting: &v1alpha1.HostingScripting{CGI: new(true)},
				PHP: &v1alpha1.HostingPHP{Settings: map[string]string{"memory_limit": "256M"}},
			}},
		}}
		d.Name = s.name + "-shop"
		return d
	},
	fields: []field{
		siteField("description", "first", "second", "intruder",
			func(o *v1alpha1.PleskSiteSpec) { o.Description = new("second") },
			func(o *v1alpha1.PleskSiteSpec) { o.Description = nil },
			func(d *domains.Data) string { return *d.GenInfo.Description },
			func(v *domains.SetValues, text string) { v.GenSetup = &domains.SetGenSetup{Description: &text} }),
		siteField("preferences.www", "true", "false", "false",
			func(o *v1alpha1.PleskSiteSpec) { o.Preferences.WWW = new(false) },
			func(o *v1alpha1.PleskSiteSpec) { o.Preferences = nil },
			func(d *domains.Data) string { return strconv.FormatBool(*d.Preferences.WWW) },
			func(v *domains.SetValues, _ string) { v.Preferences = &hosting.Preferences{WWW: new(false)} }),
		siteField("preferences.statisticsMonths", "4", "6", "9",
			func(o *v1alpha1.PleskSiteSpec) { o.Preferences.StatisticsMonths = new(int32(6)) },
			func(o *v1alpha1.PleskSiteSpec) { o.Preferences.StatisticsMonths = nil },
			func(d *domains.Data) string { return *d.Preferences.StatisticsMonths },
			func(v *domains.SetValues, text string) { v.Preferences = &hosting.Preferences{StatisticsMonths: &text} }),
		siteField("preferences.outgoingLimit", "50", "60", "70",
			func(o *v1alpha1.PleskSiteSpec) { o.Preferences.OutgoingLimit = outgoingLimit("60") },
			func(o *v1alpha1.PleskSiteSpec) { o.Preferences.OutgoingLimit = nil },
			func(d *domains.Data) string { return *d.Preferences.OutgoingMessagesDomainLimit },
			func(v *domains.SetValues, text string) {
				v.Preferences = &hosting.Preferences{OutgoingMessagesDomainLimit: &text}
			}),
		siteField("performance.bandwidth", "512", "1024", "2048",
			func(o *v1alpha1.PleskSiteSpec) { o.Performance.Bandwidth = bandwidth("1024") },
			func(o *v1alpha1.PleskSiteSpec) { o.Performance = nil },
			func(d *domains.Data) string {
				return strconv.FormatFloat(float64(*d.Performance.Bandwidth), 'f', -1, 64)
			},
			func(v *domains.SetValues, _ string) {
				v.Performance = &hosting.Performance{Bandwidth: new(xmlapi.Double(2048))}
			}),
		siteField("hosting.virtualHost.php.settings.memory_limit", "256M", "512M", "64M",
			func(o *v1alpha1.PleskSiteSpec) { o.Hosting.VirtualHost.PHP.Settings["memory_limit"] = "512M" },
			func(o *v1alpha1.PleskSiteSpec) { o.Hosting.VirtualHost.PHP = nil },
			func(d *domains.Data) string { return propertyOf(d.Hosting.Virtual.Properties, "memory_limit") },
			siteProperty("memory_limit")),
		siteField("hosting.virtualHost.scripting.cgi", "true", "false", "false",
			func(o *v1alpha1.PleskSiteSpec) { o.Hosting.VirtualHost.Scripting.CGI = new(false) },
			func(o *v1alpha1.PleskSiteSpec) { o.Hosting.VirtualHost.Scripting = nil },
			func(d *domains.Data) string { return propertyOf(d.Hosting.Virtual.Properties, "cgi") },
			siteProperty("cgi")),
	},
	service: siteService,
	list: func(s *site) []external {
		var out []external
		for _, d := range findAll(s, domains.Get, domains.GetRequest{Filter: xmlapi.All(), Dataset: siteBlocks}) {
			if strings.Count(d.Data.GenInfo.Name, ".") > 1 {
				continue // a subdomain, which lies in one
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
	numbered: "site",
	guises: []guise{
		{name: "in capitals", here: set(func(o *v1alpha1.PleskSite) { o.Spec.DomainName = "SHOP.example" })},
		{name: "in another alphabet", rank: 1, there: umlautSite, here: set(func(o *v1alpha1.PleskSite) { o.Spec.DomainName = "BÜCHER.example" })},
		{name: "in punycode", rank: 1, there: umlautSite, here: set(func(o *v1alpha1.PleskSite) { o.Spec.DomainName = "xn--bcher-kva.example" })},
	},
	plant: func(s *site, id string) []string {
		setSite(s, id, domains.SetValues{
			GenSetup: &domains.SetGenSetup{Description: new("stranger's own")},
			Hosting:  &domains.Hosting{Virtual: &domains.VirtualHosting{Properties: []xmlapi.Property{{Name: "www_root", Value: "strangersroot"}}}},
		})
		return []string{"stranger's own", "strangersroot"}
	},
	rename: rename{key: "shop-ltd.example", change: set(func(o *v1alpha1.PleskSite) { o.Spec.DomainName = "shop-ltd.example" })},
	impossible: []impossible{
		{"hosting.virtualHost.extraProperties.max_input_vars", extraSiteProperty("max_input_vars", "1000")},
		{"hosting.virtualHost.extraProperties.no-such", extraSiteProperty("no-such", "on")},
	},
	passing: true,
	parents: func(s *site) []v1alpha1.Object { return zoneRow.parents(s) },
	depth:   2,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskSite).Spec.SubscriptionRef = in
	},
	fill:         fillSite,
	withContents: true,
	add:          func(s *site, differing bool, _ string) { addSite(s, "shop.example", differing) },
	remove: func(s *site, id string) {
		do(s, domains.Del, xmlapi.FilterRequest{Filter: domains.ByID(number(s, id))})
	},
}

// siteBlocks is what of a site must not change by itself.
var siteBlocks = domains.Dataset{GenInfo: &xmlapi.Empty{}, Hosting: &xmlapi.Empty{}, Preferences: &xmlapi.Empty{}, Performance: &xmlapi.Empty{}}

func bandwidth(text string) *v1alpha1.CountLimit {
	return &v1alpha1.CountLimit{LimitValue: v1alpha1.LimitValue{Text: text}}
}

// siteService is how sites and subdomains are taken out of service.
var siteService = &service{
	others: xmlapi.StatusSuspendedByAdmin | xmlapi.StatusDisabledByReseller | xmlapi.StatusDisabledByCustomer,
	read: func(s *site, id string) xmlapi.Status {
		return xmlapi.Status(do(s, domains.Get, domains.GetRequest{Filter: domains.ByID(number(s, id)).Query(), Dataset: siteBlocks}).Data.GenInfo.Status)
	},
	write: func(s *site, id string, reason xmlapi.Status) {
		setSite(s, id, domains.SetValues{GenSetup: &domains.SetGenSetup{Status: new(int(reason))}})
	},
}

// siteField is a field of a site.
func siteField(name, initial, changed, spoiled string, change, unset func(*v1alpha1.PleskSiteSpec), read func(*domains.Data) string,
	wire func(*domains.SetValues, string),
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(o *v1alpha1.PleskSite) { change(&o.Spec) }),
		unset:  set(func(o *v1alpha1.PleskSite) { unset(&o.Spec) }),
		read: func(s *site, id string) string {
			return read(do(s, domains.Get, domains.GetRequest{Filter: domains.ByID(number(s, id)).Query(), Dataset: siteBlocks}).Data)
		},
	}
	return f.spoiling(spoiled, func(s *site, id, value string) {
		var values domains.SetValues
		wire(&values, value)
		setSite(s, id, values)
	})
}

// siteProperty writes a property of a site's web hosting.
func siteProperty(name string) func(*domains.SetValues, string) {
	return func(v *domains.SetValues, value string) {
		v.Hosting = &domains.Hosting{Virtual: &domains.VirtualHosting{Properties: []xmlapi.Property{{Name: name, Value: value}}}}
	}
}

// extraSiteProperty is a change of a spec to have another property.
func extraSiteProperty(name, value string) func(v1alpha1.Object) {
	return set(func(o *v1alpha1.PleskSite) {
		h := o.Spec.Hosting.VirtualHost
		if h.ExtraProperties == nil {
			h.ExtraProperties = map[string]string{}
		}
		h.ExtraProperties[name] = value
	})
}

// addSite makes a site of acme.example behind the operator's back: the one that the row's object describes, but for its name, or one that
// differs from it.
func addSite(s *site, domain string, differing bool) {
	description := "first"
	if differing {
		description = "another"
	}
	do(s, domains.Add, domains.AddRequest{
		GenSetup: domains.NewGenSetup{Name: domain, HostingType: new(hosting.Virtual), WebspaceName: new("acme.example"), Description: &description},
		Hosting: &domains.Hosting{Virtual: &domains.VirtualHosting{Properties: []xmlapi.Property{
			{Name: "www_root", Value: "shop"}, {Name: "cgi", Value: "true"}, {Name: "memory_limit", Value: "256M"},
		}}},
		Preferences: &hosting.Preferences{WWW: new(true), StatisticsMonths: new("4"), OutgoingMessagesDomainLimit: new("50")},
		Performance: &hosting.Performance{Bandwidth: new(xmlapi.Double(512))},
	})
}

// umlautSite renames a site.
func umlautSite(s *site, id string) {
	setSite(s, id, domains.SetValues{GenSetup: &domains.SetGenSetup{Name: new("bücher.example")}})
}

// setSite changes a site behind the operator's back.
func setSite(s *site, id string, values domains.SetValues) {
	do(s, domains.Set, domains.SetRequest{Filter: domains.ByID(number(s, id)), Values: values})
}

// fillSite puts one thing of each sort into a site and returns what people call them.
func fillSite(s *site, id string, n int) []string {
	at := number(s, id)
	domain := do(s, domains.Get, domains.GetRequest{Filter: domains.ByID(at).Query(), Dataset: siteBlocks}).Data.GenInfo.Name
	below, alias := fmt.Sprintf("blog-%d.%s", n, domain), fmt.Sprintf("alias-%d.example", n)
	sub := do(s, domains.Add, domains.AddRequest{GenSetup: domains.NewGenSetup{Name: below, ParentSiteID: &at}}).ID
	do(s, sitealias.Create, sitealias.CreateRequest{Info: sitealias.Info{SiteID: at, Name: alias}})
	do(s, protecteddir.Add, protecteddir.AddRequest{SiteID: sub, Name: fmt.Sprintf("secret-%d", n)})
	account := fmt.Sprintf("info-%d", n)
	do(s, mail.Create, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: at, Accounts: []mail.NewAccount{{Name: account}}}})
	return []string{"Subdomain " + below, "SiteAlias " + alias, fmt.Sprintf("ProtectedDirectory /secret-%d", n), "MailAccount " + account}
}
