// The log-rotation operator: every site has one set of settings, made with the site from the plan (operators-services §11).

package plesksim

import (
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/logrotation"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// logRotation is how a site's logs are rotated. What its fields point to is never changed in place.
type logRotation struct {
	Enabled  bool
	Settings hosting.LogRotation
}

// logRotationOf is what a plan gives to a site. One that switches rotation off says nothing about its settings.
func logRotationOf(given *serviceplan.LogRotation) logRotation {
	if given.On == nil {
		return logRotation{Settings: *initialLogRotation().On}
	}
	return logRotation{Enabled: true, Settings: *given.On}
}

func logRotationOperations() []operation {
	return []operation{
		many("log-rotation/get", anyone, logRotationGet),
		many("log-rotation/set", anyone, logRotationSet),
		many("log-rotation/enable", anyone, enableLogRotation(true)),
		many("log-rotation/disable", anyone, enableLogRotation(false)),
		many("log-rotation/get-status", anyone, logRotationStatus),
	}
}

// loggedSites says how sites are found by this operator: main sites are sites like the others here. The value of an owner stands for all
// sites of the owner's subscriptions.
func (c *call) loggedSites() finder[site] {
	return finder[site]{
		table: c.Sites,
		find: func(kind, value string) ([]*site, error) {
			if of, isSite := strings.CutPrefix(kind, "site-"); isSite {
				d, err := c.parentSite(of, value)
				return single(d), err
			}
			owned, err := c.webspacesOfOwner(strings.TrimPrefix(kind, "owner-"), value)
			var rows []*site
			for _, w := range owned {
				rows = append(rows, c.sitesByWebspace.All(idKey(w.ID))...)
			}
			return rows, err
		},
		parents: true,
		sees:    c.seesSite,
		missing: noParent,
	}
}

func logRotationGet(c *call, req xmlapi.QueryRequest) ([]logrotation.GetResult, error) {
	return each(c, c.loggedSites(), req.Filter, func(d *site) (logrotation.GetResult, error) {
		return logrotation.GetResult{Settings: new(d.LogRotation.Settings)}, nil
	})
}

func logRotationStatus(c *call, req xmlapi.QueryRequest) ([]logrotation.GetStatusResult, error) {
	return each(c, c.loggedSites(), req.Filter, func(d *site) (logrotation.GetStatusResult, error) {
		return logrotation.GetStatusResult{Enabled: new(d.LogRotation.Enabled)}, nil
	})
}

// logRotationSet replaces the condition for rotation, and changes only what is given of the rest.
func logRotationSet(c *call, req logrotation.SetRequest) ([]xmlapi.FilterResult, error) {
	return c.changeLogRotation(req.Filter, func(r *logRotation) error {
		if err := checkLogRotation(req.Settings); err != nil {
			return err
		}
		condition := req.Settings.Condition
		r.Settings = overlay(r.Settings, req.Settings)
		r.Settings.Condition = condition
		return nil
	})
}

func enableLogRotation(on bool) func(*call, xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
	return func(c *call, req xmlapi.FilterRequest) ([]xmlapi.FilterResult, error) {
		return c.changeLogRotation(req.Filter, func(r *logRotation) error {
			r.Enabled = on
			return nil
		})
	}
}

func (c *call) changeLogRotation(f xmlapi.Filter, change func(*logRotation) error) ([]xmlapi.FilterResult, error) {
	return each(c, c.loggedSites(), f, func(d *site) (xmlapi.FilterResult, error) {
		if err := c.subscriberHas(c.Webspaces.Get(d.Webspace), "manage_log"); err != nil {
			return xmlapi.FilterResult{}, err
		}
		changed := d.LogRotation
		if err := change(&changed); err != nil {
			return xmlapi.FilterResult{}, err
		}
		d.LogRotation = changed // no index knows it
		c.hostingEvent(d, "updated")
		return xmlapi.FilterResult{}, nil
	})
}

// checkLogRotation refuses what the grammar lets through.
func checkLogRotation(s hosting.LogRotation) error {
	switch {
	case s.Condition.BySize != nil && *s.Condition.BySize < 1:
		return refuse(xmlapi.CodeInvalidValue, "Logs cannot be rotated at the size %d.", *s.Condition.BySize)
	case s.MaxFiles != nil && *s.MaxFiles < 0:
		return refuse(xmlapi.CodeInvalidValue, "The number of log files %d is invalid.", *s.MaxFiles)
	case text(s.Email) != "" && !emailPattern.MatchString(*s.Email):
		return refuse(xmlapi.CodeInvalidValue, "The e-mail address '%s' is invalid.", *s.Email)
	}
	return nil
}
