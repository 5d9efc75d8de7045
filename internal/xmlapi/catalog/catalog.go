// Package catalog lists every operation of the protocol with its types, for code that treats them all alike.
package catalog

import (
	"reflect"
	"strings"
	"sync"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/aps"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/businesslogicupgrade"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/certificate"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ftpuser"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/locale"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/logrotation"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/phphandler"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/secretkey"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplanaddon"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/subdomain"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ui"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/virtdir"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// Operation is an xmlapi.Operation whose types are values.
type Operation struct {
	Operator, Name  string
	Writes          bool
	Request, Result reflect.Type // structs
}

// String returns operator and name as operator/name; of an operator without operations, the operator.
func (o Operation) String() string { return strings.TrimSuffix(o.Operator+"/"+o.Name, "/") }

// Find returns the operation that String names so.
func Find(name string) (Operation, bool) {
	o, ok := byName()[name]
	return o, ok
}

var byName = sync.OnceValue(func() map[string]Operation {
	all := All()
	m := make(map[string]Operation, len(all))
	for _, o := range all {
		m[o.String()] = o
	}
	return m
})

func of[Req any, Res xmlapi.Outcomer](o xmlapi.Operation[Req, Res]) Operation {
	return Operation{o.Operator(), o.Name(), o.Writes(), reflect.TypeFor[Req](), reflect.TypeFor[Res]()}
}

// All returns every operation, by operator.
func All() []Operation {
	return []Operation{
		of(aps.DownloadPackage), of(aps.GetDownloadStatus), of(aps.ImportPackage), of(aps.GetPackagesList),
		of(aps.GetPackagesByReseller), of(aps.GetPackagesByWebspace), of(aps.SetPackageProperties), of(aps.Install),
		of(aps.ImportConfig),
		of(businesslogicupgrade.Run),
		of(certificate.Install), of(certificate.Update), of(certificate.Remove), of(certificate.Generate),
		of(certificate.GetPool),
		of(customer.Add), of(customer.Get), of(customer.Set), of(customer.Del), of(customer.ConvertToReseller),
		of(customer.ChangeOwner), of(customer.GetDomainList),
		of(database.AddDB), of(database.GetDB), of(database.DelDB), of(database.AssignToSubscription),
		of(database.SetDefaultUser), of(database.GetDefaultUser), of(database.SetCustomHost), of(database.AddDBUser),
		of(database.GetDBUsers), of(database.SetDBUser), of(database.DelDBUser),
		of(dbserver.Add), of(dbserver.Get), of(dbserver.Set), of(dbserver.Del), of(dbserver.SetDefault),
		of(dbserver.GetDefault), of(dbserver.GetLocal), of(dbserver.GetSupportedTypes),
		of(dns.AddRec), of(dns.GetRec), of(dns.DelRec), of(dns.Get), of(dns.Set), of(dns.Switch), of(dns.Enable),
		of(dns.Disable), of(dns.AddMasterServer), of(dns.GetMasterServer), of(dns.DelMasterServer),
		of(dns.SyncWithTemplate), of(dns.GetACL), of(dns.AddToACL), of(dns.RemoveFromACL), of(dns.EnableRemoteDNS),
		of(dns.DisableRemoteDNS), of(dns.GetStatusRemoteDNS), of(dns.SetRecursion), of(dns.GetRecursion),
		of(dns.GetSupportedRecursion),
		of(eventlog.Get), of(eventlog.GetEvents), of(eventlog.GetLastID),
		of(extension.Install), of(extension.Uninstall), of(extension.Get), of(extension.Call),
		of(ftpuser.Add), of(ftpuser.Get), of(ftpuser.Set), of(ftpuser.Del),
		of(ip.Add), of(ip.Get), of(ip.Set), of(ip.Del),
		of(locale.Get), of(locale.GetMessage), of(locale.Enable), of(locale.Disable),
		of(logrotation.Get), of(logrotation.Set), of(logrotation.Enable), of(logrotation.Disable),
		of(logrotation.GetStatus),
		of(mail.Create), of(mail.GetInfo), of(mail.UpdateSet), of(mail.UpdateAdd), of(mail.UpdateRemove), of(mail.Rename),
		of(mail.Remove), of(mail.Enable), of(mail.Disable), of(mail.GetPrefs), of(mail.SetPrefs),
		of(mail.GetAvailableProviders),
		of(phphandler.Get), of(phphandler.Enable), of(phphandler.Disable), of(phphandler.GetUsage),
		of(protecteddir.Add), of(protecteddir.Get), of(protecteddir.Set), of(protecteddir.Delete),
		of(protecteddir.AddUser), of(protecteddir.GetUser), of(protecteddir.SetUser), of(protecteddir.DeleteUser),
		of(protecteddir.GetLocationDescriptor),
		of(reseller.Add), of(reseller.Get), of(reseller.Set), of(reseller.Del), of(reseller.IPPoolAdd),
		of(reseller.IPPoolSet), of(reseller.IPPoolDel), of(reseller.ConvertToCustomer), of(reseller.SwitchSubscription),
		of(reseller.SyncSubscription), of(reseller.GetLimitDescriptor), of(reseller.GetPermissionDescriptor),
		of(reseller.GetDomainList), of(reseller.ButtonsList), of(reseller.AddPackage), of(reseller.RemovePackage),
		of(reseller.EnableAPSFilter), of(reseller.DisableAPSFilter),
		of(resellerplan.Add), of(resellerplan.Get), of(resellerplan.Set), of(resellerplan.Del), of(resellerplan.Duplicate),
		of(resellerplan.GetLimitDescriptor), of(resellerplan.GetPermissionDescriptor), of(resellerplan.AddPackage),
		of(resellerplan.RemovePackage), of(resellerplan.EnableAPSFilter), of(resellerplan.DisableAPSFilter),
		of(secretkey.Create), of(secretkey.GetInfo), of(secretkey.Delete),
		of(server.AddAdminAlias), of(server.SetAdminAlias), of(server.DelAdminAlias), of(server.DomainRestrictionAdd),
		of(server.DomainRestrictionRemove), of(server.DomainRestrictionRename), of(server.DomainRestrictionList),
		of(server.DomainRestrictionEnable), of(server.DomainRestrictionDisable), of(server.SetPPBConnection),
		of(server.LicenceInstall), of(server.LicenceUpdate), of(server.LicenceGetInfo), of(server.LicenceRollbackKey),
		of(server.LicenceRetrieveKeys), of(server.GetAdditionalKey), of(server.RenewAdditionalKey),
		of(server.RemoveAdditionalKey), of(server.GetProtos), of(server.Get), of(server.Set), of(server.ServiceManagement),
		of(server.CreateSession), of(server.InitialSetup), of(server.SetMisc), of(server.GetMisc), of(server.DelMisc),
		of(server.Reboot), of(server.CleanMailQueue),
		of(serviceplan.Add), of(serviceplan.Get), of(serviceplan.Set), of(serviceplan.Del), of(serviceplan.Duplicate),
		of(serviceplan.GetLimitDescriptor), of(serviceplan.GetPermissionDescriptor),
		of(serviceplan.GetPhysicalHostingDescriptor), of(serviceplan.AddPackage), of(serviceplan.RemovePackage),
		of(serviceplan.EnableAPSFilter), of(serviceplan.DisableAPSFilter), of(serviceplan.AddPlanItem),
		of(serviceplan.RemovePlanItem), of(serviceplan.DBServersAdd), of(serviceplan.DBServersRemove),
		of(serviceplan.DBServersList),
		of(serviceplanaddon.Add), of(serviceplanaddon.Get), of(serviceplanaddon.Set), of(serviceplanaddon.Del),
		of(serviceplanaddon.Duplicate), of(serviceplanaddon.GetLimitDescriptor),
		of(serviceplanaddon.GetPermissionDescriptor), of(serviceplanaddon.GetPhysicalHostingDescriptor),
		of(serviceplanaddon.AddPackage), of(serviceplanaddon.RemovePackage),
		of(session.Get), of(session.Terminate),
		of(site.Add), of(site.Get), of(site.Set), of(site.Del), of(site.ButtonsList), of(site.GetTraffic),
		of(site.SetTraffic), of(site.GetPhysicalHostingDescriptor),
		of(sitealias.Create), of(sitealias.Get), of(sitealias.Set), of(sitealias.Delete), of(sitealias.Rename),
		of(sitealias.GetSupportedServices),
		of(subdomain.Add), of(subdomain.Get), of(subdomain.Set), of(subdomain.Del), of(subdomain.Rename),
		of(ui.CreateCustomButton), of(ui.GetCustomButton), of(ui.DeleteCustomButton), of(ui.GetNavigation),
		of(ui.BrandingThemeInstall), of(ui.BrandingThemeUninstall),
		of(virtdir.Create), of(virtdir.Get), of(virtdir.Update), of(virtdir.Remove),
		of(webspace.Add), of(webspace.Get), of(webspace.Set), of(webspace.Del), of(webspace.ButtonsList),
		of(webspace.GetTraffic), of(webspace.SetTraffic), of(webspace.GetChanged), of(webspace.GetLimitDescriptor),
		of(webspace.GetPermissionDescriptor), of(webspace.GetPhysicalHostingDescriptor), of(webspace.SwitchSubscription),
		of(webspace.SyncSubscription), of(webspace.AddSubscription), of(webspace.RemoveSubscription),
		of(webspace.AddPackage), of(webspace.RemovePackage), of(webspace.AddPlanItem), of(webspace.RemovePlanItem),
		of(webspace.EnableAPSFilter), of(webspace.DisableAPSFilter), of(webspace.DBServersAdd),
		of(webspace.DBServersRemove), of(webspace.DBServersList),
	}
}
