// Plans: what subscriptions are made from, and what one plan with its add-ons gives (operators-accounts-server §9, §10).

package plesksim

import (
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/phphandler"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// planKind tells the kinds of plans apart; all share one sequence of ids, and each has names of its own.
type planKind string

const (
	servicePlan  planKind = "service"
	addonPlan    planKind = "addon"
	resellerPlan planKind = "reseller"
)

// planEventClass is the class of the events about a plan of this kind.
func planEventClass(k planKind) string {
	if k == resellerPlan {
		return "template_reseller"
	}
	return "template_domain"
}

// plan is a service plan, an add-on or a reseller plan. It belongs to the list of the administrator or of a reseller.
type plan struct {
	ID         int64
	Kind       planKind
	Owner      int64
	GUID       string
	ExternalID string
	Name       string
	Hidden     bool // not in lists, only found by name or id
	provision

	// Reseller plans only.
	Oversell *bool    `json:",omitempty"`
	Pool     poolPlan // what resellers get into their pools
}

// poolPlan is what a reseller plan puts into pools: shared addresses, and numbers of exclusive ones.
type poolPlan struct {
	Addresses  []string `json:",omitempty"`
	IPv4, IPv6 int      `json:",omitempty"`
}

// provision is what a plan gives. What is not configured is absent, and the server's defaults apply. Maps and values are never changed in
// place, so that they can be shared.
type provision struct {
	Overuse     string            `json:",omitempty"`
	Limits      map[string]int64  `json:",omitempty"`
	Permissions map[string]bool   `json:",omitempty"`
	Properties  map[string]string `json:",omitempty"`
	PHPSettings map[string]string `json:",omitempty"`
	HostingType string            `json:",omitempty"` // vrt_hst or none
	Performance hosting.Performance
	Mail        hosting.PlanMail
	LogRotation *serviceplan.LogRotation `json:",omitempty"`
	Preferences serviceplan.Preferences
	WebServer   serviceplan.WebServerSettings
	offer
}

// offer is what a plan or a subscription offers beyond hosting.
type offer struct {
	Items           []string          `json:",omitempty"` // additional services
	APSFilter       bool              `json:",omitempty"` // only Packages are offered
	Packages        []hosting.Package `json:",omitempty"`
	DatabaseServers []int64           `json:",omitempty"` // none: the server's default ones
}

// planState holds the tables of plans, and the indexes that lead from them to subscriptions.
type planState struct {
	Plans           *table.Table[plan]
	PHPHandlers     []phpHandler
	DatabaseServers []databaseServer

	plansByOwner          *table.Index[plan]
	plansByGUID           *table.Index[plan]
	plansByExternalID     *table.Index[plan]
	webspacesByPlan       *table.Index[webspace]
	webspacesByAddon      *table.Index[webspace]
	webspacesBySystemUser *table.Index[webspace]
}

func newPlanState(webspaces *table.Table[webspace]) planState {
	var s planState
	s.Plans = table.New(func(p *plan) int64 { return p.ID })
	s.plansByOwner = s.Plans.Index(func(p *plan) string { return idKey(p.Owner) })
	s.plansByGUID = s.Plans.Index(func(p *plan) string { return p.GUID })
	s.plansByExternalID = s.Plans.Index(func(p *plan) string { return p.ExternalID })
	s.webspacesByPlan = webspaces.Index(func(w *webspace) string { return idKey(w.Plan) })
	s.webspacesByAddon = webspaces.IndexEach(func(w *webspace, each func(string)) {
		for _, id := range w.Addons {
			each(idKey(id))
		}
	})
	s.webspacesBySystemUser = webspaces.Index(func(w *webspace) string { return foldName(w.SystemUser) })
	return s
}

// seedPlans gives a fresh state the factory plans, its PHP handlers and its database server.
func (s *state) seedPlans() {
	s.PHPHandlers = append(s.PHPHandlers, factoryPHPHandlers...)
	if s.onWindows() {
		s.PHPHandlers = append([]phpHandler{}, windowsPHPHandlers...)
	}
	for _, h := range s.PHPHandlers {
		if h.Type == phphandler.FPM { // each is a service of its own
			state := serviceStopped
			if h.Enabled {
				state = serviceRunning
			}
			s.Machine.Services = append(s.Machine.Services, service{h.ID, "PHP-FPM " + h.FullVersion, state})
		}
	}
	s.seedDatabaseServers()
	small := map[string]int64{
		"disk_space": 10 * gibibyte, "max_traffic": 100 * gibibyte, "max_site": 10, "max_subdom": 50, "max_dom_aliases": 50,
		"max_db": 20, "max_box": 100, "max_subftp_users": 10, "max_wu": 10, "max_maillists": 10,
	}
	modest := map[string]bool{
		"manage_crontab": true, "manage_webstat": true, "manage_log": true, "allow_local_backups": true, "create_domains": true,
		"manage_subdomains": true, "manage_domain_aliases": true, "manage_subftp": true, "manage_mail_settings": true,
	}
	simple := map[string]int64{
		"disk_space": gibibyte, "max_traffic": 10 * gibibyte, "max_site": 1, "max_subdom": 5, "max_dom_aliases": 5, "max_db": 1, "max_box": 10,
	}
	all := map[string]bool{}
	for _, name := range permissionNames {
		all[name] = true
	}
	for _, p := range []plan{
		{Name: "Default Domain", provision: provision{Overuse: "block", Limits: small, Permissions: modest}},
		{Name: "Default Simple", provision: provision{Overuse: "block", Limits: simple}},
		{Name: "Unlimited", provision: provision{Overuse: "normal", Permissions: all}},
		{Name: "Admin Simple", Hidden: true, provision: provision{Overuse: "normal", Permissions: all}},
	} {
		p.ID, p.Kind, p.Owner, p.GUID, p.HostingType = next(&s.Sequences.Plan), servicePlan, adminID, s.newGUID(), hosting.Virtual
		s.Plans.Insert(&p)
	}
}

// plansOf is a list of plans: those of one kind that an account offers.
func (s *state) plansOf(owner int64, kind planKind) []*plan {
	var list []*plan
	for _, p := range s.plansByOwner.All(idKey(owner)) {
		if p.Kind == kind {
			list = append(list, p)
		}
	}
	return list
}

// planBy finds plans of a list by a filter kind: id, name, guid, external-id.
func planBy(list []*plan, kind, value string) []*plan {
	var found []*plan
	for _, p := range list {
		var is bool
		switch kind {
		case "id":
			is = p.ID == idValue(value)
		case "name":
			is = p.Name == value
		case "guid":
			is = p.GUID == strings.ToLower(value)
		case "external-id":
			is = value != "" && p.ExternalID == value
		}
		if is {
			found = append(found, p)
		}
	}
	return found
}

func planMissing() *refusal { return refuse(xmlapi.CodeNotFound, "Plan does not exist.") }

// providersPlan finds a plan that an account's subscriptions may have: one of its provider's.
func (s *state) providersPlan(a *account, kind planKind, by, value string) (*plan, error) {
	if found := planBy(s.plansOf(s.provider(a).ID, kind), by, value); len(found) > 0 {
		return found[0], nil
	}
	return nil, planMissing()
}

// effective is what the server's defaults, a plan over them (nil for custom subscriptions) and its add-ons give, with nothing absent.
// Add-ons only add: limits are summed, and a permission or switch is on if one of them has it on.
func (s *state) effective(p *plan, addons []*plan) provision {
	all := provision{
		Overuse: "block", HostingType: hosting.Virtual, Limits: map[string]int64{}, Permissions: map[string]bool{},
		Properties: map[string]string{}, PHPSettings: map[string]string{},
		Performance: hosting.Performance{Bandwidth: new(xmlapi.Double(unlimited)), MaxConnections: new(unlimited)},
		Mail:        s.initialPlanMail(), LogRotation: initialLogRotation(), Preferences: s.initialPlanPreferences(), WebServer: initialWebServer(),
	}
	for _, l := range s.limits() {
		all.Limits[l.name] = unlimited
	}
	for _, name := range s.permissions() {
		all.Permissions[name] = false
	}
	for _, info := range s.properties() {
		if info.inPlan {
			all.Properties[info.name] = s.initialValue(info)
		}
	}
	if p != nil {
		all.lay(p.provision)
	} else {
		all.Mail.NonexistentUser = untouchedUser() // plans reject by default
	}
	for _, addon := range addons {
		all.add(addon.provision)
	}
	return all
}

// lay puts what another provision has configured over this one.
func (v *provision) lay(over provision) {
	if over.Overuse != "" {
		v.Overuse = over.Overuse
	}
	if over.HostingType != "" {
		v.HostingType = over.HostingType
	}
	for name, value := range over.Limits {
		v.Limits[name] = value
	}
	for name, value := range over.Permissions {
		v.Permissions[name] = value
	}
	for name, value := range over.Properties {
		v.Properties[name] = value
	}
	for name, value := range over.PHPSettings {
		v.PHPSettings[name] = value
	}
	v.Performance = overlay(v.Performance, over.Performance)
	v.Mail = overlay(v.Mail, over.Mail)
	if over.LogRotation != nil {
		v.LogRotation = over.LogRotation
	}
	v.Preferences = overlay(v.Preferences, over.Preferences)
	v.WebServer = overlay(v.WebServer, over.WebServer)
	v.offer = over.offer
}

// add raises this provision by an add-on's.
func (v *provision) add(addon provision) {
	for name, more := range addon.Limits {
		switch base, set := v.Limits[name]; {
		case more == unlimited || set && base == unlimited:
			v.Limits[name] = unlimited
		default:
			v.Limits[name] = base + more
		}
	}
	for name, granted := range addon.Permissions {
		v.Permissions[name] = v.Permissions[name] || granted
	}
	for name, value := range addon.Properties {
		v.Properties[name] = raised(property(name), v.Properties[name], value)
	}
	for name, value := range addon.PHPSettings {
		v.PHPSettings[name] = value
	}
	if b := addon.Performance.Bandwidth; b != nil && (*b == unlimited || *v.Performance.Bandwidth != unlimited && *b > *v.Performance.Bandwidth) {
		v.Performance.Bandwidth = b
	}
	if n := addon.Performance.MaxConnections; n != nil && (*n == unlimited || *v.Performance.MaxConnections != unlimited && *n > *v.Performance.MaxConnections) {
		v.Performance.MaxConnections = n
	}
	v.Items = append(v.Items[:len(v.Items):len(v.Items)], addon.Items...)
	v.Packages = append(v.Packages[:len(v.Packages):len(v.Packages)], addon.Packages...)
}

// raised is the better of two values of a property: what is on stays on, the larger quota counts, and a choice gives way to any other but
// none.
func raised(p *propertyInfo, base, more string) string {
	if p.kind == typeBytes {
		b, _ := strconv.ParseInt(base, 10, 64) // checked when they were given
		m, _ := strconv.ParseInt(more, 10, 64)
		if m == unlimited || b != unlimited && m > b {
			return more
		}
		return base
	}
	switch more {
	case "false", "none", "off", forbiddenShell:
		return base
	}
	return more
}

// alone is what a plan gives by itself: a service plan with the server's defaults under it, an add-on to nothing.
func (s *state) alone(p *plan) provision {
	all := s.effective(nil, nil)
	if p.Kind == addonPlan {
		for name := range all.Limits {
			if name != limitExpiration {
				all.Limits[name] = 0
			}
		}
	}
	all.lay(p.provision)
	return all
}

func (c *call) insertPlan(p *plan) {
	p.ID, p.GUID = next(&c.Sequences.Plan), c.newGUID()
	c.Plans.Insert(p)
	c.event(planEventClass(p.Kind), "created", idKey(p.ID))
}

// removePlan removes a plan. Its subscriptions become custom and keep what they have; those that had it as an add-on keep their plan and lose
// what the add-on gave.
func (c *call) removePlan(p *plan) {
	for _, w := range c.subscriptionsOf(p) {
		if p.Kind == servicePlan {
			c.Webspaces.Change(w, w.leavePlans)
		} else if err := c.linkAddons(w, without(w.Addons, p.ID)); err != nil {
			c.Webspaces.Change(w, func() { w.Addons, w.Undelivered = without(w.Addons, p.ID), err.Error() })
		}
	}
	c.Plans.Remove(p)
	c.event(planEventClass(p.Kind), "deleted", idKey(p.ID))
}
