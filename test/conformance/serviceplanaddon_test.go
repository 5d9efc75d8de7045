// The row of PleskServicePlanAddon.

package conformance

import (
	"encoding/json"
	"strconv"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/plan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
)

// servicePlanAddonRow has a service plan beside it that bears the same name: the two sorts share ids, and no names.
var servicePlanAddonRow = row{
	kind: "PleskServicePlanAddon",
	is:   kind(family.ServicePlanAddon{}),
	can:  []capability{exporter, maker, lister, normalizer, stateless, serverScoped, named, blamer, privileged, validator},
	prepare: func(s *site) {
		do(s, serviceplan.Add, serviceplan.AddRequest{Name: "birch-more"})
		do(s, serviceplanaddon.Add, serviceplanaddon.AddRequest{Name: "neighbour", Limits: addedLimit("max_site", 3)})
	},
	object: func(s *site) v1alpha1.Object {
		a := &v1alpha1.PleskServicePlanAddon{Spec: v1alpha1.PleskServicePlanAddonSpec{
			CommonSpec: s.common(), PlanName: "birch-more",
			Limits:      map[string]v1alpha1.LimitValue{"max_site": {Text: "2", Number: true}},
			Permissions: map[string]bool{"manage_dns": true},
			Hosting:     &v1alpha1.PlanHosting{HostingProperties: v1alpha1.HostingProperties{Scripting: &v1alpha1.HostingScripting{CGI: new(true)}}},
		}}
		a.Name = s.name + "-more"
		return a
	},
	fields: []field{
		addonField("limits.max_site", "2", "5",
			func(a *v1alpha1.PleskServicePlanAddonSpec) {
				a.Limits["max_site"] = v1alpha1.LimitValue{Text: "5", Number: true}
			},
			func(a *v1alpha1.PleskServicePlanAddonSpec) { a.Limits = nil },
			func(a *serviceplanaddon.GetResult) string {
				return limitOf(&hosting.Limits{Limits: a.Limits.Limits}, "max_site")
			},
			"9", func(string) serviceplanaddon.SetRequest {
				return serviceplanaddon.SetRequest{Limits: addedLimit("max_site", 9)}
			}),
		addonField("permissions.manage_dns", "true", "false",
			func(a *v1alpha1.PleskServicePlanAddonSpec) { a.Permissions["manage_dns"] = false },
			func(a *v1alpha1.PleskServicePlanAddonSpec) { a.Permissions = nil },
			func(a *serviceplanaddon.GetResult) string { return permissionOf(a.Permissions, "manage_dns") },
			"false", func(string) serviceplanaddon.SetRequest {
				return serviceplanaddon.SetRequest{Permissions: permission("manage_dns", false)}
			}),
		addonField("hosting.scripting.cgi", "true", "false",
			func(a *v1alpha1.PleskServicePlanAddonSpec) { a.Hosting.Scripting.CGI = new(false) },
			func(a *v1alpha1.PleskServicePlanAddonSpec) { a.Hosting = nil },
			func(a *serviceplanaddon.GetResult) string { return propertyOf(a.Hosting.Virtual.Properties, "cgi") },
			"false", func(v string) serviceplanaddon.SetRequest {
				return serviceplanaddon.SetRequest{Hosting: &hosting.Properties{Properties: []xmlapi.Property{{Name: "cgi", Value: v}}}}
			}),
	},
	list: func(s *site) []external {
		var out []external
		for _, a := range findAll(s, serviceplanaddon.Get, serviceplan.GetRequest{Filter: xmlapi.All(), OwnerQuery: serviceplan.OwnerQuery{OwnerAll: &xmlapi.Empty{}}}) {
			content, err := json.Marshal(a)
			s.Expect(err).NotTo(HaveOccurred())
			e := external{id: strconv.FormatInt(a.ID, 10), key: a.Name, guid: a.GUID, content: string(content)}
			if a.ExternalID != nil {
				e.mark = *a.ExternalID
			}
			out = append(out, e)
		}
		return out
	},
	guided:   true,
	numbered: "service-plan-addon",
	guises:   []guise{{name: "between blanks", here: set(func(a *v1alpha1.PleskServicePlanAddon) { a.Spec.PlanName = " birch-more  " })}},
	plant: func(s *site, id string) []string {
		do(s, serviceplanaddon.AddPackage, serviceplan.PackageRequest{
			Filter: serviceplanaddon.ByID(number(s, id)), Packages: []hosting.PackageInput{{Name: "strangers-shop"}},
		})
		return []string{"strangers-shop"}
	},
	rename: rename{key: "birch-most", change: set(func(a *v1alpha1.PleskServicePlanAddon) { a.Spec.PlanName = "birch-most" })},
	impossible: []impossible{
		{"limits.max_dom", set(func(a *v1alpha1.PleskServicePlanAddon) {
			a.Spec.Limits = map[string]v1alpha1.LimitValue{"max_dom": {Text: "2", Number: true}, "max_site": {Text: "2", Number: true}}
		})},
		{"permissions.manage_everything", set(func(a *v1alpha1.PleskServicePlanAddon) {
			a.Spec.Permissions = map[string]bool{"manage_everything": true, "manage_dns": true}
		})},
		{"hosting.php.handlerID", set(func(a *v1alpha1.PleskServicePlanAddon) {
			a.Spec.Hosting.PHP = &v1alpha1.HostingPHP{HandlerID: new("plesk-php42-fpm")}
		})},
		{"hosting.extraProperties.no_such", set(func(a *v1alpha1.PleskServicePlanAddon) {
			a.Spec.Hosting.ExtraProperties = map[string]string{"no_such": "1", "wu_script": "true"}
		})},
	},
	marked:  true,
	parents: func(s *site) []v1alpha1.Object { return []v1alpha1.Object{provider(s)} },
	depth:   1,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskServicePlanAddon).Spec.ResellerRef = &in
	},
	add: func(s *site, differing bool, mark string) {
		sites := int64(2)
		if differing {
			sites = 7
		}
		req := serviceplanaddon.AddRequest{
			Name: "birch-more", Limits: addedLimit("max_site", sites), Permissions: permission("manage_dns", true),
			Hosting: &hosting.Properties{Properties: []xmlapi.Property{{Name: "cgi", Value: "true"}}},
		}
		if mark != "" {
			req.ExternalID = &mark
		}
		do(s, serviceplanaddon.Add, req)
	},
	mark: func(s *site, id, mark string) { setAddon(s, id, serviceplanaddon.SetRequest{ExternalID: &mark}) },
	remove: func(s *site, id string) {
		do(s, serviceplanaddon.Del, serviceplan.FilterRequest{Filter: serviceplanaddon.ByID(number(s, id))})
	},
}

// addonField is a field of an add-on plan.
func addonField(name, initial, changed string, change, unset func(*v1alpha1.PleskServicePlanAddonSpec), read func(*serviceplanaddon.GetResult) string,
	spoiled string, write func(value string) serviceplanaddon.SetRequest,
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(a *v1alpha1.PleskServicePlanAddon) { change(&a.Spec) }),
		unset:  set(func(a *v1alpha1.PleskServicePlanAddon) { unset(&a.Spec) }),
		read: func(s *site, id string) string {
			a := do(s, serviceplanaddon.Get, serviceplan.GetRequest{Filter: serviceplanaddon.ByID(number(s, id)).Query()})
			return read(&a)
		},
	}
	return f.spoiling(spoiled, func(s *site, id, value string) { setAddon(s, id, write(value)) })
}

// setAddon changes an add-on plan behind the operator's back.
func setAddon(s *site, id string, req serviceplanaddon.SetRequest) {
	req.Filter = serviceplanaddon.ByID(number(s, id))
	do(s, serviceplanaddon.Set, req)
}

// addedLimit is one limit of an add-on to write.
func addedLimit(name string, value int64) *serviceplanaddon.Limits {
	return &serviceplanaddon.Limits{Limits: limit(name, value).Limits}
}
