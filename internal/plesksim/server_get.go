// server/get and get_protos: what the server tells about itself (operators-accounts-server §13.1).

package plesksim

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

func serverOperations() []operation {
	return []operation{
		one("server/get_protos", anyone, serverGetProtos),
		one("server/get", administrator, serverGet),
		one("server/set", administrator, serverSet),

		one("server/srv_man", administrator, serverManageService),
		one("server/reboot", administrator, serverReboot),
		one("server/clean-mail-queue", administrator, serverCleanMailQueue),
		many("server/set_misc", administrator, serverSetMisc).optional(),
		many("server/get_misc", administrator, serverGetMisc).optional(),
		many("server/del_misc", administrator, serverDelMisc),
		one("server/initial_setup", administrator, serverInitialSetup),

		one("server/add-admin-alias", administrator, serverAddAdminAlias),
		one("server/set-admin-alias", administrator, serverSetAdminAlias),
		one("server/del-admin-alias", administrator, serverDelAdminAlias),
		one("server/domain-restriction-add", administrator, serverRestrict),
		one("server/domain-restriction-remove", administrator, serverUnrestrict),
		one("server/domain-restriction-rename", administrator, serverRenameRestriction),
		one("server/domain-restriction-list", administrator, serverRestrictions).withoutStatus(),
		one("server/domain-restriction-enable", administrator, serverEnforceRestrictions),
		one("server/domain-restriction-disable", administrator, serverIgnoreRestrictions),
		one("server/set-ppb-connection", administrator, serverSetPPBConnection),

		one("server/lic_install", administrator, licenceInstall),
		one("server/lic_update", administrator, licenceUpdate).unavailable(xmlapi.CodeFailed, licenceService),
		one("server/lic_get_info", administrator, licenceGetInfo).withoutStatus(),
		one("server/license-rollback-key", administrator, licenceRollbackKey),
		one("server/license-retrieve-keys", administrator, licenceRetrieveKeys).unavailable(xmlapi.CodeFailed, licenceService),
		many("server/get_additional_key", administrator, licenceGetAdditionalKey).optional(),
		many("server/renew_additional_key", administrator, licenceRenewAdditionalKey).optional().unavailable(xmlapi.CodeFailed, licenceService),
		one("server/remove_additional_key", administrator, licenceRemoveAdditionalKey),
	}
}

func serverGetProtos(c *call, _ xmlapi.EmptyRequest) (server.GetProtosResult, error) {
	return server.GetProtosResult{Protos: &server.Protos{Versions: protocolsUpTo(c.opts.Protocol)}}, nil
}

// serverGet answers the requested blocks in the order of the schema.
func serverGet(c *call, req server.GetRequest) (server.GetResult, error) {
	m := &c.Machine
	var res server.GetResult
	if req.Key != nil {
		res.Keys = c.licenceKeys(req.Key.Filter)
	}
	if req.GenInfo != nil {
		res.GenInfo = &server.GenInfo{Name: m.Hostname, GUID: m.GUID, ExternalID: new(m.ExternalID), Mode: new(m.Mode)}
	}
	if req.Components != nil {
		res.Components = &server.Components{}
		for _, k := range m.Components {
			res.Components.Components = append(res.Components.Components, server.Component(k))
		}
	}
	if req.Stat != nil {
		res.Stat = c.serverStat()
	}
	if req.Admin != nil {
		res.Admin = c.administratorInfo()
	}
	if req.Interfaces != nil {
		res.Interfaces = &server.Interfaces{Names: slices.Clone(m.Interfaces)}
	}
	if req.ServicesState != nil {
		res.ServicesState = &server.ServicesState{}
		for _, s := range m.Services {
			res.ServicesState.Services = append(res.ServicesState.Services, server.Service{ID: s.ID, Title: s.Title, State: s.State})
		}
	}
	if req.Preferences != nil {
		res.Preferences = m.Preferences.answer()
	}
	if req.Shells != nil && len(m.Shells) > 0 {
		res.Shells = &server.Shells{}
		for _, s := range m.Shells {
			res.Shells.Shells = append(res.Shells.Shells, server.Shell(s))
		}
	}
	if req.SessionSetup != nil {
		res.SessionSetup = &server.SessionSetup{LoginTimeout: new(m.LoginTimeout)}
	}
	if req.SiteIsolationConfig != nil {
		res.SiteIsolationConfig = c.siteIsolation()
	}
	if req.Updates != nil {
		res.Updates = &server.Updates{InstallAutomatically: true, InstallSystemPackageUpdates: false}
	}
	if req.AdminDomainList != nil {
		res.AdminDomainList = c.domainsOf(c.admin())
	}
	if req.Certificates != nil {
		res.Certificates = c.serverCertificates()
	}
	return res, nil
}

const gibibyte = 1 << 30

func (c *call) serverStat() *server.Stat {
	m := &c.Machine
	version, disk := m.system()
	stat := &server.Stat{
		Version:   version,
		Other:     server.OtherStat{CPU: "GenuineIntel, Intel(R) Xeon(R) CPU", Uptime: int64(c.now.Sub(m.Started).Seconds())},
		LoadAvg:   server.LoadAvg{L1: 37, L5: 21, L15: 14},
		Memory:    server.MemoryStat{Total: 8 * gibibyte, Used: 3 * gibibyte, Free: 2 * gibibyte, Buffer: gibibyte, Cached: 2 * gibibyte},
		Swap:      server.SwapStat{Total: 2 * gibibyte, Free: 2 * gibibyte},
		DiskSpace: server.DiskSpace{Devices: []server.Device{{Name: disk, Total: 160 * gibibyte, Used: 20 * gibibyte, Free: 140 * gibibyte}}},
	}
	for _, a := range c.Accounts.All() {
		if a.Kind == kindCustomer {
			stat.Objects.Clients++
			if c.statusOf(a) != statusActive {
				stat.Objects.ProblemClients++
			}
		}
	}
	post := c.countMail(c.Sites.All()...)
	stat.Objects.Mailboxes, stat.Objects.MailRedirects = post.mailboxes, post.redirects
	stat.Objects.Databases, stat.Objects.DatabaseUsers = int64(c.Databases.Len()), int64(c.DatabaseUsers.Len())
	stat.Objects.MailGroups, stat.Objects.MailResponders = post.groups, post.responders
	for _, d := range c.Sites.All() {
		if d.Kind == subdomain {
			continue
		}
		stat.Objects.Domains++
		if c.siteStatus(d) == statusActive {
			stat.Objects.ActiveDomains++
		} else {
			stat.Objects.ProblemDomains++
		}
	}
	return stat
}

func (c *call) administratorInfo() *server.Admin {
	a, own := c.admin(), c.Administration
	info := &server.Admin{AdminContact: &server.AdminContact{
		CompanyName: new(a.CompanyName), ContactName: a.ContactName, Phone: new(a.Phone), Fax: new(a.Fax), Email: a.Email,
		Address: new(a.Address), City: new(a.City), State: new(a.State), PostalCode: new(a.PostalCode), Country: new(a.Country),
		SendAnnounce: new(own.SendAnnounce), Locale: new(a.Locale), MultipleSessions: new(!own.SingleSession),
	}}
	if own.UID != "" {
		info.UID = new(own.UID)
	}
	if own.GlobalLogin != "" {
		info.GlobalLogin = new(own.GlobalLogin)
	}
	return info
}

// answer is the preferences as server/get prefs shows them.
func (p preferences) answer() *server.Preferences {
	return new(overlay(server.Preferences{
		StatisticsMonths: new(p.StatisticsMonths), IncludeRemoteDatabases: new(true), TrafficAccounting: new(p.TrafficAccounting),
		RestartApacheInterval: new(p.RestartApacheInterval), ApachePipelog: new(false), FTPOverSSL: new("enabled"), PreviewProtection: new(true),
	}, p.Given))
}

// siteIsolation is the security policy of a fresh server: every value is allowed.
func (s *state) siteIsolation() *server.SiteIsolation {
	config, names := &server.SiteIsolation{}, []string{"php", "python", "perl", "cgi", "fastcgi", "ssi", "ssl"}
	if s.onWindows() {
		names = append(names, "asp", "asp_dot_net")
	}
	for _, name := range names {
		config.Properties = append(config.Properties, server.SiteIsolationProperty{Name: name, Values: []string{"true", "false"}})
	}
	return config
}
