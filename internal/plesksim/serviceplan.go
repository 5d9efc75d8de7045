// The service-plan operator (operators-accounts-server §9): how plans are found, made and shown.

package plesksim

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

func servicePlanOperations() []operation {
	return slices.Concat([]operation{
		one("service-plan/add", adminOrReseller, servicePlanAdd),
		many("service-plan/get", adminOrReseller, servicePlanGet),
		many("service-plan/set", adminOrReseller, servicePlanSet),
		many("service-plan/del", adminOrReseller, servicePlanDel),
		one("service-plan/duplicate", adminOrReseller, servicePlanDuplicate),
	}, servicePlanDescriptorOperations())
}

// planList are the plans of a kind that an operation is about: one account's, or everybody's.
func (c *call) planList(kind planKind, ownerID *int64, ownerLogin *string, all *xmlapi.Empty) ([]*plan, error) {
	if all != nil {
		var list []*plan
		for _, p := range c.Plans.All() {
			if p.Kind == kind && c.seesAccount(c.Accounts.Get(p.Owner)) {
				list = append(list, p)
			}
		}
		return list, nil
	}
	owner, err := c.planOwner(ownerID, ownerLogin)
	if err != nil {
		return nil, err
	}
	return c.plansOf(owner.ID, kind), nil
}

// planOwner is the named administrator or reseller, or the caller.
func (c *call) planOwner(id *int64, login *string) (*account, error) {
	if id == nil && login == nil {
		return c.Accounts.Get(c.who.account), nil
	}
	kind, value := namedOwner(id, login, nil, nil)
	owner, err := c.ownerBy(kind, value)
	if err != nil {
		return nil, err
	}
	if owner.Kind == kindCustomer {
		return nil, refuse(xmlapi.CodeOwnerNotFound, "Owner does not exist")
	}
	return owner, nil
}

// eachPlan answers one result per selected plan: explicit filters in the order of their values, the empty one by ascending id, without
// the hidden ones. answer gets the plan, nil when the value named none, and the filter's kind and value to be echoed.
func eachPlan[Res any](c *call, list []*plan, sel selector, answer func(p *plan, kind, value string) Res) []Res {
	var results []Res
	if selectsAll(sel) {
		for _, p := range list {
			if !p.Hidden {
				results = append(results, answer(p, "id", idKey(p.ID)))
			}
		}
		return results
	}
	for _, value := range sel.Values() {
		found := slices.DeleteFunc(planBy(list, sel.Kind(), value), func(p *plan) bool { return c.Plans.Get(p.ID) != p }) // removed by an earlier value
		if len(found) == 0 {
			results = append(results, answer(nil, sel.Kind(), value))
		}
		for _, p := range found {
			results = append(results, answer(p, sel.Kind(), value))
		}
	}
	return results
}

// echo names a plan by the filter's value.
func echo(kind, value string) serviceplan.Echo {
	switch kind {
	case "id":
		return serviceplan.Echo{ID: idValue(value)}
	case "name":
		return serviceplan.Echo{Name: value}
	case "guid":
		return serviceplan.Echo{GUID: value}
	}
	return serviceplan.Echo{ExternalID: value}
}

// planResults answers a result that echoes the filter for each selected plan; act may say what could not be applied.
func (c *call) planResults(list []*plan, sel selector, act func(*plan) (problems string, err error)) []serviceplan.Result {
	return eachPlan(c, list, sel, func(p *plan, kind, value string) serviceplan.Result {
		res := serviceplan.Result{Echo: echo(kind, value)}
		if p == nil {
			res.Result = c.failure(planMissing())
			return res
		}
		problems, err := act(p)
		if err != nil {
			res.Result = c.failure(err)
		}
		if problems != "" {
			res.Problems = new(problems)
		}
		return res
	})
}

func servicePlanAdd(c *call, req serviceplan.AddRequest) (serviceplan.AddResult, error) {
	owner, err := c.planOwner(req.OwnerID, req.OwnerLogin)
	if err != nil {
		return serviceplan.AddResult{}, err
	}
	p := &plan{Kind: servicePlan, Owner: owner.ID, Name: req.Name, ExternalID: text(req.ExternalID)}
	if err := c.checkPlanNames(p); err != nil {
		return serviceplan.AddResult{}, err
	}
	change := planChange{
		mail: req.Mail, limits: req.Limits, logRotation: req.LogRotation, preferences: req.Preferences, properties: req.Hosting,
		performance: req.Performance, permissions: req.Permissions, phpSettings: req.PHPSettings, webServer: req.WebServerSettings,
		hostingType: text(req.HostingType),
	}
	if p.provision, err = c.changedProvision(p.provision, change); err != nil {
		return serviceplan.AddResult{}, err
	}
	c.insertPlan(p)
	return serviceplan.AddResult{ID: p.ID, GUID: p.GUID}, nil
}

// checkPlanNames refuses a name that cannot be one, and names and external ids that another plan of the list has.
func (c *call) checkPlanNames(p *plan) error {
	if n := utf8.RuneCountInString(p.Name); n == 0 || n > 255 {
		return refuse(xmlapi.CodeInvalidValue, "The name of the plan is invalid: '%s'.", p.Name)
	}
	for _, other := range c.plansOf(p.Owner, p.Kind) {
		if other.ID != p.ID && other.Name == p.Name {
			return refuse(xmlapi.CodeExists, "A plan with the name %s already exists.", p.Name)
		}
	}
	if p.ExternalID == "" || c.opts.AllowDuplicateExternalIDs {
		return nil
	}
	for _, other := range c.plansByExternalID.All(p.ExternalID) {
		if other.ID != p.ID && other.Kind == p.Kind {
			return refuse(xmlapi.CodeExists, "A plan with the external id %s already exists.", p.ExternalID)
		}
	}
	return nil
}

func servicePlanGet(c *call, req serviceplan.GetRequest) ([]serviceplan.GetResult, error) {
	list, err := c.planList(servicePlan, req.OwnerID, req.OwnerLogin, req.OwnerAll)
	if err != nil {
		return nil, err
	}
	return eachPlan(c, list, req.Filter, func(p *plan, kind, value string) serviceplan.GetResult {
		if p != nil {
			return c.planData(p)
		}
		named := echo(kind, value)
		res := serviceplan.GetResult{Result: c.failure(planMissing()), ID: named.ID, Name: named.Name, GUID: named.GUID}
		if named.ExternalID != "" {
			res.ExternalID = new(named.ExternalID)
		}
		return res
	}), nil
}

func (c *call) planData(p *plan) serviceplan.GetResult {
	all := c.effective(p, nil)
	res := serviceplan.GetResult{
		ID: p.ID, Name: p.Name, GUID: p.GUID, ExternalID: new(p.ExternalID),
		Mail: &all.Mail, Limits: c.limitsList(all.Overuse, all.Limits), LogRotation: all.LogRotation, Preferences: &all.Preferences,
		Performance: &all.Performance, Permissions: c.permissionsList(all.Permissions), PlanItems: planItemsList(all.Items),
		APSFilter: new(all.APSFilter), Packages: &hosting.Packages{Packages: slices.Clone(all.Packages)},
		PHPSettings: phpSettingsList(all.PHPSettings), WebServerSettings: &all.WebServer,
	}
	res.OwnerID, res.OwnerLogin = c.shownPlanOwner(p)
	res.Hosting = &hosting.PlanHosting{None: &xmlapi.Empty{}}
	if all.HostingType == hosting.Virtual {
		res.Hosting = &hosting.PlanHosting{Virtual: c.planProperties(all.Properties)}
	}
	return res
}

// shownPlanOwner names the owner of a plan: the administrator by the login, a reseller by the id.
func (c *call) shownPlanOwner(p *plan) (id *int64, login *string) {
	owner := c.Accounts.Get(p.Owner)
	if owner.Kind == kindAdmin {
		return nil, new(owner.Login)
	}
	return new(owner.ID), nil
}

func (c *call) planProperties(properties map[string]string) *hosting.Properties {
	list := &hosting.Properties{}
	for _, p := range c.properties() {
		if p.inPlan {
			list.Properties = append(list.Properties, xmlapi.Property{Name: p.name, Value: properties[p.name]})
		}
	}
	return list
}

// planChange is what add and set say about a plan's provision; nil is nothing.
type planChange struct {
	mail        *hosting.PlanMail
	limits      *hosting.Limits
	logRotation *serviceplan.LogRotation
	preferences *serviceplan.Preferences
	properties  *hosting.Properties
	performance *hosting.Performance
	permissions *hosting.Permissions
	phpSettings *hosting.PHPSettings
	webServer   *serviceplan.WebServerSettings
	hostingType string // "" is nothing
}

// changedProvision lays a change over a provision, whose maps stay as they are.
func (c *call) changedProvision(v provision, change planChange) (provision, error) {
	var err error
	if v.Limits, err = c.givenLimits(v.Limits, change.limits); err != nil {
		return v, err
	}
	if change.limits != nil && change.limits.Overuse != nil {
		v.Overuse = *change.limits.Overuse
	}
	if v.Permissions, err = c.givenPermissions(v.Permissions, change.permissions); err != nil {
		return v, err
	}
	if v.PHPSettings, err = givenPHPSettings(v.PHPSettings, change.phpSettings); err != nil {
		return v, err
	}
	if err := checkPerformance(change.performance); err != nil {
		return v, err
	}
	if change.properties != nil {
		if v.Properties, err = c.givenProperties(v.Properties, change.properties.Properties, func(p *propertyInfo) bool { return p.inPlan }); err != nil {
			return v, err
		}
	}
	if change.hostingType != "" {
		v.HostingType = change.hostingType
	}
	if err := checkPlanRest(change); err != nil {
		return v, err
	}
	if change.performance != nil {
		v.Performance = overlay(v.Performance, *change.performance)
	}
	if change.mail != nil {
		v.Mail = overlay(v.Mail, *change.mail)
	}
	if change.logRotation != nil {
		v.LogRotation = change.logRotation
	}
	if change.preferences != nil {
		v.Preferences = overlay(v.Preferences, *change.preferences)
	}
	if change.webServer != nil {
		v.WebServer = overlay(v.WebServer, *change.webServer)
	}
	return v, nil
}

// checkPlanRest refuses what the grammar lets through of a plan's mail, preferences and log rotation.
func checkPlanRest(change planChange) error {
	if change.mail != nil {
		if err := checkOutgoing(change.mail.OutgoingMail); err != nil {
			return err
		}
	}
	if p := change.preferences; p != nil && p.StatisticsMonths != nil && *p.StatisticsMonths < 1 {
		return refuse(xmlapi.CodeInvalidValue, "Statistics cannot be kept for %s months.", strconv.Itoa(*p.StatisticsMonths))
	}
	if change.logRotation == nil || change.logRotation.On == nil {
		return nil
	}
	return checkLogRotation(*change.logRotation.On)
}
