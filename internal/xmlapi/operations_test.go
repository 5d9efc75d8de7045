// The table of every operation that has types here, and what the grammar says about its completeness.

package xmlapi_test

import (
	"bytes"
	"encoding/xml"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

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
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
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

// operators is the table: each operator package with its operations and its filter constructors.
func operators() map[string]operatorRow {
	return map[string]operatorRow{
		"aps": {
			ops: []operation{
				op(aps.DownloadPackage), op(aps.GetDownloadStatus), op(aps.ImportPackage), op(aps.GetPackagesList),
				op(aps.GetPackagesByReseller), op(aps.GetPackagesByWebspace), op(aps.SetPackageProperties), op(aps.Install),
				op(aps.ImportConfig),
			},
			filters: []xmlapi.Filter{aps.ByTaskID(1), aps.ByPackageID(1)},
		},
		"certificate": {
			ops: []operation{
				op(certificate.Install), op(certificate.Update), op(certificate.Remove), op(certificate.Generate), op(certificate.GetPool),
			},
			filters: []xmlapi.Filter{
				certificate.ByName("x"), certificate.ByDomain(1), certificate.ByDomainName("x"), certificate.ByDomainGUID("x"),
			},
		},
		"business-logic-upgrade": {ops: []operation{op(businesslogicupgrade.Run)}},
		"customer": {
			ops: []operation{
				op(customer.Add), op(customer.Get), op(customer.Set), op(customer.Del), op(customer.ConvertToReseller),
				op(customer.ChangeOwner), op(customer.GetDomainList),
			},
			filters: []xmlapi.Filter{
				customer.ByID(1), customer.ByLogin("x"), customer.ByOwnerID(1), customer.ByOwnerLogin("x"),
				customer.ByGUID("x"), customer.ByExternalID("x"),
			},
		},
		"database": {
			ops: []operation{
				op(database.AddDB), op(database.GetDB), op(database.DelDB), op(database.AssignToSubscription),
				op(database.SetDefaultUser), op(database.GetDefaultUser), op(database.SetCustomHost), op(database.AddDBUser),
				op(database.GetDBUsers), op(database.SetDBUser), op(database.DelDBUser),
			},
			filters: []xmlapi.Filter{
				database.ByID(1), database.ByWebspace(1), database.ByWebspaceName("x"), database.ByDatabase(1),
			},
		},
		"db_server": {
			ops: []operation{
				op(dbserver.Add), op(dbserver.Get), op(dbserver.Set), op(dbserver.Del), op(dbserver.SetDefault),
				op(dbserver.GetDefault), op(dbserver.GetLocal), op(dbserver.GetSupportedTypes),
			},
			filters: []xmlapi.Filter{dbserver.ByID(1), dbserver.ByType("x")},
		},
		"dns": {
			ops: []operation{
				op(dns.AddRec), op(dns.GetRec), op(dns.DelRec), op(dns.Get), op(dns.Set), op(dns.Switch), op(dns.Enable),
				op(dns.Disable), op(dns.AddMasterServer), op(dns.GetMasterServer), op(dns.DelMasterServer),
				op(dns.SyncWithTemplate), op(dns.GetACL), op(dns.AddToACL), op(dns.RemoveFromACL), op(dns.EnableRemoteDNS),
				op(dns.DisableRemoteDNS), op(dns.GetStatusRemoteDNS), op(dns.SetRecursion), op(dns.GetRecursion),
				op(dns.GetSupportedRecursion),
			},
			filters: []xmlapi.Filter{
				dns.ByID(1), dns.BySite(1), dns.BySiteAlias(1), dns.ByZoneName("x"), dns.ByHost("x"),
			},
		},
		"event_log": {ops: []operation{op(eventlog.Get), op(eventlog.GetEvents), op(eventlog.GetLastID)}},
		"extension": {
			ops:     []operation{op(extension.Install), op(extension.Uninstall), op(extension.Get), op(extension.Call)},
			filters: []xmlapi.Filter{extension.ByID("x")},
		},
		"ftp-user": {
			ops:     []operation{op(ftpuser.Add), op(ftpuser.Get), op(ftpuser.Set), op(ftpuser.Del)},
			filters: []xmlapi.Filter{ftpuser.ByID(1), ftpuser.ByName("x"), ftpuser.ByWebspace(1), ftpuser.ByWebspaceName("x")},
		},
		"ip": {
			ops:     []operation{op(ip.Add), op(ip.Get), op(ip.Set), op(ip.Del)},
			filters: []xmlapi.Filter{ip.ByAddress("x")},
		},
		"locale": {
			ops:     []operation{op(locale.Get), op(locale.GetMessage), op(locale.Enable), op(locale.Disable)},
			filters: []xmlapi.Filter{locale.ByID("x"), locale.ByKey("x")},
		},
		"log-rotation": {
			ops: []operation{
				op(logrotation.Get), op(logrotation.Set), op(logrotation.Enable), op(logrotation.Disable), op(logrotation.GetStatus),
			},
			filters: []xmlapi.Filter{
				logrotation.BySite(1), logrotation.BySiteName("x"), logrotation.ByOwnerID(1), logrotation.ByOwnerLogin("x"),
			},
		},
		"mail": {
			ops: []operation{
				op(mail.Create), op(mail.GetInfo), op(mail.UpdateSet), op(mail.UpdateAdd), op(mail.UpdateRemove), op(mail.Rename),
				op(mail.Remove), op(mail.Enable), op(mail.Disable), op(mail.GetPrefs), op(mail.SetPrefs),
				op(mail.GetAvailableProviders),
			},
			filters: []xmlapi.Filter{mail.BySite(1)},
		},
		"php-handler": {
			ops:     []operation{op(phphandler.Get), op(phphandler.Enable), op(phphandler.Disable), op(phphandler.GetUsage)},
			filters: []xmlapi.Filter{phphandler.ByID("x")},
		},
		"protected-dir": {
			ops: []operation{
				op(protecteddir.Add), op(protecteddir.Get), op(protecteddir.Set), op(protecteddir.Delete), op(protecteddir.AddUser),
				op(protecteddir.GetUser), op(protecteddir.SetUser), op(protecteddir.DeleteUser), op(protecteddir.GetLocationDescriptor),
			},
			filters: []xmlapi.Filter{
				protecteddir.ByID(1), protecteddir.BySite(1), protecteddir.BySiteName("x"), protecteddir.ByDirectory(1),
			},
		},
		"reseller": {
			ops: []operation{
				op(reseller.Add), op(reseller.Get), op(reseller.Set), op(reseller.Del), op(reseller.IPPoolAdd), op(reseller.IPPoolSet),
				op(reseller.IPPoolDel), op(reseller.ConvertToCustomer), op(reseller.SwitchSubscription), op(reseller.SyncSubscription),
				op(reseller.GetLimitDescriptor), op(reseller.GetPermissionDescriptor), op(reseller.GetDomainList),
				op(reseller.ButtonsList), op(reseller.AddPackage), op(reseller.RemovePackage), op(reseller.EnableAPSFilter),
				op(reseller.DisableAPSFilter),
			},
			filters: []xmlapi.Filter{reseller.ByID(1), reseller.ByLogin("x"), reseller.ByGUID("x"), reseller.ByExternalID("x")},
		},
		"reseller-plan": {
			ops: []operation{
				op(resellerplan.Add), op(resellerplan.Get), op(resellerplan.Set), op(resellerplan.Del), op(resellerplan.Duplicate),
				op(resellerplan.GetLimitDescriptor), op(resellerplan.GetPermissionDescriptor), op(resellerplan.AddPackage),
				op(resellerplan.RemovePackage), op(resellerplan.EnableAPSFilter), op(resellerplan.DisableAPSFilter),
			},
			filters: []xmlapi.Filter{
				resellerplan.ByID(1), resellerplan.ByName("x"), resellerplan.ByGUID("x"), resellerplan.ByExternalID("x"),
			},
		},
		"secret_key": {
			ops:     []operation{op(secretkey.Create), op(secretkey.GetInfo), op(secretkey.Delete)},
			filters: []xmlapi.Filter{secretkey.ByKey("x")},
		},
		"server": {
			ops: []operation{
				op(server.GetProtos), op(server.Get), op(server.Set), op(server.ServiceManagement), op(server.CreateSession),
				op(server.InitialSetup), op(server.SetMisc), op(server.GetMisc), op(server.DelMisc), op(server.Reboot),
				op(server.CleanMailQueue), op(server.LicenceInstall), op(server.LicenceUpdate), op(server.LicenceGetInfo),
				op(server.LicenceRollbackKey), op(server.LicenceRetrieveKeys), op(server.GetAdditionalKey),
				op(server.RenewAdditionalKey), op(server.RemoveAdditionalKey), op(server.AddAdminAlias),
				op(server.SetAdminAlias), op(server.DelAdminAlias), op(server.DomainRestrictionAdd),
				op(server.DomainRestrictionRemove), op(server.DomainRestrictionRename), op(server.DomainRestrictionList),
				op(server.DomainRestrictionEnable), op(server.DomainRestrictionDisable), op(server.SetPPBConnection),
			},
			filters: []xmlapi.Filter{server.ByKeyName("x"), server.ByLogin("x")},
		},
		"service-plan": {
			ops: []operation{
				op(serviceplan.Add), op(serviceplan.Get), op(serviceplan.Set), op(serviceplan.Del), op(serviceplan.Duplicate),
				op(serviceplan.GetLimitDescriptor), op(serviceplan.GetPermissionDescriptor),
				op(serviceplan.GetPhysicalHostingDescriptor), op(serviceplan.AddPackage), op(serviceplan.RemovePackage),
				op(serviceplan.EnableAPSFilter), op(serviceplan.DisableAPSFilter), op(serviceplan.AddPlanItem),
				op(serviceplan.RemovePlanItem), op(serviceplan.DBServersAdd), op(serviceplan.DBServersRemove),
				op(serviceplan.DBServersList),
			},
			filters: []xmlapi.Filter{
				serviceplan.ByID(1), serviceplan.ByName("x"), serviceplan.ByGUID("x"), serviceplan.ByExternalID("x"),
			},
		},
		"service-plan-addon": {
			ops: []operation{
				op(serviceplanaddon.Add), op(serviceplanaddon.Get), op(serviceplanaddon.Set), op(serviceplanaddon.Del),
				op(serviceplanaddon.Duplicate), op(serviceplanaddon.GetLimitDescriptor), op(serviceplanaddon.GetPermissionDescriptor),
				op(serviceplanaddon.GetPhysicalHostingDescriptor), op(serviceplanaddon.AddPackage), op(serviceplanaddon.RemovePackage),
			},
			filters: []xmlapi.Filter{
				serviceplanaddon.ByID(1), serviceplanaddon.ByName("x"), serviceplanaddon.ByGUID("x"), serviceplanaddon.ByExternalID("x"),
			},
		},
		"session": {ops: []operation{op(session.Get), op(session.Terminate)}},
		"site": {
			ops: []operation{
				op(site.Add), op(site.Get), op(site.Set), op(site.Del), op(site.ButtonsList), op(site.GetTraffic), op(site.SetTraffic),
				op(site.GetPhysicalHostingDescriptor),
			},
			filters: []xmlapi.Filter{
				site.ByID(1), site.ByName("x"), site.ByGUID("x"), site.ByWebspaceID(1), site.ByWebspaceName("x"),
				site.ByWebspaceGUID("x"), site.ByParentSiteID(1), site.ByParentSiteName("x"), site.ByParentSiteGUID("x"),
			},
		},
		"site-alias": {
			ops: []operation{
				op(sitealias.Create), op(sitealias.Get), op(sitealias.Set), op(sitealias.Delete), op(sitealias.Rename),
				op(sitealias.GetSupportedServices),
			},
			filters: []xmlapi.Filter{sitealias.ByID(1), sitealias.ByName("x"), sitealias.BySite(1), sitealias.BySiteName("x")},
		},
		"subdomain": {
			ops: []operation{
				op(subdomain.Add), op(subdomain.Get), op(subdomain.Set), op(subdomain.Del), op(subdomain.Rename),
			},
			filters: []xmlapi.Filter{subdomain.ByID(1), subdomain.ByName("x"), subdomain.ByParentName("x")},
		},
		"ui": {
			ops: []operation{
				op(ui.CreateCustomButton), op(ui.GetCustomButton), op(ui.DeleteCustomButton), op(ui.GetNavigation),
				op(ui.BrandingThemeInstall), op(ui.BrandingThemeUninstall),
			},
			filters: []xmlapi.Filter{ui.ByVendorLogin("x")},
		},
		"virtdir": {ops: []operation{op(virtdir.Create), op(virtdir.Get), op(virtdir.Update), op(virtdir.Remove)}},
		"webspace": {
			ops: []operation{
				op(webspace.Add), op(webspace.Get), op(webspace.Set), op(webspace.Del), op(webspace.ButtonsList),
				op(webspace.GetTraffic), op(webspace.SetTraffic), op(webspace.GetChanged), op(webspace.GetLimitDescriptor),
				op(webspace.GetPermissionDescriptor), op(webspace.GetPhysicalHostingDescriptor),
				op(webspace.SwitchSubscription), op(webspace.SyncSubscription), op(webspace.AddSubscription),
				op(webspace.RemoveSubscription), op(webspace.AddPackage), op(webspace.RemovePackage),
				op(webspace.AddPlanItem), op(webspace.RemovePlanItem), op(webspace.EnableAPSFilter),
				op(webspace.DisableAPSFilter), op(webspace.DBServersAdd), op(webspace.DBServersRemove),
				op(webspace.DBServersList),
			},
			filters: []xmlapi.Filter{
				webspace.ByID(1), webspace.ByName("x"), webspace.ByGUID("x"), webspace.ByExternalID("x"), webspace.ByOwnerID(1),
				webspace.ByOwnerLogin("x"), webspace.ByOwnerGUID("x"), webspace.ByOwnerExternalID("x"),
			},
		},
	}
}

type operatorRow struct {
	ops     []operation
	filters []xmlapi.Filter
}

// operation is an xmlapi.Operation without its type parameters.
type operation struct {
	operator, name string
	writes         bool
	req, res       reflect.Type
	call           func(req any) xmlapi.Caller
	results        func(xmlapi.Caller) any // the []Res of a call
	decodeRequest  func(doc []byte) (any, error)
}

func (o operation) String() string { return o.operator + "/" + o.name }

func op[Req any, Res xmlapi.Outcomer](o xmlapi.Operation[Req, Res]) operation {
	return operation{
		operator: o.Operator(), name: o.Name(), writes: o.Writes(),
		req: reflect.TypeFor[Req](), res: reflect.TypeFor[Res](),
		call:    func(req any) xmlapi.Caller { return o.Call(req.(Req)) },
		results: func(c xmlapi.Caller) any { return c.(*xmlapi.Call[Req, Res]).Results },
		decodeRequest: func(element []byte) (any, error) {
			var req Req
			err := xml.NewDecoder(bytes.NewReader(element)).Decode(&req)
			return req, err
		},
	}
}

// allOperations lists the table in a fixed order.
func allOperations() []operation {
	var out []operation
	for _, name := range sortedOperators() {
		out = append(out, operators()[name].ops...)
	}
	return out
}

func sortedOperators() []string {
	var names []string
	for name := range operators() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// declaration finds the operation's element in a grammar.
func (o operation) declaration(s *schema.Schema) *schema.Element {
	i := slices.IndexFunc(s.Operators(), func(e *schema.Element) bool { return e.Name == o.operator })
	if i < 0 {
		return nil
	}
	e := s.Operators()[i]
	if o.name == "" { // the operator's element itself
		return e
	}
	for name := range strings.SplitSeq(o.name, "/") {
		if e = e.Type.Child(name); e == nil {
			return nil
		}
	}
	return e
}

// resultDeclaration finds the element that the operation's result type stands for.
func (o operation) resultDeclaration() *schema.Element {
	e := o.declaration(schema.Response())
	if e == nil || unwrapped(o.res) || o.name == "" {
		return e
	}
	return e.Type.Child("result")
}

func unwrapped(t reflect.Type) bool {
	f, ok := t.FieldByName("Unwrapped")
	return ok && f.Type == reflect.TypeFor[xmlapi.Unwrapped]()
}

// notOperators are the packages beside the operators'.
var notOperators = []string{"catalog", "hosting", "schema", "testdata"}

func TestEveryOperatorPackageIsInTheTable(t *testing.T) {
	packages := map[string]bool{}
	for name := range operators() {
		packages[strings.NewReplacer("-", "", "_", "").Replace(name)] = true
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !slices.Contains(notOperators, e.Name()) && !packages[e.Name()] {
			t.Errorf("package %s is not in the table of operators()", e.Name())
		}
	}
}

func TestEveryOperationOfTheGrammarHasTypes(t *testing.T) {
	for _, name := range sortedOperators() {
		want := map[string]bool{}
		i := slices.IndexFunc(schema.Request().Operators(), func(e *schema.Element) bool { return e.Name == name })
		if i < 0 {
			t.Errorf("the grammar has no operator %s", name)
			continue
		}
		for _, e := range schema.Request().Operators()[i].Type.Children() {
			if e.Name == "db-servers" || name == "mail" && e.Name == "update" { // holds operations of its own
				for _, nested := range e.Type.Children() {
					want[e.Name+"/"+nested.Name] = true
				}
				continue
			}
			want[e.Name] = true
		}
		if len(want) == 0 { // described in prose only
			want[""] = true
		}
		have := map[string]bool{}
		for _, o := range operators()[name].ops {
			if o.operator != name {
				t.Errorf("%s stands in the row of %s", o, name)
			}
			if have[o.name] {
				t.Errorf("%s is declared twice", o)
			}
			have[o.name] = true
			if !want[o.name] {
				t.Errorf("%s is not in the request grammar", o)
			}
			if o.resultDeclaration() == nil {
				t.Errorf("%s is not in the response grammar", o)
			}
		}
		for n := range want {
			if !have[n] {
				t.Errorf("%s/%s has no types", name, n)
			}
		}
	}
}

// readOperations are those whose names do not begin with get but which only read.
var readOperations = []string{"cform-buttons-list", "cform_buttons_list", "db-servers/list", "domain-restriction-list", "generate", "lic_get_info"}

// flushingReads are named get and can change something.
var flushingReads = []string{"event_log/get"}

func TestOperationsThatChangeSomethingAreWrites(t *testing.T) {
	for _, o := range allOperations() {
		reads := strings.HasPrefix(o.name, "get") || slices.Contains(readOperations, o.name)
		if slices.Contains(flushingReads, o.String()) {
			reads = false
		}
		if o.writes == reads {
			t.Errorf("%s: Writes() = %v", o, o.writes)
		}
	}
}

func TestEveryKindOfFilterHasAConstructor(t *testing.T) {
	for _, name := range sortedOperators() {
		want, have := map[string]bool{}, map[string]bool{}
		for _, o := range operators()[name].ops {
			f, ok := o.req.FieldByName("Filter")
			if !ok || !isFilter(f.Type) {
				continue
			}
			for _, kind := range o.declaration(schema.Request()).Type.Child("filter").Type.Children() {
				if kind.Name != xmlapi.KindAll { // what xmlapi.All and Everything select
					want[kind.Name] = true
				}
			}
		}
		for _, f := range operators()[name].filters {
			have[f.Kind()] = true
		}
		if !reflect.DeepEqual(want, have) {
			t.Errorf("%s: the grammar filters by %v, the constructors by %v", name, want, have)
		}
	}
}

func isFilter(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t == reflect.TypeFor[xmlapi.Filter]() || t == reflect.TypeFor[xmlapi.Query]()
}
