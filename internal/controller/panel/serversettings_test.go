// The settings of a server against the simulator.

package panel

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// spoken is the version of the protocol that has all of it.
const spoken = version.Version("1.6.9.1")

// theServer is what the engine knows the settings by.
var theServer = engine.Identity{ID: "g-1", GUID: "g-1"}

// settingsTest is one PleskServerSettings, the server it is on, and a client to that server.
type settingsTest struct {
	*GomegaWithT
	t   *testing.T
	srv *plesksim.Server
	d   *controllertest.Recording
	o   *v1alpha1.PleskServerSettings
}

func newSettingsTest(t *testing.T, change ...func(*plesksim.Options)) *settingsTest {
	srv, c := controllertest.Simulated(t, change...)
	return &settingsTest{GomegaWithT: NewWithT(t), t: t, srv: srv, d: &controllertest.Recording{Doer: c}, o: &v1alpha1.PleskServerSettings{}}
}

func (x *settingsTest) spec(manifest string) {
	x.t.Helper()
	x.o.Spec = v1alpha1.PleskServerSettingsSpec{}
	controllertest.Parse(x.t, x.o, "spec: {serverRef: {name: web-01}, "+manifest+"}")
}

func (x *settingsTest) find() *engine.Found[settingsValue] {
	x.t.Helper()
	found, err := ServerSettings{}.Find(x.t.Context(), x.d, engine.Handle{Identity: theServer, Spoken: spoken})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(found.Identity).To(Equal(theServer))
	found.Value = ServerSettings{}.Normal(found.Value)
	ServerSettings{}.Observe(x.o, found)
	return found
}

// try is one pass, in the order in which the engine works. It returns the fields that it found to write.
func (x *settingsTest) try() ([]string, error) {
	x.t.Helper()
	_, want, err := ServerSettings{}.Desired(x.o, engine.Inputs{})
	if err != nil {
		return nil, err
	}
	want = ServerSettings{}.Normal(want)
	found := x.find()
	changes := engine.Diff(want, found.Value)
	var out []string
	for _, c := range changes {
		out = append(out, fmt.Sprintf("%s: %s -> %s", c.Field, c.From, c.To))
	}
	if out == nil {
		return nil, nil
	}
	return out, ServerSettings{}.Update(x.t.Context(), x.d, engine.Update[settingsValue]{
		Identity: found.Identity, Changes: changes, Patch: engine.Only(want, changes), Want: want, Have: found.Value,
	})
}

// settled is a pass, and another one that has nothing to write.
func (x *settingsTest) settled() []string {
	x.t.Helper()
	out, err := x.try()
	x.Expect(err).NotTo(HaveOccurred())
	x.srv.ResetStats()
	again, err := x.try()
	x.Expect(again, err).To(BeEmpty())
	x.Expect(x.srv.Stats().Writes).To(BeZero())
	return out
}

// every is a spec with every field that Linux has.
const every = `view: PowerUser, sessionTimeout: 1h30m, ftpOverTLS: Required,
	mail: {maxConnections: 100, maxConnectionsPerIP: 4, certificateName: default certificate, outgoing: {mode: ExplicitIP, ipv4: 198.51.100.7, ipv6: "2001:DB8::7"},
		outgoingControl: {enabled: true, mailboxLimit: 100, domainLimit: 500, subscriptionLimit: -1, sendmail: false, reportPeriod: TwoWeeks, notificationPeriod: SixHours}},
	notifications: {enabled: true, useDefaultSettings: false, smtpHost: smtp.mail.example, smtpPort: 587, smtpLogin: panel, smtpTLS: true, smtpForUsers: false},
	statistics: {retentionMonths: 6, includeRemoteDatabases: false, traffic: Outgoing},
	web: {restartIntervalSeconds: 300, pipedLogs: true, previewProtection: false, firewallMode: DetectionOnly, firewallRuleSet: tortix},
	applications: {forceUpdates: true, suggestUpdates: false},
	dns: {recursion: Localhost, transferACL: [198.51.100.53, 203.0.113.0/24]},
	locales: {de-DE: false, en-US: true}, phpHandlers: {plesk-php74-fpm: true, cgi: false},
	prohibitedDomains: {enforced: true, names: [bank.example, bücher.example]}`

func TestEverySettingIsWritten(t *testing.T) {
	x := newSettingsTest(t)
	x.spec(every)
	x.settled()
	seen := x.o.Status.Observed
	for field, value := range map[string]string{
		"view": "PowerUser", "sessionTimeout": "1h30m0s", "ftpOverTLS": "Required", "mail.maxConnections": "100", "mail.maxConnectionsPerIP": "4", "mail.certificateName": "default certificate",
		"mail.outgoing.mode": "ExplicitIP", "mail.outgoing.ipv4": "198.51.100.7", "mail.outgoing.ipv6": "2001:db8::7",
		"mail.outgoingControl.enabled": "true", "mail.outgoingControl.mailboxLimit": "100", "mail.outgoingControl.domainLimit": "500",
		"mail.outgoingControl.subscriptionLimit": "-1", "mail.outgoingControl.sendmail": "false", "mail.outgoingControl.reportPeriod": "TwoWeeks",
		"mail.outgoingControl.notificationPeriod": "SixHours", "notifications.enabled": "true", "notifications.useDefaultSettings": "false",
		"notifications.smtpHost": "smtp.mail.example", "notifications.smtpPort": "587", "notifications.smtpLogin": "panel", "notifications.smtpTLS": "true",
		"notifications.smtpForUsers": "false", "statistics.retentionMonths": "6", "statistics.includeRemoteDatabases": "false", "statistics.traffic": "Outgoing",
		"web.restartIntervalSeconds": "300", "web.pipedLogs": "true", "web.previewProtection": "false", "web.firewallMode": "DetectionOnly", "web.firewallRuleSet": "tortix",
		"applications.forceUpdates": "true", "applications.suggestUpdates": "false", "dns.recursion": "Localhost", "locales.de-DE": "false", "locales.fr-FR": "true",
		"phpHandlers.plesk-php74-fpm": "true", "phpHandlers.cgi": "false", "phpHandlers.module": "true", "prohibitedDomains.enforced": "true",
	} {
		x.Expect(seen.Settings).To(HaveKeyWithValue(field, value))
	}
	x.Expect(seen.TransferACL).To(Equal([]string{"198.51.100.53", "203.0.113.0/24"}))
	x.Expect(seen.ProhibitedDomains).To(Equal([]string{"bank.example", "xn--bcher-kva.example"}))
	is, err := server.Get.One(t.Context(), x.srv, server.GetRequest{GenInfo: &xmlapi.Empty{}, Preferences: &xmlapi.Empty{}, SessionSetup: &xmlapi.Empty{}, Admin: &xmlapi.Empty{}})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect([]any{*is.GenInfo.Mode, *is.SessionSetup.LoginTimeout, *is.Preferences.TrafficAccounting, *is.Preferences.NotificationPeriod, *is.Preferences.FTPOverSSL}).
		To(Equal([]any{"poweruser", 90, 2, "PT6H", "required"}))
}

// What is not set is neither compared nor written, and what is set already is not written again.
func TestSettingsThatAreNotSet(t *testing.T) {
	x := newSettingsTest(t)
	before := x.find().Value
	x.spec(`web: {pipedLogs: true}`)
	x.Expect(x.settled()).To(Equal([]string{"web.pipedLogs: false -> true"}))
	x.Expect(x.d.Sent).To(ContainElement(ContainSubstring(`<server><set><prefs><apache_pipelog>true</apache_pipelog></prefs></set></server>`)))
	after := x.find().Value
	after.PipedLogs = before.PipedLogs
	x.Expect(after).To(Equal(before))
}

// Lists that are set are the whole list: an empty one has nothing in it.
func TestListsOfSettings(t *testing.T) {
	x := newSettingsTest(t)
	x.spec(`dns: {transferACL: [198.51.100.53, "2001:DB8::/32"]}, prohibitedDomains: {names: [bank.example]}`)
	x.settled()
	_, err := dns.AddToACL.One(t.Context(), x.srv, xmlapi.FilterRequest{Filter: dns.ByHost("2001:0db8:0::7")})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(x.settled()).To(Equal([]string{"dns.transferACL: 2001:db8::7 -> "}), "whatever its spelling")
	x.spec(`dns: {recursion: LocalNetworks}, prohibitedDomains: {enforced: false}`)
	x.Expect(x.settled()).To(BeEmpty())
	x.Expect(x.o.Status.Observed.TransferACL).To(HaveLen(2))
	x.spec(`dns: {transferACL: []}, prohibitedDomains: {names: []}`)
	x.Expect(x.settled()).To(HaveLen(3))
	x.Expect(x.o.Status.Observed.TransferACL).To(BeEmpty())
	x.Expect(x.o.Status.Observed.ProhibitedDomains).To(BeEmpty())
}

func TestSettingsOnWindows(t *testing.T) {
	x := newSettingsTest(t, func(o *plesksim.Options) { o.OS = plesksim.Windows })
	x.spec(`dns: {remote: true, recursion: Any}`)
	x.Expect(x.settled()).To(ConsistOf("dns.remote: false -> true", "dns.recursion: LocalNetworks -> Any"))
	x.spec(`dns: {remote: false}`)
	x.Expect(x.settled()).To(HaveLen(1))
	x.spec(`dns: {transferACL: [198.51.100.53]}`)
	_, err := x.try()
	x.Expect(err).To(MatchError(ContainSubstring("1017")))
	x.Expect(fieldOf(err)).To(Equal("spec.dns.transferACL"))
}

func fieldOf(err error) string {
	e, ok := errors.AsType[*xmlapi.Error](err)
	if !ok {
		return ""
	}
	return engine.FieldOf(ServerSettings{}, e)
}

func TestSettingsThatCannotBe(t *testing.T) {
	for spec, want := range map[string]string{
		`sessionTimeout: 0m`:                                "spec.sessionTimeout: whole minutes",
		`sessionTimeout: 9999h`:                             "spec.sessionTimeout: whole minutes",
		`prohibitedDomains: {names: [bank.example, "a_b"]}`: "spec.prohibitedDomains.names[1]: an underscore",
		`locales: {xx-XX: true}, web: {pipedLogs: true}`:    "spec.locales.xx-XX: the server has none",
		`phpHandlers: {plesk-php12-fpm: true}`:              "spec.phpHandlers.plesk-php12-fpm: the server has none",
	} {
		x := newSettingsTest(t)
		x.spec(spec)
		_, err := x.try()
		x.Expect(err).To(MatchError(ContainSubstring(want)), spec)
		x.Expect(x.srv.Stats().Writes).To(BeZero(), spec)
	}
}

// A refusal names the field that it is about, and the rest is written all the same.
func TestSettingsThatTheServerRefuses(t *testing.T) {
	x := newSettingsTest(t)
	x.spec(`locales: {en-US: false, de-DE: false}, dns: {remote: true, recursion: Nobody}`)
	_, err := x.try()
	x.Expect(fieldOf(err)).To(Equal("spec.dns.remote"), "%v", err)
	is := x.find().Value
	x.Expect([]string{is.Locales["en-US"], is.Locales["de-DE"], *is.Recursion}).To(Equal([]string{"true", "false", "Nobody"}))
	x.spec(`locales: {en-US: false}`)
	_, err = x.try()
	x.Expect(fieldOf(err)).To(Equal("spec.locales"))
	x.spec(`mail: {outgoing: {ipv4: 203.0.113.1}}`)
	_, err = x.try()
	x.Expect(err).To(HaveOccurred())
}

// Nothing that could lock the operator or its owner out is ever sent.
func TestSettingsLeaveTheAdministratorAlone(t *testing.T) {
	x := newSettingsTest(t)
	x.spec(every)
	x.settled()
	for _, sent := range x.d.Sent {
		for _, tag := range []string{"<set><admin>", "<password>", "<external-id>", "<panel>", "<smtp_password>"} {
			x.Expect(sent).NotTo(ContainSubstring(tag))
		}
	}
	x.Expect(slices.ContainsFunc(x.d.Sent, func(s string) bool { return s != "" })).To(BeTrue())
}

// Answers that lack something, or repeat it, are no settings.
func TestDoubtfulSettings(t *testing.T) {
	const (
		general    = `<result><status>ok</status><gen_info><server_name>n</server_name><server_guid>g-1</server_guid></gen_info><prefs/><session_setup><login_timeout>30</login_timeout></session_setup></result>`
		mailServer = `<result><status>ok</status><certificates><mail-server><name>shop</name><site>acme.example</site></mail-server></certificates></result>`
		prohibited = `<enable>0</enable>`
		recursion  = `<result><status>ok</status><value>off</value></result>`
		acl        = `<result><status>ok</status></result>`
		locales    = `<result><status>ok</status><filter-id>en-US</filter-id><id>en-US</id><info><id>en-US</id><lang>English</lang><country>US</country><used>1</used><enabled>true</enabled></info></result>`
		handlers   = `<result><status>ok</status><id>cgi</id><display-name>c</display-name><full-version>8</full-version><version>8</version><type>cgi</type><custom>false</custom><handler-status>enabled</handler-status></result>`
	)
	find := func(answers [7]string) (*engine.Found[settingsValue], error) {
		return ServerSettings{}.Find(t.Context(), controllertest.Recorded(`<packet><server><get>`+answers[0]+`</get></server><server><domain-restriction-list>`+answers[1]+
			`</domain-restriction-list></server><dns><get-recursion>`+answers[2]+`</get-recursion></dns><dns><get_acl>`+answers[3]+`</get_acl></dns><locale><get>`+answers[4]+
			`</get></locale><php-handler><get>`+answers[5]+`</get></php-handler><server><get>`+answers[6]+`</get></server></packet>`), engine.Handle{Identity: theServer, Spoken: spoken})
	}
	g := NewWithT(t)
	whole := [7]string{general, prohibited, recursion, acl, locales, handlers, mailServer}
	found, err := find(whole)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Value.MailCertificate).To(HaveValue(Equal("shop (of acme.example)")), "not the one of its name in the server's repository")
	for i, doubt := range []string{`<result><status>ok</status></result>`, ``, `<result><status>ok</status></result>`, `<result><status>error</status><errcode>1023</errcode></result>`,
		locales + `<result><status>error</status><errcode>1023</errcode><filter-id>de-DE</filter-id></result>`, `<result><status>error</status><errcode>1006</errcode></result>`, `<result><status>ok</status></result>`} {
		answers := whole
		answers[i] = doubt
		_, err := find(answers)
		g.Expect(err).To(HaveOccurred(), doubt)
	}
}
