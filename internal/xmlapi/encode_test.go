// Writing packets: exact documents, and what is refused before anything is sent.

package xmlapi_test

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/reseller"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/resellerplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

const declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func TestEncode(t *testing.T) {
	tests := map[string]struct {
		version string
		calls   []xmlapi.Caller
		want    string
	}{
		"text is escaped, letters of all scripts stay": {
			calls: []xmlapi.Caller{customer.Set.Call(customer.SetRequest{
				Filter: customer.ByLogin(`müller&söhne`),
				Values: customer.SetValues{GenInfo: &customer.SetGenInfo{
					CompanyName: new(`<Birch> & "Sons'`),
					Contact:     customer.Contact[*string]{City: new("東京"), Email: new("a@bücher.example")},
				}},
			})},
			want: `<packet><customer><set><filter><login>müller&amp;söhne</login></filter><values><gen_info>` +
				`<cname>&lt;Birch&gt; &amp; &#34;Sons&#39;</cname><email>a@bücher.example</email><city>東京</city>` +
				`</gen_info></values></set></customer></packet>`,
		},
		"every call has an operator element of its own": {
			version: "1.6.9.1",
			calls: []xmlapi.Caller{
				ip.Get.Call(xmlapi.EmptyRequest{}), ip.Get.Call(xmlapi.EmptyRequest{}),
				server.Get.Call(server.GetRequest{GenInfo: &xmlapi.Empty{}}),
			},
			want: `<packet version="1.6.9.1"><ip><get></get></ip><ip><get></get></ip>` +
				`<server><get><gen_info></gen_info></get></server></packet>`,
		},
		"everything": {
			calls: []xmlapi.Caller{customer.Get.Call(customer.GetRequest{Filter: xmlapi.All()})},
			want:  `<packet><customer><get><filter></filter><dataset></dataset></get></customer></packet>`,
		},
		"an operation within an operation": {
			calls: []xmlapi.Caller{webspace.DBServersList.Call(xmlapi.QueryRequest{Filter: webspace.ByID(4, 9).Query()})},
			want: `<packet><webspace><db-servers><list><filter><id>4</id><id>9</id></filter></list></db-servers>` +
				`</webspace></packet>`,
		},
		"a secret travels as it is": {
			calls: []xmlapi.Caller{server.Set.Call(server.SetRequest{Password: new(xmlapi.Secret("s3cr&t"))})},
			want:  `<packet><server><set><password>s3cr&amp;t</password></set></server></packet>`,
		},
		"the sequence of the grammar, not of the literal": {
			calls: []xmlapi.Caller{serviceplan.Add.Call(serviceplan.AddRequest{
				ExternalID:  new("plan-7"),
				Permissions: &hosting.Permissions{Permissions: []hosting.Permission{{Name: "manage_dns", Value: true}}, RevokeAll: &xmlapi.Empty{}},
				Hosting:     &hosting.Properties{Properties: []xmlapi.Property{{Name: "ftp_quota", Value: "-1"}}},
				Limits:      &hosting.Limits{Limits: []hosting.Limit{{Name: "max_site", Value: -1}}, Overuse: new("block")},
				Performance: &hosting.Performance{Bandwidth: new(xmlapi.Double(10_000_000))},
				Owner:       serviceplan.Owner{OwnerLogin: new("admin")},
				Name:        "birch-small",
			})},
			want: `<packet><service-plan><add><name>birch-small</name><owner-login>admin</owner-login>` +
				`<limits><overuse>block</overuse><limit><name>max_site</name><value>-1</value></limit></limits>` +
				`<hosting><property><name>ftp_quota</name><value>-1</value></property></hosting>` +
				`<performance><bandwidth>10000000</bandwidth></performance>` +
				`<permissions><permission><name>manage_dns</name><value>true</value></permission><revoke-all></revoke-all></permissions>` +
				`<external-id>plan-7</external-id></add></service-plan></packet>`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			have, err := xmlapi.Encode(test.version, test.calls...)
			if err != nil {
				t.Fatal(err)
			}
			if string(have) != declaration+test.want {
				t.Errorf("have %s\nwant %s", have, declaration+test.want)
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	tests := map[string]struct {
		call xmlapi.Caller
		want string
	}{
		"a control character": {
			customer.Add.Call(customer.AddRequest{GenInfo: customer.NewGenInfo{ContactName: "Ada", Login: "a\x00b"}}),
			`customer/add: gen_info/login: character U+0000 cannot be sent in XML`,
		},
		"a character that XML excludes": {
			customer.Set.Call(customer.SetRequest{Filter: customer.ByID(1), Values: customer.SetValues{GenInfo: &customer.SetGenInfo{
				Contact: customer.Contact[*string]{City: new("x\uFFFE")},
			}}}),
			`customer/set: values/gen_info/city: character U+FFFE cannot be sent in XML`,
		},
		"half a character": {
			dns.AddRec.Call(dns.AddRecRequest{Record: dns.Record{Type: "TXT", Value: "\xC3"}}),
			`dns/add_rec: value: not valid UTF-8`,
		},
		"a control character in a secret, without the secret": {
			server.Set.Call(server.SetRequest{Password: new(xmlapi.Secret("hunter2\x1b"))}),
			`server/set: password: character U+001B cannot be sent in XML`,
		},
		"a control character in a list": {
			webspace.Set.Call(webspace.SetRequest{Filter: webspace.ByID(1), Values: webspace.SetValues{
				PHPSettings: &hosting.PHPSettings{Settings: []xmlapi.Property{{Name: "a"}, {Name: "b", Value: "\b"}}},
			}}),
			`webspace/set: values/php-settings/setting/value: character U+0008 cannot be sent in XML`,
		},
		"a control character in a filter": {
			webspace.Get.Call(webspace.GetRequest{Filter: webspace.ByName("a\x07").Query()}),
			`webspace/get: filter: character U+0007 cannot be sent in XML`,
		},
		"two owners": {
			customer.Add.Call(customer.AddRequest{GenInfo: customer.NewGenInfo{OwnerID: new(int64(1)), OwnerLogin: new("x")}}),
			`customer/add: gen_info: owner-id, owner-login exclude each other`,
		},
		"two kinds of hosting": {
			webspace.Add.Call(webspace.AddRequest{Hosting: &hosting.Hosting{Virtual: &hosting.VirtualHosting{}, None: &xmlapi.Empty{}}}),
			`webspace/add: hosting: vrt_hst, none exclude each other`,
		},
		"no kind of hosting": {
			webspace.Add.Call(webspace.AddRequest{Hosting: &hosting.Hosting{}}),
			`webspace/add: hosting: one of vrt_hst, std_fwd, frm_fwd, none is required`,
		},
		"a switch to nothing": {
			webspace.SwitchSubscription.Call(webspace.SwitchSubscriptionRequest{Filter: webspace.ByID(1)}),
			`webspace/switch-subscription: one of plan-guid, plan-external-id, no-plan is required`,
		},
		"a host without a port": {
			webspace.DBServersAdd.Call(webspace.DBServersRequest{Filter: webspace.ByID(1), Servers: []hosting.DatabaseServerRef{{Type: "mysql", Host: new("x")}}}),
			`webspace/db-servers/add: db-server: port is required with host`,
		},
		"an empty list where one is needed": {
			eventlog.GetEvents.Call(eventlog.GetEventsRequest{Events: &eventlog.EventFilter{}}),
			`event_log/get_events: events: one of event is required`,
		},
		"mail switched off and configured": {
			webspace.Set.Call(webspace.SetRequest{Filter: webspace.ByID(1), Values: webspace.SetValues{
				Mail: &hosting.Mail{MailPreferences: hosting.MailPreferences{None: &xmlapi.Empty{}, Webmail: new("roundcube")}},
			}}),
			`webspace/set: values/mail: none, webmail exclude each other`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc, err := xmlapi.Encode("", test.call)
			if err == nil {
				t.Fatalf("encoded: %s", doc)
			}
			if err.Error() != test.want {
				t.Errorf("have %q\nwant %q", err, test.want)
			}
			if c := xmlapi.ClassOf(err); c != xmlapi.Invalid {
				t.Errorf("class %s", c)
			}
		})
	}
}

// unfiltered are the writes that concern the whole server, or whose request names its object without a filter.
var unfiltered = []string{
	"customer/add", "dns/add_rec", "dns/add_master_server", "dns/enable-remote-dns", "dns/disable-remote-dns",
	"dns/set-recursion", "event_log/get", "ip/add", "server/set", "server/srv_man", "server/create_session",
	"server/initial_setup", "server/reboot", "server/clean-mail-queue", "server/lic_install", "server/license-rollback-key",
	"server/license-retrieve-keys", "server/add-admin-alias", "server/domain-restriction-add",
	"server/domain-restriction-remove", "server/domain-restriction-rename", "server/domain-restriction-enable",
	"server/domain-restriction-disable", "server/set-ppb-connection", "service-plan/add", "webspace/add", "webspace/set_traffic",
	"database/add-db", "database/set-default-user", "database/add-db-user", "database/set-db-user",
	"db_server/add", "db_server/set", "db_server/set-default", "mail/rename", "mail/enable", "mail/disable",
	"site/add", "site/set_traffic", "subdomain/add", "subdomain/rename", "site-alias/create", "site-alias/rename", "virtdir/create",
	"virtdir/update", "virtdir/remove", "ftp-user/add", "protected-dir/add", "protected-dir/add-user",
	"business-logic-upgrade", "aps/download-package", "aps/import-package", "aps/import-config", "aps/install", "ui/create-custombutton",
	"reseller/add", "reseller/ippool-add-ip", "reseller/ippool-del-ip", "reseller-plan/add", "reseller-plan/duplicate", "service-plan-addon/add",
	"certificate/install", "certificate/update", "extension/install", "extension/uninstall", "extension/call",
	"secret_key/create", "session/terminate",
}

// templates are the writes that without a filter mean the server's template or default, and never all objects.
var templates = []string{"dns/set", "dns/enable", "dns/disable"}

// namedFilters are the writes whose filter is a list of names in a type of its own.
var namedFilters = []string{"server/set_misc", "server/del_misc", "server/lic_update", "db_server/del",
	"mail/create", "mail/update/set", "mail/update/add", "mail/update/remove", "mail/remove", "reseller/ippool-set-ip",
	"ui/delete-custombutton"}

// harmless are the writes that may concern everything: they renew or synchronise.
var harmless = []string{"server/renew_additional_key", "dns/sync-with-template"}

func TestNoWriteCanMeanEverything(t *testing.T) {
	for _, o := range allOperations() {
		if !o.Writes || slices.Contains(harmless, o.String()) {
			continue
		}
		f, has := o.Request.FieldByName("Filter")
		if slices.Contains(unfiltered, o.String()) {
			if has {
				t.Errorf("%s has a filter after all", o)
			}
			continue
		}
		if !has {
			t.Errorf("%s has no filter", o)
			continue
		}
		empty := reflect.New(o.Request).Elem()
		switch {
		case slices.Contains(templates, o.String()):
			if f.Type != reflect.TypeFor[*xmlapi.Filter]() {
				t.Errorf("%s: filter is %s", o, f.Type)
			}
			empty.FieldByName("Filter").Set(reflect.ValueOf(&xmlapi.Filter{}))
		case o.String() == "server/lic_update": // names one key
			continue
		case !slices.Contains(namedFilters, o.String()) && f.Type != reflect.TypeFor[xmlapi.Filter]():
			t.Errorf("%s: filter is %s", o, f.Type)
		}
		doc, err := xmlapi.Encode("", o.Call(empty.Interface()))
		if err == nil {
			t.Errorf("%s: encoded %s", o, doc)
		}
	}
}

func TestAnEmptyFilterSaysWhatIsWrong(t *testing.T) {
	_, err := xmlapi.Encode("", webspace.Del.Call(xmlapi.FilterRequest{}))
	const want = "webspace/del: an empty filter means every object of the server: refused"
	if err == nil || err.Error() != want || xmlapi.ClassOf(err) != xmlapi.Invalid {
		t.Errorf("have %v", err)
	}
	if e, ok := errors.AsType[*xmlapi.Error](err); !ok || e.Operator != "webspace" || e.Operation != "del" {
		t.Errorf("have %#v", e)
	}
}

// Some operators have an element that means everything: reads may use it, writes may not.
func TestAFilterForEverythingIsForReads(t *testing.T) {
	if doc, err := xmlapi.Encode("", reseller.Del.Call(xmlapi.FilterRequest{Filter: xmlapi.By(xmlapi.KindAll, "")})); err == nil {
		t.Errorf("encoded %s", doc)
	}
	doc, err := xmlapi.Encode("", resellerplan.Get.Call(resellerplan.GetRequest{Filter: resellerplan.All()}))
	if err != nil || !bytes.Contains(doc, []byte("<filter><all></all></filter>")) {
		t.Errorf("encoded %s, %v", doc, err)
	}
}

func TestFilters(t *testing.T) {
	f := webspace.ByID(4, 9)
	if f.Kind() != "id" || strings.Join(f.Values(), " ") != "4 9" {
		t.Errorf("have %s %v", f.Kind(), f.Values())
	}
	if q := f.Query(); q.Kind() != "id" || strings.Join(q.Values(), " ") != "4 9" {
		t.Errorf("have %s %v", q.Kind(), q.Values())
	}
	if q := xmlapi.All(); q.Kind() != "" || len(q.Values()) != 0 {
		t.Errorf("have %s %v", q.Kind(), q.Values())
	}
}
