// webspace/add: a subscription with its main site, zone, system user and mail domain.

package plesksim

import (
	"strconv"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func webspaceAdd(c *call, req webspaceapi.AddRequest) (webspaceapi.AddResult, error) {
	g := req.GenSetup
	owner, err := c.newWebspacesOwner(g)
	if err == nil {
		err = c.resellerHas("create_domains")
	}
	if err != nil {
		return webspaceapi.AddResult{}, err
	}
	name, err := c.newMainName(g.Name, nil, nil)
	if err != nil {
		return webspaceapi.AddResult{}, err
	}
	w := &webspace{
		Owner: owner.ID, ExternalID: text(g.ExternalID),
		subscription: subscription{UsageChanged: c.now.Unix(), AdminDescription: text(g.AdminDescription), ResellerDescription: text(g.ResellerDescription)},
	}
	d := &site{
		Kind: mainSite, Name: name.unicode, ASCIIName: name.ascii, Created: c.now.Format(time.DateOnly), Description: text(g.Description),
	}
	if d.Status, err = c.newStatus(g.Status, settableWebspaceStatus); err != nil {
		return webspaceapi.AddResult{}, err
	}
	if err := c.webspaceExternalIDTaken(w.ExternalID, nil); err != nil {
		return webspaceapi.AddResult{}, err
	}
	p, err := c.newWebspacesPlan(owner, req)
	if err != nil {
		return webspaceapi.AddResult{}, err
	}
	if err := c.provide(w, d, p, req); err != nil {
		return webspaceapi.AddResult{}, err
	}
	if err := c.domainLimit(owner); err != nil {
		return webspaceapi.AddResult{}, err
	}
	w.ID, d.GUID = next(&c.Sequences.Domain), c.newGUID()
	d.ID, d.Webspace = w.ID, w.ID
	c.Webspaces.Insert(w)
	c.addSite(d)
	c.zonesBySite.First(idKey(d.ID)).Slave = *c.effective(p, nil).Preferences.DNSZoneType == dns.Slave
	c.signMail(d, hosting.MailPreferences{}, w.Mail.MailPreferences)
	c.hostingCreated(d)
	return webspaceapi.AddResult{ID: w.ID, GUID: d.GUID}, nil
}

// newWebspacesOwner is the account that the request names, or the caller.
func (c *call) newWebspacesOwner(g webspaceapi.NewGenSetup) (*account, error) {
	kind, value := namedOwner(g.OwnerID, g.OwnerLogin, g.OwnerGUID, g.OwnerExternalID)
	if kind == "" {
		return c.Accounts.Get(c.who.account), nil
	}
	return c.ownerBy(kind, value)
}

// namedOwner is which of the owner elements is given, and its value.
func namedOwner(id *int64, login, guid, externalID *string) (kind, value string) {
	switch {
	case id != nil:
		return "id", strconv.FormatInt(*id, 10)
	case login != nil:
		return "login", *login
	case guid != nil:
		return "guid", *guid
	case externalID != nil:
		return "external-id", *externalID
	}
	return "", ""
}

func (c *call) ownerBy(kind, value string) (*account, error) {
	owner := c.accountBy(kind, value)
	if value == "" || owner == nil || !c.seesAccount(owner) {
		return nil, refuse(xmlapi.CodeOwnerNotFound, "Owner does not exist")
	}
	return owner, nil
}

// newMainName reads a name that is not below another, which no other domain of the server may have. self and own are as
// nameTaken has them.
func (c *call) newMainName(text string, self *site, own *zone) (domainName, error) {
	name, err := parseDomainName(text)
	if err != nil {
		return domainName{}, err
	}
	if name.ascii[0] == '*' {
		return domainName{}, refuse(xmlapi.CodeInvalidValue, "The domain name '%s' is invalid.", text)
	}
	return name, c.nameTaken(name, self, own)
}

// settableWebspaceStatus are the bits that a subscription's status may get.
const settableWebspaceStatus = statusDisabledAdmin | statusDisabledReseller | statusDisabledCustomer

// newStatus is the status that a request gives to a new subscription or site.
func (c *call) newStatus(given *string, settable int) (int, error) {
	if given == nil || *given == "" {
		return statusActive, nil
	}
	status, err := strconv.Atoi(*given)
	if err != nil {
		return 0, refuse(xmlapi.CodeWrongStatus, "Wrong status value: %s.", *given)
	}
	return c.changeStatus(statusActive, status, settable)
}

// newWebspacesPlan is the plan that the request names, one of the owner's provider; nil without any.
func (c *call) newWebspacesPlan(owner *account, req webspaceapi.AddRequest) (*plan, error) {
	switch {
	case req.PlanID != nil:
		return c.providersPlan(owner, servicePlan, "id", strconv.FormatInt(*req.PlanID, 10))
	case req.PlanName != nil:
		return c.providersPlan(owner, servicePlan, "name", *req.PlanName)
	case req.PlanGUID != nil:
		return c.providersPlan(owner, servicePlan, "guid", *req.PlanGUID)
	case req.PlanExternalID != nil:
		return c.providersPlan(owner, servicePlan, "external-id", *req.PlanExternalID)
	}
	return nil, nil // none was asked for
}

// provide gives a new subscription what its plan says, overridden by the request. Overriding the plan locks the subscription.
func (c *call) provide(w *webspace, d *site, p *plan, req webspaceapi.AddRequest) error {
	owner := c.Accounts.Get(w.Owner)
	var err error
	if w.IPv4, w.IPv6, err = c.poolAddresses(w, owner, addressesOf(req.Hosting, req.GenSetup.IPAddresses)); err != nil {
		return err
	}
	given, err := newHosting(req.Hosting, text(req.GenSetup.HostingType))
	if err != nil {
		return err
	}
	values := c.effective(p, nil)
	w.take(values)
	d.takePlan(values)
	if p != nil {
		w.Plan = p.ID
	}
	if err := c.setHosting(w, d, given, values.Properties); err != nil {
		return err
	}
	w.Undelivered = c.undeliverable(d, values)
	customised, err := c.customise(w, d, customisation{
		limits: req.Limits, permissions: req.Permissions, phpSettings: req.PHPSettings, performance: req.Performance,
		preferences: req.Preferences, mail: req.Mail,
	})
	beyond := values.HostingType == hosting.None && d.hostingType() != hosting.None
	w.Locked = p != nil && (customised || beyond || plansProperties(given))
	return err
}

// take copies what the plans of a subscription give to it. A plan can switch mail off in two places.
func (w *webspace) take(v provision) {
	w.Overuse, w.Limits, w.Permissions, w.PHPSettings, w.offer = v.Overuse, v.Limits, v.Permissions, v.PHPSettings, v.offer
	w.Mail.None = nil // a plan always says something about the service
	w.Mail = overlay(w.Mail, hosting.Mail{
		MailPreferences: hosting.MailPreferences{
			NonexistentUser: v.Mail.NonexistentUser, Webmail: v.Mail.Webmail, MailService: new(*v.Mail.MailService && *v.Preferences.MailService),
		},
		OutgoingMail: v.Mail.OutgoingMail,
	})
}

// newHosting is the hosting that a request asks for. A request can name its type in two ways, which must agree.
func newHosting(given *hosting.Hosting, asked string) (*hosting.Hosting, error) {
	if given == nil {
		if asked != "" && asked != hosting.None {
			return nil, refuse(xmlapi.CodeInvalidValue, "The hosting type %s needs hosting settings.", asked)
		}
		return &hosting.Hosting{None: &xmlapi.Empty{}}, nil
	}
	if asked != "" && asked != hostingTypeOf(given) {
		return nil, refuse(xmlapi.CodeInvalidValue, "The hosting type %s does not agree with the hosting settings.", asked)
	}
	return given, nil
}

// domainLimit refuses one domain more than the licence or the reseller's limits allow.
func (c *call) domainLimit(owner *account) error {
	if limit := c.Machine.MaxDomains; limit >= 0 && c.countDomains() >= limit {
		return refuse(xmlapi.CodeLimit, "The licence allows no more than %d domains.", limit)
	}
	return c.roomAtReseller(owner, limitSites)
}

// countDomains counts what a licence counts: main and add-on sites, not subdomains.
func (c *call) countDomains() int {
	n := 0
	for _, d := range c.Sites.All() {
		if d.Kind != subdomain {
			n++
		}
	}
	return n
}
