// The row of PleskServicePlan.

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
)

var servicePlanRow = row{
	kind: "PleskServicePlan",
	is:   kind(family.ServicePlan{}),
	can:  []capability{exporter, maker, lister, logged, normalizer, destructive, stateless, serverScoped, named, blamer, privileged, validator},
	prepare: func(s *site) {
		do(s, serviceplan.Add, serviceplan.AddRequest{Name: "neighbour", Limits: limit("max_site", 3)})
	},
	object: func(s *site) v1alpha1.Object {
		p := &v1alpha1.PleskServicePlan{Spec: v1alpha1.PleskServicePlanSpec{
			CommonSpec: s.common(), PlanName: "birch-small",
			Allowance: v1alpha1.Allowance{
				Limits:      map[string]v1alpha1.LimitValue{"max_site": {Text: "2", Number: true}},
				Permissions: map[string]bool{"manage_dns": true},
			},
			Mail:        &v1alpha1.PlanMail{MailService: new(true)},
			Preferences: &v1alpha1.PlanPreferences{StatisticsMonths: new(int32(4))},
			WebServer:   &v1alpha1.PlanWebServer{AdditionalHTTP: new("# first")},
			Hosting:     &v1alpha1.PlanHosting{HostingProperties: v1alpha1.HostingProperties{Scripting: &v1alpha1.HostingScripting{CGI: new(true)}}},
		}}
		p.Name = s.name + "-birch"
		return p
	},
	fields: []field{
		planField("limits.max_site", "2", "5", func(p *v1alpha1.PleskServicePlanSpec) {
			p.Limits["max_site"] = v1alpha1.LimitValue{Text: "5", Number: true}
		},
			func(p *v1alpha1.PleskServicePlanSpec) { p.Limits = nil },
			func(p *serviceplan.GetResult) string { return limitOf(p.Limits, "max_site") },
			"9", func(string) serviceplan.SetRequest { return serviceplan.SetRequest{Limits: limit("max_site", 9)} }),
		planField("permissions.manage_dns", "true", "false", func(p *v1alpha1.PleskServicePlanSpec) { p.Permissions["manage_dns"] = false },
			func(p *v1alpha1.PleskServicePlanSpec) { p.Permissions = nil },
			func(p *serviceplan.GetResult) string { return permissionOf(p.Permissions, "manage_dns") },
			"false", func(string) serviceplan.SetRequest {
				return serviceplan.SetRequest{Permissions: permission("manage_dns", false)}
			}),
		planField("mail.mailService", "true", "false", func(p *v1alpha1.PleskServicePlanSpec) { p.Mail.MailService = new(false) },
			func(p *v1alpha1.PleskServicePlanSpec) { p.Mail = nil },
			func(p *serviceplan.GetResult) string { return strconv.FormatBool(*p.Mail.MailService) },
			"false", func(string) serviceplan.SetRequest {
				return serviceplan.SetRequest{Mail: &hosting.PlanMail{MailService: new(false)}}
			}),
		planField("preferences.statisticsMonths", "4", "6", func(p *v1alpha1.PleskServicePlanSpec) { p.Preferences.StatisticsMonths = new(int32(6)) },
			func(p *v1alpha1.PleskServicePlanSpec) { p.Preferences = nil },
			func(p *serviceplan.GetResult) string { return strconv.Itoa(*p.Preferences.StatisticsMonths) },
			"9", func(string) serviceplan.SetRequest {
				return serviceplan.SetRequest{Preferences: &serviceplan.Preferences{StatisticsMonths: new(9)}}
			}),
		planField("webServer.additionalHTTP", "# first", "# second", func(p *v1alpha1.PleskServicePlanSpec) { p.WebServer.AdditionalHTTP = new("# second") },
			func(p *v1alpha1.PleskServicePlanSpec) { p.WebServer = nil },
			func(p *serviceplan.GetResult) string { return *p.WebServerSettings.Additional },
			"# intruder", func(v string) serviceplan.SetRequest {
				return serviceplan.SetRequest{WebServerSettings: &serviceplan.WebServerSettings{Additional: &v}}
			}),
		planField("hosting.scripting.cgi", "true", "false", func(p *v1alpha1.PleskServicePlanSpec) { p.Hosting.Scripting.CGI = new(false) },
			func(p *v1alpha1.PleskServicePlanSpec) { p.Hosting = nil },
			func(p *serviceplan.GetResult) string { return propertyOf(p.Hosting.Virtual.Properties, "cgi") },
			"false", func(v string) serviceplan.SetRequest {
				return serviceplan.SetRequest{Hosting: &hosting.PlanHosting{Virtual: &hosting.Properties{Properties: []xmlapi.Property{{Name: "cgi", Value: v}}}}}
			}),
	},
	list: func(s *site) []external {
		var out []external
		everybodys := serviceplan.GetRequest{Filter: xmlapi.All(), OwnerQuery: serviceplan.OwnerQuery{OwnerAll: &xmlapi.Empty{}}}
		for _, p := range findAll(s, serviceplan.Get, everybodys) {
			content, err := json.Marshal(p)
			s.Expect(err).NotTo(HaveOccurred())
			e := external{id: strconv.FormatInt(p.ID, 10), key: p.Name, guid: p.GUID, content: string(content)}
			if p.ExternalID != nil {
				e.mark = *p.ExternalID
			}
			out = append(out, e)
		}
		return out
	},
	guided:   true,
	numbered: "service-plan",
	guises:   []guise{{name: "between blanks", here: set(func(p *v1alpha1.PleskServicePlan) { p.Spec.PlanName = " birch-small  " })}},
	plant: func(s *site, id string) []string {
		setPlan(s, id, serviceplan.SetRequest{WebServerSettings: &serviceplan.WebServerSettings{Additional: new("# a stranger's")}})
		return []string{"# a stranger's"}
	},
	rename: rename{key: "birch-medium", change: set(func(p *v1alpha1.PleskServicePlan) { p.Spec.PlanName = "birch-medium" })},
	impossible: []impossible{
		{"limits.max_dom", set(func(p *v1alpha1.PleskServicePlan) {
			p.Spec.Limits = map[string]v1alpha1.LimitValue{"max_dom": {Text: "2", Number: true}, "max_site": {Text: "2", Number: true}}
		})},
		{"permissions.manage_everything", set(func(p *v1alpha1.PleskServicePlan) {
			p.Spec.Permissions = map[string]bool{"manage_everything": true, "manage_dns": true}
		})},
		{"hosting.php.handlerID", set(func(p *v1alpha1.PleskServicePlan) {
			p.Spec.Hosting.PHP = &v1alpha1.HostingPHP{HandlerID: new("plesk-php42-fpm")}
		})},
		{"hosting.extraProperties.no_such", set(func(p *v1alpha1.PleskServicePlan) {
			p.Spec.Hosting.ExtraProperties = map[string]string{"no_such": "1", "wu_script": "true"}
		})},
	},
	marked:  true,
	parents: func(s *site) []v1alpha1.Object { return []v1alpha1.Object{provider(s)} },
	depth:   1,
	lieIn: func(o v1alpha1.Object, in v1alpha1.ObjectReference) {
		o.(*v1alpha1.PleskServicePlan).Spec.ResellerRef = &in
	},
	add: func(s *site, differing bool, mark string) {
		sites := int64(2)
		if differing {
			sites = 7
		}
		req := serviceplan.AddRequest{
			Name: "birch-small", Limits: limit("max_site", sites), Permissions: permission("manage_dns", true), HostingType: new(hosting.Virtual),
			Mail: &hosting.PlanMail{MailService: new(true)}, Preferences: &serviceplan.Preferences{StatisticsMonths: new(4)},
			WebServerSettings: &serviceplan.WebServerSettings{Additional: new("# first")},
			Hosting:           &hosting.Properties{Properties: []xmlapi.Property{{Name: "cgi", Value: "true"}}},
		}
		if mark != "" {
			req.ExternalID = &mark
		}
		do(s, serviceplan.Add, req)
	},
	mark: func(s *site, id, mark string) { setPlan(s, id, serviceplan.SetRequest{ExternalID: &mark}) },
	remove: func(s *site, id string) {
		do(s, serviceplan.Del, serviceplan.FilterRequest{Filter: serviceplan.ByID(number(s, id))})
	},
}

// planField is a field of a plan.
func planField(name, initial, changed string, change, unset func(*v1alpha1.PleskServicePlanSpec), read func(*serviceplan.GetResult) string,
	spoiled string, write func(value string) serviceplan.SetRequest,
) field {
	f := field{
		name: name, initial: initial, changed: changed,
		change: set(func(p *v1alpha1.PleskServicePlan) { change(&p.Spec) }),
		unset:  set(func(p *v1alpha1.PleskServicePlan) { unset(&p.Spec) }),
		read: func(s *site, id string) string {
			p := do(s, serviceplan.Get, serviceplan.GetRequest{Filter: serviceplan.ByID(number(s, id)).Query()})
			return read(&p)
		},
	}
	return f.spoiling(spoiled, func(s *site, id, value string) { setPlan(s, id, write(value)) })
}

// setPlan changes a plan behind the operator's back.
func setPlan(s *site, id string, req serviceplan.SetRequest) {
	req.Filter = serviceplan.ByID(number(s, id))
	do(s, serviceplan.Set, req)
}

// limit is one limit to write.
func limit(name string, value int64) *hosting.Limits {
	return &hosting.Limits{Limits: []hosting.Limit{{Name: name, Value: value}}}
}

// limitOf is one limit as text, "" where there is none.
func limitOf(l *hosting.Limits, name string) string {
	for _, l := range l.Limits {
		if l.Name == name {
			return strconv.FormatInt(l.Value, 10)
		}
	}
	return ""
}

// permission is one permission to write.
func permission(name string, value bool) *hosting.Permissions {
	return &hosting.Permissions{Permissions: []hosting.Permission{{Name: name, Value: value}}}
}

// permissionOf is one permission as text, "" where there is none.
func permissionOf(p *hosting.Permissions, name string) string {
	for _, p := range p.Permissions {
		if p.Name == name {
			return strconv.FormatBool(p.Value)
		}
	}
	return ""
}

// propertyOf is one property, "" where there is none.
func propertyOf(all []xmlapi.Property, name string) string {
	for _, p := range all {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}
