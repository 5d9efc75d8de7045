// The machine: what the server is and has apart from its customers, and the factory content of a fresh one.

package plesksim

import (
	"slices"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// machine describes the server itself.
type machine struct {
	Hostname     string
	OS           OS
	GUID         string
	ExternalID   string
	Mode         string // standard or poweruser
	Locale       string
	Started      time.Time
	KeyID        string // of the licence
	MaxCustomers int    // of the licence; -1 is unlimited
	MaxDomains   int
	Components   []component
	Services     []service
	Shells       []shell
	Interfaces   []string
	Preferences  preferences
	LoginTimeout int
	Fixed        []string `json:",omitempty"` // names of limits, permissions and properties that nobody may change
}

type component struct{ Name, Version string }

type service struct {
	ID, Title string
	State     string // running, stopped or none
}

type shell struct{ Name, Path string }

// preferences are the settings of server/set prefs: those that a fresh server has and others read, and what was set.
type preferences struct {
	StatisticsMonths      int
	RestartApacheInterval int
	TrafficAccounting     int
	Given                 server.Preferences
}

// setup gives a new state what a fresh server holds.
func (s *Server) setup() {
	now := s.opts.Clock()
	st := s.state
	st.Machine = machine{
		Hostname: s.opts.Hostname, OS: s.opts.OS, GUID: st.newGUID(), Mode: "standard", Locale: "en-US", Started: now,
		KeyID: "PLSK.00000001", MaxCustomers: -1, MaxDomains: -1,
		Components: []component{
			{"psa", "18.0.70"}, {"apache", "2.4.62"}, {"nginx", "1.27.4"}, {"bind", "9.18.30"}, {"postfix", "3.8.6"}, {"dovecot", "2.4.1"},
			{"mysql", "8.0.41"}, {"proftpd", "1.3.8"}, {"awstats", "7.9"}, {"roundcube", "1.6.10"}, {"horde", "5.2.23"}, {"spamassassin", ""},
		},
		Services: []service{
			{"web", "Web Server (Apache)", "running"}, {"smtp", "SMTP Server (Postfix)", "running"}, {"imap-pop3", "IMAP/POP3 Server (Dovecot)", "running"},
			{"dns", "DNS Server (BIND)", "running"}, {"spamassassin", "SpamAssassin", "none"}, {"milter", "Plesk milter (Postfix)", "running"},
		},
		Shells: []shell{
			{"/bin/false", "/bin/false"}, {"/bin/sh", "/bin/sh"}, {"/bin/bash", "/bin/bash"}, {"/bin/bash (chrooted)", chrootedShell},
		},
		Interfaces:   []string{"eth0"},
		Preferences:  preferences{StatisticsMonths: 3, TrafficAccounting: 3},
		LoginTimeout: 30,
	}
	if st.onWindows() {
		st.Machine.becomeWindows()
	}
	st.Unconfigured = s.opts.Unconfigured
	st.Accounts.Insert(&account{
		ID: next(&st.Sequences.Account), Kind: kindAdmin, GUID: st.newGUID(), Login: s.opts.Login, Password: st.newPassword(s.opts.Password),
		Created: now.Format(time.DateOnly), ContactName: "Administrator", Email: "admin@" + s.opts.Hostname, Country: "CH", Locale: "en-US",
	})
	st.Addresses = slices.Clone(factoryAddresses)
	for i := range st.Addresses {
		st.Addresses[i].Interface = st.Machine.Interfaces[0]
	}
	st.seedTemplate()
	if key := s.opts.SecretKey; key != "" {
		st.addSecretKey(key, secretKey{Account: adminID, Description: "made beforehand"})
	}
	st.seedPlans()
	st.seedCertificates()
	st.seedExtensions()
	st.seedLanguages()
	c := &call{state: st, opts: &s.opts, who: caller{account: adminID, login: s.opts.Login, role: administrator, host: "127.0.0.1"}, version: NewestVersion, now: now}
	c.event("admin_info", "updated", idKey(adminID))
}
