// What a request says about a subscription beyond its hosting: limits, permissions, PHP settings, preferences, mail.

package plesksim

import (
	"strconv"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// customisation is the part of a request that add and set share.
type customisation struct {
	limits      *hosting.Limits
	permissions *hosting.Permissions
	phpSettings *hosting.PHPSettings
	performance *hosting.Performance
	preferences *hosting.Preferences
	mail        *hosting.Mail
}

// customise lays what a request gives over what a subscription and its main site have. It tells whether that is more than
// a plan gave.
func (c *call) customise(w *webspace, d *site, given customisation) (customised bool, err error) {
	if err := c.withinAllowance(w, given.limits); err != nil {
		return false, err
	}
	if w.Limits, err = c.givenLimits(w.Limits, given.limits); err != nil {
		return false, err
	}
	if err := c.mayPromise(c.provider(c.Accounts.Get(w.Owner)), promise{w, w.Limits}); err != nil {
		return false, err
	}
	if given.limits != nil && given.limits.Overuse != nil {
		w.Overuse = *given.limits.Overuse
	}
	if w.Permissions, err = c.givenPermissions(w.Permissions, given.permissions); err != nil {
		return false, err
	}
	if w.PHPSettings, err = givenPHPSettings(w.PHPSettings, given.phpSettings); err != nil {
		return false, err
	}
	if err := checkPerformance(given.performance); err != nil {
		return false, err
	}
	d.setPerformance(given.performance)
	if given.preferences != nil {
		if d.Preferences, err = c.givenPreferences(d.Preferences, *given.preferences); err != nil {
			return false, err
		}
	}
	if w.Mail, err = c.givenMail(w, given.mail); err != nil {
		return false, err
	}
	return saysLimits(given.limits) || saysPermissions(given.permissions) || saysPHPSettings(given.phpSettings) || given.performance != nil, nil
}

// maxStatisticsMonths is the longest time for which statistics are kept (protocol-core §6).
const maxStatisticsMonths = 999_999

// givenPreferences lays preferences over those of a site. An empty stat_ttl is the server's default.
func (c *call) givenPreferences(old, given hosting.Preferences) (hosting.Preferences, error) {
	if months := given.StatisticsMonths; months != nil && *months == "" {
		given.StatisticsMonths = new(strconv.Itoa(c.Machine.Preferences.StatisticsMonths))
	} else if months != nil {
		if n, err := strconv.Atoi(*months); err != nil || n < 1 || n > maxStatisticsMonths {
			return old, refuse(xmlapi.CodeInvalidValue, "Statistics cannot be kept for %s months.", *months)
		}
	}
	if err := checkOutgoing(hosting.OutgoingMail{DomainLimit: given.OutgoingMessagesDomainLimit}); err != nil {
		return old, err
	}
	return overlay(old, given), nil
}

func saysLimits(l *hosting.Limits) bool {
	return l != nil && (l.Overuse != nil || len(l.Limits) > 0 || l.AllToZero != nil)
}

func saysPermissions(p *hosting.Permissions) bool {
	return p != nil && (len(p.Permissions) > 0 || p.RevokeAll != nil)
}

func saysPHPSettings(s *hosting.PHPSettings) bool { return s != nil && len(s.Settings) > 0 }

// plansProperties tells whether hosting settings name a property that plans preset.
func plansProperties(h *hosting.Hosting) bool {
	if h == nil || h.Virtual == nil {
		return false
	}
	for _, given := range h.Virtual.Properties {
		if p := property(given.Name); p != nil && p.inPlan {
			return true
		}
	}
	return false
}

func (w *website) setPerformance(given *hosting.Performance) {
	if given == nil {
		return
	}
	if given.Bandwidth != nil {
		w.Bandwidth = float64(*given.Bandwidth)
	}
	if given.MaxConnections != nil {
		w.Connections = *given.MaxConnections
	}
}

// givenMail lays mail preferences and limits over those of a subscription.
func (c *call) givenMail(w *webspace, given *hosting.Mail) (hosting.Mail, error) {
	old := w.Mail
	if given == nil {
		return old, nil
	}
	if err := checkOutgoing(given.OutgoingMail); err != nil {
		return old, err
	}
	preferences, err := c.givenMailPreferences(w, old.MailPreferences, given.MailPreferences)
	if err != nil {
		return old, err
	}
	return hosting.Mail{MailPreferences: preferences, OutgoingMail: overlay(old.OutgoingMail, given.OutgoingMail)}, nil
}

// checkOutgoing refuses limits of outgoing mail that are neither a number nor default.
func checkOutgoing(m hosting.OutgoingMail) error {
	for _, limit := range []*string{m.MailboxLimit, m.DomainLimit, m.SubscriptionLimit} {
		if limit == nil || *limit == "default" {
			continue
		}
		if n, err := strconv.Atoi(*limit); err != nil || n < unlimited {
			return refuse(xmlapi.CodeInvalidValue, "The limit of outgoing messages '%s' is invalid.", *limit)
		}
	}
	if p := m.OverlimitPercent; p != nil && (*p < 0 || *p > 100) {
		return refuse(xmlapi.CodeInvalidValue, "The percentage %d is invalid.", *p)
	}
	return nil
}
