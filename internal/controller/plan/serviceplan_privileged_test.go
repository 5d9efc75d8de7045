// What tenants may set of a service plan and what not.

package plan

import (
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
)

func planPrivileges(t *testing.T, manifest string) []string {
	return controllertest.Privileges(t, ServicePlan{}, &v1alpha1.PleskServicePlan{Spec: v1alpha1.PleskServicePlanSpec{PlanName: "birch"}}, manifest)
}

func TestServicePlanPrivileges(t *testing.T) {
	controllertest.ExpectPrivileged(t, planPrivileges, controllertest.AllowanceCases())
	controllertest.ExpectPrivileged(t, planPrivileges, controllertest.HostingCases("hosting", func(s string) string { return `hosting: {` + s + `}` }))
	controllertest.ExpectPrivileged(t, planPrivileges, map[string][]string{
		`resellerRef: {external: north}`:                                                     {"resellerRef"},
		`webServer: {additionalHTTP: "CustomLog \"|/bin/sh\" x"}`:                            {"webServer.additionalHTTP"},
		`webServer: {additionalHTTPS: "# x"}`:                                                {"webServer.additionalHTTPS"},
		`webServer: {additionalNginx: "# x"}`:                                                {"webServer.additionalNginx"},
		`webServer: {restrictFollowSymlinks: false}`:                                         {"webServer.restrictFollowSymlinks"},
		`webServer: {nginxProxyMode: false}`:                                                 {"webServer.nginxProxyMode"},
		`mail: {outgoing: {mailboxLimit: 1000}}`:                                             {"mail.outgoing.mailboxLimit"},
		`mail: {outgoing: {domainLimit: unlimited}}`:                                         {"mail.outgoing.domainLimit"},
		`mail: {outgoing: {subscriptionLimit: default}}`:                                     {"mail.outgoing.subscriptionLimit"},
		`mail: {outgoing: {sendmail: Allowed}}`:                                              {"mail.outgoing.sendmail"},
		`mail: {outgoing: {overlimitPercent: 100}}`:                                          {"mail.outgoing.overlimitPercent"},
		`mail: {mailService: true, webmail: roundcube}`:                                      nil,
		`logRotation: {enabled: true, schedule: Daily}`:                                      nil,
		`hostingType: VirtualHost, preferences: {statisticsMonths: 3, dnsZoneType: Primary}`: nil,
	})
}
