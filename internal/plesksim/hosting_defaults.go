// What the server gives where nothing is configured: mail, statistics, log rotation, web server settings.

package plesksim

import (
	"slices"
	"strconv"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

func (s *state) initialPlanMail() hosting.PlanMail {
	return hosting.PlanMail{
		NonexistentUser: &hosting.NonexistentUser{Reject: &xmlapi.Empty{}}, Webmail: new(s.webmail()), MailLists: new(false), MailService: new(true),
		OutgoingMail: hosting.OutgoingMail{
			MailboxLimit: new("default"), DomainLimit: new("default"), SubscriptionLimit: new("default"), EnableSendmail: new("default"),
		},
	}
}

// webmail is the first of the webmails that is installed, or none.
func (s *state) webmail() string {
	if i := slices.IndexFunc(webmails, s.componentInstalled); i >= 0 {
		return webmails[i]
	}
	return noWebmail
}

func initialLogRotation() *serviceplan.LogRotation {
	return &serviceplan.LogRotation{On: &hosting.LogRotation{
		Condition: hosting.LogCondition{BySize: new(10 << 20)}, MaxFiles: new(10), Compress: new(true),
	}}
}

func (s *state) initialPlanPreferences() serviceplan.Preferences {
	return serviceplan.Preferences{
		StatisticsMonths: new(s.Machine.Preferences.StatisticsMonths), MailLists: new(false), MailService: new(true), DNSZoneType: new("master"),
	}
}

func initialWebServer() serviceplan.WebServerSettings {
	return serviceplan.WebServerSettings{
		Additional: new(""), AdditionalSSL: new(""), AdditionalNginx: new(""), RestrictFollowSymLinks: new("false"), NginxProxyMode: new("true"),
	}
}

// initialPreferences are those of a new site, as far as plans say anything about them.
func initialPreferences(values provision) hosting.Preferences {
	return hosting.Preferences{WWW: new(true), StatisticsMonths: new(strconv.Itoa(*values.Preferences.StatisticsMonths))}
}

// openBasedir is the PHP setting that every subscription has.
const openBasedir = "{WEBSPACEROOT}{/}{:}{TMP}{/}"
