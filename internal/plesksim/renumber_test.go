// Ids and GUIDs given from outside.

package plesksim

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// estate makes a server with two of each kind of object: everything of alder's exists at birch's as well.
func estate(t *testing.T) *Server {
	t.Helper()
	s := newServer(t)
	for _, name := range []string{"alder", "birch"} {
		addCustomer(t, s, name)
		sequel := map[string]string{"alder": "1", "birch": "2"}[name]
		packet := strings.NewReplacer("NAME", name, "SEQUEL", sequel).Replace(`<packet>
			<service-plan><add><name>NAME</name></add></service-plan>
			<webspace><add><gen_setup><name>NAME.example</name><owner-login>NAME</owner-login><ip_address>198.51.100.7</ip_address></gen_setup><hosting><vrt_hst>
				<property><name>ftp_login</name><value>NAME</value></property><property><name>ftp_password</name><value>pass-42x</value></property>
				<ip_address>198.51.100.7</ip_address></vrt_hst></hosting><plan-name>NAME</plan-name></add></webspace>
			<database><add-db><webspace-id>SEQUEL</webspace-id><name>NAME</name><type>mysql</type></add-db>
				<add-db-user><db-id>SEQUEL</db-id><login>NAME</login><password>pass-42x</password></add-db-user></database>
			<mail><create><filter><site-id>SEQUEL</site-id><mailname><name>NAME</name></mailname></filter></create></mail>
			<ftp-user><add><name>NAME-more</name><password>pass-42x</password><webspace-id>SEQUEL</webspace-id></add></ftp-user>
			<site-alias><create><site-id>SEQUEL</site-id><name>alias-NAME.example</name></create></site-alias>
			<protected-dir><add><site-id>SEQUEL</site-id><name>NAME</name></add><add-user><pd-id>SEQUEL</pd-id><login>NAME</login><password>pass-42x</password></add-user></protected-dir>
		</packet>`)
		if answer := string(s.Packet([]byte(packet))); strings.Contains(answer, "error") {
			t.Fatal(answer)
		}
	}
	return s
}

// Objects that change places keep all that they had, and what belongs to them follows.
func TestRenumber(t *testing.T) {
	for _, test := range []struct {
		kind    string
		a, b    int64
		request string // of the object NAME
		want    string // with ID and the other's ids as they are
	}{
		{
			"customer", 2, 3, `<webspace><get><filter><owner-login>NAME</owner-login></filter><dataset><gen_info/></dataset></get></webspace>`,
			`<owner-id>ID</owner-id>`,
		},
		{"customer", 2, 3, `<customer><get><filter><login>NAME</login></filter><dataset/></get></customer>`, `<id>ID</id>`},
		{"service-plan", 10, 11, `<service-plan><get><filter><name>NAME</name></filter></get></service-plan>`, `<id>ID</id>`},
		{"webspace", 1, 2, `<webspace><get><filter><name>NAME.example</name></filter><dataset/></get></webspace>`, `<id>ID</id>`},
		{"site", 1, 2, `<database><get-db><filter><webspace-name>NAME.example</webspace-name></filter></get-db></database>`, `<webspace-id>ID</webspace-id>`},
		{"site", 1, 2, `<ftp-user><get><filter><name>NAME-more</name></filter></get></ftp-user>`, `<webspace-id>ID</webspace-id>`},
		{"site", 1, 2, `<site-alias><get><filter><name>alias-NAME.example</name></filter></get></site-alias>`, `<site-id>ID</site-id>`},
		{"site", 1, 2, `<protected-dir><get><filter><site-id>ID</site-id></filter></get></protected-dir>`, `<name>NAME</name>`},
		{"site", 1, 2, `<mail><get_info><filter><site-id>ID</site-id></filter></get_info></mail>`, `<name>NAME</name>`},
		{"site", 1, 2, `<dns><get_rec><filter><site-id>ID</site-id></filter></get_rec></dns>`, `<host>NAME.example.</host>`},
		{"database", 1, 2, `<database><get-db><filter><webspace-name>NAME.example</webspace-name></filter></get-db></database>`, `<id>ID</id>`},
		{"database", 1, 2, `<database><get-db-users><filter><db-id>ID</db-id></filter></get-db-users></database>`, `<login>NAME</login>`},
		{"database-user", 1, 2, `<database><get-db><filter><webspace-name>NAME.example</webspace-name></filter></get-db></database>`, `<default-user-id>ID</default-user-id>`},
		{"ftp-user", 1, 2, `<ftp-user><get><filter><name>NAME-more</name></filter></get></ftp-user>`, `<id>ID</id>`},
		{"site-alias", 1, 2, `<dns><get_rec><filter><site-alias-id>ID</site-alias-id></filter></get_rec></dns>`, `<host>alias-NAME.example.</host>`},
		{"protected-dir", 1, 2, `<protected-dir><get-user><filter><pd-id>ID</pd-id></filter></get-user></protected-dir>`, `<login>NAME</login>`},
	} {
		s := estate(t)
		if test.kind == "service-plan" { // behind the factory plans
			test.a = s.state.plansByOwner.All("1")[s.state.plansByOwner.Count("1")-2].ID
			test.b = test.a + 1
		}
		answers := func(alder, birch int64) {
			t.Helper()
			for name, id := range map[string]int64{"alder": alder, "birch": birch} {
				fill := strings.NewReplacer("NAME", name, "ID", idKey(id))
				contains(t, s.Packet([]byte(`<packet>`+fill.Replace(test.request)+`</packet>`)), fill.Replace(test.want))
			}
			checkState(t, s.state)
		}
		answers(test.a, test.b)
		if err := s.Renumber(test.kind, map[int64]int64{test.a: test.b, test.b: test.a}); err != nil {
			t.Fatal(err)
		}
		answers(test.b, test.a)
		if err := s.Renumber(test.kind, map[int64]int64{test.b: 4000}); err != nil {
			t.Fatal(err)
		}
		answers(4000, test.a)
	}
}

// An id that was given to an object is not given again by the server.
func TestRenumberMovesTheSequence(t *testing.T) {
	s := estate(t)
	if err := s.Renumber("customer", map[int64]int64{2: 70}); err != nil {
		t.Fatal(err)
	}
	behind(t, s, strings.ReplaceAll(addAlder, "alder", "cedar"), strings.Replace(added, "<id>2<", "<id>71<", 1))
}

func TestRenumberRefuses(t *testing.T) {
	s := estate(t)
	for says, ids := range map[string]map[int64]int64{
		"no object 9": {9: 10}, "fixed": {1: 10}, "taken": {2: 3}, "the id 0": {2: 0}, "the id 5": {2: 5, 3: 5},
	} {
		if err := s.Renumber("customer", ids); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v", ids, err)
		}
	}
	if err := s.Renumber("client", map[int64]int64{2: 9}); err == nil || !strings.Contains(err.Error(), "customer, reseller") {
		t.Error(err)
	}
	behind(t, s, countAlder, oneAlder)
}

func TestSetGUID(t *testing.T) {
	const given = "0d9f1c52-7f0e-4c06-8a53-91be5a3f7712"
	s := estate(t)
	for kind, request := range map[string]string{
		"customer":     `<customer><get><filter><guid>` + given + `</guid></filter><dataset/></get></customer>`,
		"webspace":     `<webspace><get><filter><guid>` + given + `</guid></filter><dataset/></get></webspace>`,
		"service-plan": `<service-plan><get><filter><guid>` + given + `</guid></filter></get></service-plan>`,
		"server":       `<server><get><gen_info/></get></server>`,
	} {
		if err := s.SetGUID(kind, 2, given); err != nil {
			t.Fatal(err)
		}
		contains(t, s.Packet([]byte(`<packet>`+request+`</packet>`)), given)
		if err := s.SetGUID(kind, 2, ""); err != nil {
			t.Fatal(err)
		}
		if answer := s.Packet([]byte(`<packet>` + request + `</packet>`)); strings.Contains(string(answer), "<status>ok") && strings.Contains(string(answer), given) {
			t.Errorf("%s", answer)
		}
		checkState(t, s.state)
	}
	for _, kind := range []string{"client", "database", "customer"} {
		if err := s.SetGUID(kind, 77, given); err == nil {
			t.Errorf("%s 77 has a GUID", kind)
		}
	}
}

func TestAdminRenumber(t *testing.T) {
	s := estate(t)
	admin := startAdmin(t, s)
	t.Cleanup(s.Close)
	admin.ask(http.StatusNoContent, "POST", "/renumber", `{"kind":"customer","ids":{"2":3,"3":2}}`)
	behind(t, s, countAlder, strings.Replace(oneAlder, "<id>2<", "<id>3<", 1))
	admin.ask(http.StatusNoContent, "POST", "/guid", `{"kind":"customer","id":3,"guid":"0d9f1c52-7f0e-4c06-8a53-91be5a3f7712"}`)
	contains(t, s.Packet([]byte(`<packet><customer><get><filter><guid>0d9f1c52-7f0e-4c06-8a53-91be5a3f7712</guid></filter><dataset/></get></customer></packet>`)), "<id>3</id>")
	admin.ask(http.StatusBadRequest, "POST", "/renumber", `{"kind":"customer","ids":{"2":1}}`)
	admin.ask(http.StatusBadRequest, "POST", "/renumber", `{"kind":"customer","id":{}}`)
	admin.ask(http.StatusBadRequest, "POST", "/guid", `{}`)
}

// Every number in the state is either an id that Renumber knows, or one that means something else.
func TestRenumberKnowsAllIDs(t *testing.T) {
	var known []string
	for _, n := range numberings {
		known = append(append(known, strings.Fields(n.also)...), n.rows+".ID")
	}
	otherwise := []string{ // internal ids, which no answer shows, and quantities
		"AdminAliases.ID", "Zones.ID", "Records.Zone", "Template.Zone", "Masters.Zone", "Masters.ID", "VirtualDirs.ID", "Certificates.ID", "SecretKeys.ID", "Installations.ID",
		"Applications.ID", "Installations.Application", "Downloads.ID",
		"Accounts.Limits", "Plans.Limits", "Webspaces.Limits", "Webspaces.UsageChanged", "FTPUsers.Quota", "MailAccounts.Quota",
		"Sites.Traffic", "VirtualDirs.Properties",
	}
	s := newServer(t)
	s.state.eachContainer(func(name string, container reflect.Value) {
		row := container.Type().Elem()
		switch {
		case container.Kind() == reflect.Map && container.Type().Key().Kind() == reflect.Int64:
			if !slices.Contains(known, name) {
				t.Errorf("the keys of %s are ids that Renumber does not know", name)
			}
		case container.Kind() == reflect.Pointer:
			if rows, isTable := rowsOf(container.Type()); isTable {
				row = rows
			}
		}
		seekNumbers(row, name, map[reflect.Type]bool{}, func(path string) {
			isOther := slices.ContainsFunc(otherwise, func(other string) bool { return path == other || strings.HasPrefix(path, other+".") })
			if !slices.Contains(known, path) && !isOther {
				t.Errorf("%s may be an id that Renumber does not know", path)
			}
		})
	})
	for _, path := range known {
		if name, field, isField := strings.Cut(path, "."); isField {
			container := reflect.ValueOf(s.state).Elem().FieldByName(name)
			row := container.Type().Elem()
			if rows, isTable := rowsOf(container.Type()); isTable {
				row = rows
			}
			if _, there := row.FieldByName(field); !there {
				t.Errorf("%s does not exist", path)
			}
		}
	}
}

// seekNumbers finds the fields of 64-bit integers below a type.
func seekNumbers(of reflect.Type, path string, above map[reflect.Type]bool, found func(path string)) {
	if of.Kind() == reflect.Struct && above[of] || of == reflect.TypeFor[time.Time]() {
		return
	}
	switch of.Kind() {
	case reflect.Int64:
		found(path)
	case reflect.Struct:
		above[of] = true
		for i := range of.NumField() {
			f := of.Field(i)
			if f.Anonymous {
				seekNumbers(f.Type, path, above, found)
			} else if f.IsExported() {
				seekNumbers(f.Type, path+"."+f.Name, above, found)
			}
		}
		delete(above, of)
	case reflect.Map, reflect.Pointer, reflect.Slice, reflect.Array:
		seekNumbers(of.Elem(), path, above, found)
	}
}
