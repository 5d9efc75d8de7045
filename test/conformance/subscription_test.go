// The row of PleskSubscription.

package conformance

import (
	"encoding/json"
	"fmt"
	"strconv"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// sharedAddress is the first address of a fresh simulator.
const sharedAddress = "198.51.100.7"

var subscriptionRow = row{
	kind: "PleskSubscription",
	is:   kind(family.Subscription{}),
	can:  []capability{exporter, maker, lister, logged, normalizer, partial, settler, secretUser, secretNeeder, destructive, blamer, privileged, privThere, overlapper, validator, suspender, contracted},
	prepare: func(s *site) {
		for _, login := range []string{"owner", "heir"} {
			do(s, customer.Add, customer.AddRequest{GenInfo: customer.NewGenInfo{Login: login, ContactName: login, Password: "By-Hand-2031"}})
		}
		for _, name := range []string{"small", "large"} {
			do(s, serviceplan.Add, serviceplan.AddRequest{Name: name, Limits: limit("max_site", 9)})
		}
		do(s, serviceplanaddon.Add, serviceplanaddon.AddRequest{Name: "more", Limits: addedLimit("max_box", 9)})
		addWebspace(s, "neighbour.example", "neighbourftp", "", false)
	},
	object: func(s *site) v1alpha1.Object {
		sub := &v1alpha1.PleskSubscription{Spec: v1alpha1.PleskSubscriptionSpec{
			CommonSpec: s.common(), DomainName: "acme.example", Description: new("first"),
			CustomerRef: &v1alpha1.ObjectReference{External: "owner"}, ServicePlanRef: &v1alpha1.ObjectReference{External: "small"},
			AddonPlanRefs: []v1alpha1.ObjectReference{}, // they are attached by a write of their own
			Allowance:     v1alpha1.Allowance{Limits: map[string]v1alpha1.LimitValue{"max_site": {Text: "2", Number: true}}},
			Preferences:   &v1alpha1.SubscriptionPreferences{WWW: new(true), StatisticsMonths: new(int32(4))},
			Hosting: &v1alpha1.SubscriptionHosting{VirtualHost: &v1alpha1.VirtualHost{
				SystemUser:        &v1alpha1.SystemUser{Name: new("acmeftp"), Password: new(s.generated())},
				HostingProperties: v1alpha1.HostingProperties{Scripting: &v1alpha1.HostingScripting{CGI: new(true)}},
			}},
		}}
		sub.Name = s.name + "-acme"
		return sub
	},
	fields: []field{
		subscriptionField("servicePlanRef", "small", "large",
			func(o *v1alpha1.PleskSubscriptionSpec) { o.ServicePlanRef.External = "large" },
			func(o *v1alpha1.PleskSubscriptionSpec) { o.ServicePlanRef = nil }, planOf,
			"large", func(s *site, id, plan string) {
				do(s, webspace.SwitchSubscription, webspace.SwitchSubscriptionRequest{Filter: webspace.ByID(number(s, id)), PlanGUID: new(planGUID(s, plan))})
			}),
		subscriptionField("addonPlanRefs", "", "more",
			func(o *v1alpha1.PleskSubscriptionSpec) {
				o.AddonPlanRefs = []v1alpha1.ObjectReference{{External: "more"}}
			},
			func(o *v1alpha1.PleskSubscriptionSpec) { o.AddonPlanRefs = nil }, addonOf,
			"more", func(s *site, id, _ string) {
				guid := findAll(s, serviceplanaddon.Get, serviceplan.GetRequest{Filter: serviceplanaddon.ByName("more").Query()})[0].GUID
				do(s, webspace.AddSubscription, webspace.AddonRequest{Filter: webspace.ByID(number(s, id)), PlanGUID: &guid})
			}),
		subscriptionField("customerRef", "owner", "heir",
			func(o *v1alpha1.PleskSubscriptionSpec) { o.CustomerRef.External = "heir" },
			func(o *v1alpha1.PleskSubscriptionSpec) { o.CustomerRef = nil },
			func(_ *site, d *webspace.Data) string { return *d.GenInfo.OwnerLogin },
			"heir", func(s *site, id, owner string) {
				setWebspace(s, id, webspace.SetValues{GenSetup: &webspace.SetGenSetup{OwnerLogin: &owner}})
			}),
		subscriptionField("description", "first", "second",
			func(o *v1alpha1.PleskSubscriptionSpec) { o.Description = new("second") },
			func(o *v1alpha1.PleskSubscriptionSpec) { o.Description = nil },
			func(_ *site, d *webspace.Data) string { return *d.GenInfo.Description },
			"intruder", func(s *site, id, v string) {
				setWebspace(s, id, webspace.SetValues{GenSetup: &webspace.SetGenSetup{Description: &v}})
			}),
		subscriptionField("limits.max_site", "2", "5",
			func(o *v1alpha1.PleskSubscriptionSpec) {
				o.Limits["max_site"] = v1alpha1.LimitValue{Text: "5", Number: true}
			},
			func(o *v1alpha1.PleskSubscriptionSpec) { o.Limits = nil },
			func(_ *site, d *webspace.Data) string { return limitOf(d.Limits, "max_site") },
			"7", func(s *site, id, _ string) { setWebspace(s, id, webspace.SetValues{Limits: limit("max_site", 7)}) }),
		subscriptionField("preferences.www", "true", "false",
			func(o *v1alpha1.PleskSubscriptionSpec) { o.Preferences.WWW = new(false) },
			func(o *v1alpha1.PleskSubscriptionSpec) { o.Preferences.WWW = nil },
			func(_ *site, d *webspace.Data) string { return strconv.FormatBool(*d.Preferences.WWW) },
			"false", func(s *site, id, _ string) {
				setWebspace(s, id, webspace.SetValues{Preferences: &hosting.Preferences{WWW: new(false)}})
			}),
		subscriptionField("preferences.statisticsMonths", "4", "6",
			func(o *v1alpha1.PleskSubscriptionSpec) { o.Preferences.StatisticsMonths = new(int32(6)) },
			func(o *v1alpha1.PleskSubscriptionSpec) { o.Preferences.StatisticsMonths = nil },
			func(_ *site, d *webspace.Data) string { return *d.Preferences.StatisticsMonths },
			"9", func(s *site, id, v string) {
				setWebspace(s, id, webspace.SetValues{Preferences: &hosting.Preferences{StatisticsMonths: &v}})
			}),
		subscriptionField("hosting.virtualHost.scripting.cgi", "true", "false",
			func(o *v1alpha1.PleskSubscriptionSpec) { o.Hosting.VirtualHost.Scripting.CGI = new(false) },
			func(o *v1alpha1.PleskSubscriptionSpec) { o.Hosting.VirtualHost.Scripting = nil },
			func(_ *site, d *webspace.Data) string { return propertyOf(d.Hosting.Virtual.Properties, "cgi") },
			"false", func(s *site, id, v string) {
				setWebspace(s, id, webspace.SetValues{Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{Properties: []xmlapi.Property{{Name: "cgi", Value: v}}}}})
			}),
	},
	service: &service{
		others: xmlapi.StatusDisabledByReseller | xmlapi.StatusDisabledByCustomer,
		read: func(s *site, id string) xmlapi.Status {
			return xmlapi.Status(do(s, webspace.Get, webspace.GetRequest{Filter: webspace.ByID(number(s, id)).Query(), Dataset: webspaceBlocks}).Data.GenInfo.Status)
		},
		write: func(s *site, id string, reason xmlapi.Status) {
			setWebspace(s, id, webspace.SetValues{GenSetup: &webspace.SetGenSetup{Status: new(int(reason))}})
		},
	},
	list: func(s *site) []external {
		var out []external
		for _, w := range findAll(s, webspace.Get, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspaceBlocks}) {
			content, err := json.Marshal(w.Data)
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{
				id: strconv.FormatInt(w.ID, 10), mark: w.Data.GenInfo.ExternalID, key: w.Data.GenInfo.Name, guid: w.Data.GenInfo.GUID, content: string(content),
			})
		}
		return out
	},
	guided:   true,
	numbered: "webspace",
	example:  true,
	guises: []guise{
		{name: "in capitals", here: set(func(o *v1alpha1.PleskSubscription) {
			o.Spec.DomainName, o.Spec.CustomerRef.External = "ACME.example", "OWNER"
		})},
		{name: "in another alphabet", rank: 1, there: umlaut, here: set(func(o *v1alpha1.PleskSubscription) { o.Spec.DomainName = "BÜCHER.example" })},
		{name: "in punycode", rank: 1, there: umlaut, here: set(func(o *v1alpha1.PleskSubscription) { o.Spec.DomainName = "xn--bcher-kva.example" })},
	},
	plant: func(s *site, id string) []string {
		setWebspace(s, id, webspace.SetValues{GenSetup: &webspace.SetGenSetup{Description: new("stranger's own")}, Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{
			Properties: []xmlapi.Property{{Name: "ftp_login", Value: "strangerftp"}},
		}}})
		return []string{"stranger's own", "strangerftp"}
	},
	rename: rename{key: "acme-ltd.example", change: set(func(o *v1alpha1.PleskSubscription) { o.Spec.DomainName = "acme-ltd.example" })},
	impossible: []impossible{
		{"limits.max_dom", set(func(o *v1alpha1.PleskSubscription) {
			o.Spec.Limits = map[string]v1alpha1.LimitValue{"max_dom": {Text: "2", Number: true}, "max_site": {Text: "2", Number: true}}
		})},
		{"permissions.manage_everything", set(func(o *v1alpha1.PleskSubscription) { o.Spec.Permissions = map[string]bool{"manage_everything": true} })},
		{"hosting.virtualHost.webStatistics", set(func(o *v1alpha1.PleskSubscription) { o.Spec.Hosting.VirtualHost.WebStatistics = new("no-such") })},
		{"hosting.virtualHost.extraProperties.memory_limit", set(func(o *v1alpha1.PleskSubscription) {
			o.Spec.Hosting.VirtualHost.ExtraProperties = map[string]string{"memory_limit": "256M"}
		})},
	},
	marked: true,
	parents: func(s *site) []v1alpha1.Object {
		c := &v1alpha1.PleskCustomer{Spec: v1alpha1.PleskCustomerSpec{
			CommonSpec: s.common(), Account: v1alpha1.Account{Login: "landlord", ContactName: "Lena Landlord", Password: new(generatedIn(s.name + "-landlord"))},
		}}
		c.Name = s.name + "-landlord"
		return []v1alpha1.Object{c}
	},
	depth: 1,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskSubscription).Spec.CustomerRef = &in
	},

	fill: func(s *site, id string, n int) []string {
		if n == 1 {
			return fillWebspace(s, id, n)
		}
		name := fmt.Sprintf("late-%d", n) // its limits leave no room for more sites
		do(s, mail.Create, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: number(s, id), Accounts: []mail.NewAccount{{Name: name}}}})
		return []string{"MailAccount " + name}
	},
	withContents: true,
	add:          func(s *site, differing bool, mark string) { addWebspace(s, "acme.example", "acmeftp", mark, differing) },
	mark: func(s *site, id, mark string) {
		setWebspace(s, id, webspace.SetValues{GenSetup: &webspace.SetGenSetup{ExternalID: &mark}})
	},
	remove: func(s *site, id string) {
		do(s, webspace.Del, xmlapi.FilterRequest{Filter: webspace.ByID(number(s, id))})
	},
}

// webspaceBlocks is what of a subscription must not change by itself.
var webspaceBlocks = webspace.Dataset{
	GenInfo: &xmlapi.Empty{}, Hosting: &xmlapi.Empty{}, Limits: &xmlapi.Empty{}, Preferences: &xmlapi.Empty{}, Subscriptions: &xmlapi.Empty{},
	Permissions: &xmlapi.Empty{},
}

// subscriptionField is a field of a subscription.
func subscriptionField(name, initial, changed string, change, unset func(*v1alpha1.PleskSubscriptionSpec), read func(*site, *webspace.Data) string,
	spoiled string, write func(s *site, id, value string),
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(o *v1alpha1.PleskSubscription) { change(&o.Spec) }),
		unset:  set(func(o *v1alpha1.PleskSubscription) { unset(&o.Spec) }),
		read: func(s *site, id string) string {
			return read(s, do(s, webspace.Get, webspace.GetRequest{Filter: webspace.ByID(number(s, id)).Query(), Dataset: webspaceBlocks}).Data)
		},
	}
	return f.spoiling(spoiled, write)
}

// addWebspace makes a subscription of the customer owner behind the operator's back: the one that the row's object describes, but
// for its name, or one that differs from it.
func addWebspace(s *site, domain, user, mark string, differing bool) {
	description := "first"
	if differing {
		description = "another"
	}
	req := webspace.AddRequest{
		GenSetup: webspace.NewGenSetup{
			Name: domain, OwnerLogin: new("owner"), HostingType: new(hosting.Virtual), IPAddresses: []string{sharedAddress}, Description: &description,
		},
		Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{IPAddresses: []string{sharedAddress}, Properties: []xmlapi.Property{
			{Name: "ftp_login", Value: user}, {Name: "ftp_password", Value: "By-Hand-2031"}, {Name: "cgi", Value: "true"},
		}}},
		Limits: limit("max_site", 2), Preferences: &hosting.Preferences{WWW: new(true), StatisticsMonths: new("4")}, PlanName: new("small"),
	}
	if mark != "" {
		req.GenSetup.ExternalID = &mark
	}
	do(s, webspace.Add, req)
}

// umlaut renames a subscription.
func umlaut(s *site, id string) {
	setWebspace(s, id, webspace.SetValues{GenSetup: &webspace.SetGenSetup{Name: new("bücher.example")}})
}

// setWebspace changes a subscription behind the operator's back.
func setWebspace(s *site, id string, values webspace.SetValues) {
	do(s, webspace.Set, webspace.SetRequest{Filter: webspace.ByID(number(s, id)), Values: values})
}

func planGUID(s *site, name string) string {
	return do(s, serviceplan.Get, serviceplan.GetRequest{Filter: serviceplan.ByName(name).Query()}).GUID
}

// linkedTo are the GUIDs of all plans that a subscription has, nil for none.
func linkedTo(d *webspace.Data) []string {
	var guids []string
	if link := d.Subscriptions.Subscription; link != nil {
		for _, p := range link.Plans {
			guids = append(guids, p.GUID)
		}
	}
	return guids
}

// planOf names the plan that a subscription is bound to.
func planOf(s *site, d *webspace.Data) string {
	for _, guid := range linkedTo(d) {
		if plans := findAll(s, serviceplan.Get, serviceplan.GetRequest{Filter: serviceplan.ByGUID(guid).Query()}); len(plans) > 0 {
			return plans[0].Name
		}
	}
	return ""
}

// addonOf names the add-on plan that a subscription has, "" for none.
func addonOf(s *site, d *webspace.Data) string {
	for _, guid := range linkedTo(d) {
		if addons := findAll(s, serviceplanaddon.Get, serviceplan.GetRequest{Filter: serviceplanaddon.ByGUID(guid).Query()}); len(addons) > 0 {
			return addons[0].Name
		}
	}
	return ""
}
