// The row of PleskServerSettings: an implicit kind, which comes with its server. Its neighbour is a subscription there.

package conformance

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/panel"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/certificate"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/locale"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/phphandler"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// oldPHP is the handler that the row's object lets no site choose.
const oldPHP = "plesk-php82-fpm"

var serverSettingsRow = row{
	kind: "PleskServerSettings",
	is:   kind(family.ServerSettings{}),
	can:  []capability{unexportable, normalizer, serverScoped, blamer},
	prepare: func(s *site) {
		do(s, webspace.Add, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "neighbour.example", IPAddresses: []string{sharedAddress}}})
		for i, name := range []string{"mail-tls", "next-tls", "other-tls"} {
			p := pairs()[i]
			do(s, certificate.Install, certificate.InstallRequest{Name: name, Repository: hosting.OfServer(), Content: certificate.Content{
				Key: xmlapi.Secret(p.key), Certificate: new(string(p.certificate)),
			}})
		}
	},
	object: func(s *site) v1alpha1.Object {
		o := &v1alpha1.PleskServerSettings{Spec: v1alpha1.PleskServerSettingsSpec{
			CommonSpec: s.common(), SessionTimeout: &metav1.Duration{Duration: 45 * time.Minute},
			Mail:              &v1alpha1.ServerMail{MaxConnections: new(int32(10)), CertificateName: new("mail-tls")},
			Web:               &v1alpha1.ServerWeb{FirewallMode: new(v1alpha1.FirewallModeOff)},
			DNS:               &v1alpha1.ServerDNS{Recursion: new(v1alpha1.DNSRecursionLocalhost), TransferACL: []string{"198.51.100.53"}},
			Locales:           map[string]bool{"de-DE": false},
			PHPHandlers:       map[string]bool{oldPHP: false},
			ProhibitedDomains: &v1alpha1.ProhibitedDomains{Enforced: new(true), Names: []string{"bank.example"}},
		}}
		o.Name = s.name + "-settings"
		return o
	},
	fields: []field{
		setting("dns.recursion", "local", "off", func(o *v1alpha1.PleskServerSettingsSpec, unset bool) {
			if o.DNS.Recursion = new(v1alpha1.DNSRecursionNobody); unset {
				o.DNS.Recursion = nil
			}
		}, func(s *site) string { return do(s, dns.GetRecursion, xmlapi.EmptyRequest{}).Value },
			"on", func(s *site) { do(s, dns.SetRecursion, dns.SetRecursionRequest{Value: "on"}) }),
		setting("sessionTimeout", "45", "60", func(o *v1alpha1.PleskServerSettingsSpec, unset bool) {
			if o.SessionTimeout = (&metav1.Duration{Duration: time.Hour}); unset {
				o.SessionTimeout = nil
			}
		}, func(s *site) string { return strconv.Itoa(*settingsOf(s).SessionSetup.LoginTimeout) },
			"15", func(s *site) {
				do(s, server.Set, server.SetRequest{SessionSetup: &server.SessionSetup{LoginTimeout: new(15)}})
			}),
		setting("mail.maxConnections", "10", "12", func(o *v1alpha1.PleskServerSettingsSpec, unset bool) {
			if o.Mail.MaxConnections = new(int32(12)); unset {
				o.Mail.MaxConnections = nil
			}
		}, func(s *site) string { return strconv.Itoa(*settingsOf(s).Preferences.MaxConnections) },
			"14", func(s *site) {
				do(s, server.Set, server.SetRequest{Preferences: &server.Preferences{MaxConnections: new(14)}})
			}),
		setting("mail.certificateName", "mail-tls", "next-tls", func(o *v1alpha1.PleskServerSettingsSpec, unset bool) {
			if o.Mail.CertificateName = new("next-tls"); unset {
				o.Mail.CertificateName = nil
			}
		}, func(s *site) string { return mailCertificateOf(s).Name },
			"other-tls", func(s *site) {
				c := &server.Certificate{Name: "other-tls", Repository: hosting.OfServer()}
				do(s, server.Set, server.SetRequest{Certificates: &server.Certificates{MailServer: c}})
			}),
		setting("web.firewallMode", "off", "detection-only", func(o *v1alpha1.PleskServerSettingsSpec, unset bool) {
			if o.Web = (&v1alpha1.ServerWeb{FirewallMode: new(v1alpha1.FirewallModeDetectionOnly)}); unset {
				o.Web = nil
			}
		}, func(s *site) string { return *settingsOf(s).Preferences.WAFRuleEngine },
			"on", func(s *site) {
				do(s, server.Set, server.SetRequest{Preferences: &server.Preferences{WAFRuleEngine: new("on")}})
			}),
		setting("dns.transferACL", "198.51.100.53", "198.51.100.54", func(o *v1alpha1.PleskServerSettingsSpec, unset bool) {
			if o.DNS.TransferACL = []string{"198.51.100.54"}; unset {
				o.DNS.TransferACL = nil
			}
		}, func(s *site) string { return strings.Join(do(s, dns.GetACL, xmlapi.EmptyRequest{}).Hosts, " ") },
			"198.51.100.53 203.0.113.0/24", func(s *site) { do(s, dns.AddToACL, xmlapi.FilterRequest{Filter: dns.ByHost("203.0.113.0/24")}) }),
		setting("locales", "false", "true", func(o *v1alpha1.PleskServerSettingsSpec, unset bool) {
			if o.Locales = map[string]bool{"de-DE": true}; unset {
				o.Locales = nil
			}
		}, func(s *site) string {
			return strconv.FormatBool(do(s, locale.Get, xmlapi.QueryRequest{Filter: locale.ByID("de-DE").Query()}).Info.Enabled)
		}, "true", func(s *site) { do(s, locale.Enable, xmlapi.FilterRequest{Filter: locale.ByID("de-DE")}) }),
		setting("phpHandlers", phphandler.Disabled, phphandler.Enabled, func(o *v1alpha1.PleskServerSettingsSpec, unset bool) {
			if o.PHPHandlers = map[string]bool{oldPHP: true}; unset {
				o.PHPHandlers = nil
			}
		}, func(s *site) string {
			return do(s, phphandler.Get, xmlapi.QueryRequest{Filter: phphandler.ByID(oldPHP).Query()}).HandlerStatus
		}, phphandler.Enabled, func(s *site) { do(s, phphandler.Enable, xmlapi.FilterRequest{Filter: phphandler.ByID(oldPHP)}) }),
		setting("prohibitedDomains.names", "bank.example", "bank.example post.example", func(o *v1alpha1.PleskServerSettingsSpec, unset bool) {
			if o.ProhibitedDomains.Names = []string{"post.example", "bank.example"}; unset {
				o.ProhibitedDomains.Names = nil
			}
		}, func(s *site) string { return strings.Join(prohibitedOn(s).Names, " ") },
			"bank.example intruder.example", func(s *site) {
				do(s, server.DomainRestrictionAdd, server.DomainRestrictionRequest{Name: "intruder.example"})
			}),
		setting("prohibitedDomains.enforced", "1", "0", func(o *v1alpha1.PleskServerSettingsSpec, unset bool) {
			if o.ProhibitedDomains.Enforced = new(false); unset {
				o.ProhibitedDomains.Enforced = nil
			}
		}, func(s *site) string { return strconv.Itoa(*prohibitedOn(s).Enabled) },
			"0", func(s *site) { do(s, server.DomainRestrictionDisable, xmlapi.EmptyRequest{}) }),
	},
	list: func(s *site) []external {
		guid := serverGUIDOf(s)
		is := settingsOf(s)
		content, err := json.Marshal([]any{
			is.Preferences, is.SessionSetup, mailCertificateOf(s), do(s, dns.GetRecursion, xmlapi.EmptyRequest{}).Value, aclOf(s), prohibitedOn(s).Names,
			*prohibitedOn(s).Enabled, findAll(s, locale.Get, xmlapi.QueryRequest{Filter: xmlapi.All()}), findAll(s, phphandler.Get, xmlapi.QueryRequest{Filter: xmlapi.All()}),
		})
		s.Expect(err).NotTo(HaveOccurred())
		out := []external{{id: guid, guid: guid, key: "server settings", content: string(content)}}
		for _, w := range findAll(s, webspace.Get, webspace.GetRequest{Filter: xmlapi.All(), Dataset: webspace.Dataset{GenInfo: &xmlapi.Empty{}}}) {
			out = append(out, external{id: strconv.FormatInt(w.ID, 10), key: w.Data.GenInfo.Name, guid: w.Data.GenInfo.GUID, content: w.Data.GenInfo.Name})
		}
		return out
	},
	keeps: true,
	plant: func(s *site, _ string) []string {
		do(s, server.Set, server.SetRequest{SessionSetup: &server.SessionSetup{LoginTimeout: new(4711)}})
		return []string{"78h31m0s"}
	},
	rename: rename{change: set(func(o *v1alpha1.PleskServerSettings) { o.Spec.ServerRef.Name = "another" })},
}

// aclOf is the list for zone transfers, which Windows does not have.
func aclOf(s *site) []string {
	GinkgoHelper()
	r, err := dns.GetACL.One(s, s.plesk, xmlapi.EmptyRequest{})
	if !xmlapi.RefusedWith(err, xmlapi.CodeUnsupportedByVersion) {
		s.Expect(err).NotTo(HaveOccurred())
	}
	return r.Hosts
}

// mailCertificateOf is the certificate of the mail server, nil for none.
func mailCertificateOf(s *site) *server.Certificate {
	return do(s, server.Get, server.GetRequest{Certificates: &xmlapi.Empty{}}).Certificates.MailServer
}

// setting is one of the settings.
func setting(name, initial, changed string, spec func(o *v1alpha1.PleskServerSettingsSpec, unset bool), read func(*site) string, spoiled string, write func(*site)) field {
	f := field{
		name: name, initial: initial, changed: changed, read: func(s *site, _ string) string { return read(s) },
		change: set(func(o *v1alpha1.PleskServerSettings) { spec(&o.Spec, false) }),
		unset:  set(func(o *v1alpha1.PleskServerSettings) { spec(&o.Spec, true) }),
	}
	return f.spoiling(spoiled, func(s *site, _, _ string) { write(s) })
}

// settingsOf reads settings behind the operator's back.
func settingsOf(s *site) server.GetResult {
	return do(s, server.Get, server.GetRequest{GenInfo: &xmlapi.Empty{}, Preferences: &xmlapi.Empty{}, SessionSetup: &xmlapi.Empty{}})
}

// prohibitedOn reads the prohibited domain names behind the operator's back.
func prohibitedOn(s *site) server.DomainRestrictionListResult {
	r := do(s, server.DomainRestrictionList, xmlapi.EmptyRequest{})
	slices.Sort(r.Names)
	return r
}
