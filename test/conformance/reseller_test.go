// The row of PleskReseller.

package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/account"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

var resellerRow = row{
	kind:    "PleskReseller",
	is:      kind(family.Reseller{}),
	can:     []capability{exporter, maker, lister, logged, normalizer, secretUser, validator, mover, serverScoped, named, blamer, suspender, contracted},
	telling: belongings,
	prepare: func(s *site) {
		for _, plan := range []string{"silver", "gold"} {
			do(s, resellerplan.Add, resellerplan.AddRequest{Name: plan})
		}
		do(s, reseller.Add, reseller.AddRequest{GenInfo: reseller.NewGenInfo{
			Login: "neighbour", ContactName: "Nora Neighbour", Password: "By-Hand-2031",
			Contact: customer.Contact[*string]{Email: new("nora@neighbour.example"), City: new("Oslo")},
		}})
	},
	object: func(s *site) v1alpha1.Object {
		r := &v1alpha1.PleskReseller{Spec: v1alpha1.PleskResellerSpec{
			CommonSpec: s.common(), Account: acmeAccount(s), PowerUser: new(true), ResellerPlanRef: &v1alpha1.ObjectReference{External: "silver"},
			ResellerAllowance: goldAllowance(), IPPool: &v1alpha1.ResellerIPPool{Shared: []string{sharedAddress}},
		}}
		r.Name = s.name + "-acme"
		return r
	},
	fields: slices.Concat([]field{
		resellerField("resellerPlanRef", "silver", "gold",
			func(r *v1alpha1.PleskResellerSpec) { r.ResellerPlanRef.External = "gold" },
			func(r *v1alpha1.PleskResellerSpec) { r.ResellerPlanRef = nil }, resellersPlan,
			"gold", func(s *site, id, plan string) {
				guid := do(s, resellerplan.Get, resellerplan.GetRequest{Filter: resellerplan.ByName(plan).Query()}).GUID
				do(s, reseller.SwitchSubscription, webspace.SwitchSubscriptionRequest{Filter: reseller.ByID(number(s, id)), PlanGUID: &guid})
			}),
		resellerField("powerUser", "true", "false",
			func(r *v1alpha1.PleskResellerSpec) { r.PowerUser = new(false) },
			func(r *v1alpha1.PleskResellerSpec) { r.PowerUser = nil },
			func(_ *site, d *reseller.Data) string { return strconv.FormatBool(*d.GenInfo.PowerUser) },
			"false", func(s *site, id, _ string) {
				setReseller(s, id, reseller.SetValues{GenInfo: &reseller.SetGenInfo{PowerUser: new(false)}})
			}),
	}, resellerAllowances.fields(), []field{
		resellerField("ipPool.shared", sharedAddress, sharedAddress+" "+otherAddress,
			func(r *v1alpha1.PleskResellerSpec) { r.IPPool.Shared = []string{otherAddress, sharedAddress} },
			func(r *v1alpha1.PleskResellerSpec) { r.IPPool.Shared = nil },
			func(_ *site, d *reseller.Data) string { return pooled(d, ip.Shared) },
			"", func(s *site, id, _ string) {
				of := reseller.Owner{ResellerID: new(number(s, id))}
				do(s, reseller.IPPoolDel, reseller.IPPoolDelRequest{Owner: of, Addresses: []string{sharedAddress}})
			}),
	}, resellers.fields()),
	service: resellers.service(),
	list: func(s *site) []external {
		var out []external
		for _, r := range findAll(s, reseller.Get, reseller.GetRequest{Filter: xmlapi.All(), Dataset: resellerBlocks}) {
			content, err := json.Marshal(r.Data)
			s.Expect(err).NotTo(HaveOccurred())
			out = append(out, external{
				id: strconv.FormatInt(r.ID, 10), mark: r.Data.GenInfo.ExternalID, key: r.Data.GenInfo.Login, guid: r.Data.GenInfo.GUID, content: string(content),
			})
		}
		return out
	},
	guided:     true,
	numbered:   "reseller",
	guises:     resellers.guises(),
	plant:      resellers.plant,
	rename:     resellers.rename(),
	impossible: resellerAllowances.impossible(),
	marked:     true,
	followed:   true,
	add: func(s *site, differing bool, mark string) {
		g := reseller.NewGenInfo{
			Login: "acme", ContactName: "Ada Birch", CompanyName: new("Acme"), Locale: new("en-US"), Description: new("first"), Password: "By-Hand-2031",
			Contact: acmeContact(), PowerUser: new(true),
		}
		if differing {
			g.City = new("Paris")
		}
		if mark != "" {
			g.ExternalID = &mark
		}
		limits := resellerLimit("max_cl", 5)
		limits.Policy = goldPolicy()
		id := do(s, reseller.Add, reseller.AddRequest{
			GenInfo: g, PlanName: new("silver"), Limits: limits, Permissions: resellerPermission("manage_dns", true),
		}).ID
		do(s, reseller.IPPoolAdd, reseller.IPPoolAddRequest{
			Owner: reseller.Owner{ResellerID: &id}, Addresses: []reseller.NewPoolAddress{{Address: sharedAddress}},
		})
	},
	fill: func(s *site, id string, n int) []string {
		owner, name := number(s, id), func(format string) string { return fmt.Sprintf(format, n) }
		tenant := do(s, customer.Add, customer.AddRequest{GenInfo: customer.NewGenInfo{
			Login: name("tenant-%d"), ContactName: "Tina Tenant", Password: "By-Hand-2031", OwnerID: &owner,
		}}).ID
		do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{
			Name: name("own-%d.example"), OwnerID: &owner, HostingType: new(hosting.None), IPAddresses: []string{sharedAddress},
		}})
		theirs := serviceplan.Owner{OwnerID: &owner}
		do(s, serviceplan.Add, serviceplan.AddRequest{Name: name("offer-%d"), Owner: theirs})
		do(s, serviceplanaddon.Add, serviceplanaddon.AddRequest{Name: name("extra-%d"), Owner: theirs})
		return append(fillAccount(s, tenant, n),
			"Customer "+name("tenant-%d"), "Subscription "+name("own-%d.example"), "ServicePlan acme/"+name("offer-%d"), "ServicePlanAddon acme/"+name("extra-%d"))
	},
	mark: func(s *site, id, mark string) { resellers.write(s, id, customer.SetGenInfo{ExternalID: &mark}) },
	remove: func(s *site, id string) {
		do(s, reseller.Del, xmlapi.FilterRequest{Filter: reseller.ByID(number(s, id))})
	},
}

// resellers are the accounts of the kind.
var resellers = accounts{
	in: func(o v1alpha1.Object) *v1alpha1.Account { return &o.(*v1alpha1.PleskReseller).Spec.Account },
	read: func(s *site, id string) *customer.GenInfo {
		g := resellerOf(s, id).GenInfo
		return &customer.GenInfo{
			CompanyName: g.CompanyName, ContactName: g.ContactName, Login: g.Login, Status: g.Status, Contact: g.Contact, Locale: g.Locale, Description: g.Description,
		}
	},
	write: func(s *site, id string, g customer.SetGenInfo) {
		setReseller(s, id, reseller.SetValues{GenInfo: &reseller.SetGenInfo{SetGenInfo: g}})
	},
}

// resellerAllowances are the allowances of the kind.
var resellerAllowances = allowances{
	in: func(o v1alpha1.Object) *v1alpha1.ResellerAllowance {
		return &o.(*v1alpha1.PleskReseller).Spec.ResellerAllowance
	},
	read: func(s *site, id string) (*hosting.ResellerLimits, *hosting.ResellerPermissions) {
		d := resellerOf(s, id)
		return d.Limits, d.Permissions
	},
	write: func(s *site, id string, l *hosting.ResellerLimits, p *hosting.ResellerPermissions) {
		setReseller(s, id, reseller.SetValues{Limits: l, Permissions: p})
	},
}

// resellerField is a field of a reseller.
func resellerField(name, initial, changed string, change, unset func(*v1alpha1.PleskResellerSpec), read func(*site, *reseller.Data) string,
	spoiled string, write func(s *site, id, value string),
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(r *v1alpha1.PleskReseller) { change(&r.Spec) }),
		unset:  set(func(r *v1alpha1.PleskReseller) { unset(&r.Spec) }),
		read:   func(s *site, id string) string { return read(s, resellerOf(s, id)) },
	}
	return f.spoiling(spoiled, write)
}

// resellerBlocks is what of a reseller must not change by itself.
var resellerBlocks = reseller.Dataset{
	GenInfo: &xmlapi.Empty{}, Permissions: &xmlapi.Empty{}, Limits: &xmlapi.Empty{}, IPPool: &xmlapi.Empty{}, Subscriptions: &xmlapi.Empty{},
}

// resellerOf reads a reseller behind the operator's back.
func resellerOf(s *site, id string) *reseller.Data {
	return do(s, reseller.Get, reseller.GetRequest{Filter: reseller.ByID(number(s, id)).Query(), Dataset: resellerBlocks}).Data
}

// setReseller changes a reseller behind the operator's back.
func setReseller(s *site, id string, values reseller.SetValues) {
	do(s, reseller.Set, reseller.SetRequest{Filter: reseller.ByID(number(s, id)), Values: values})
}

// resellersPlan names the plan that a reseller is bound to.
func resellersPlan(s *site, d *reseller.Data) string {
	if d.Subscriptions.Subscription == nil || len(d.Subscriptions.Subscription.Plans) != 1 {
		return ""
	}
	return do(s, resellerplan.Get, resellerplan.GetRequest{Filter: resellerplan.ByGUID(d.Subscriptions.Subscription.Plans[0].GUID).Query()}).Name
}

// pooled are the addresses of a type in a pool.
func pooled(d *reseller.Data, kind string) string {
	var set []string
	for _, a := range d.IPPool.Addresses {
		if a.Type == kind {
			set = append(set, a.Address)
		}
	}
	return sortedText(set)
}
