// Databases and their users, their limits, and where they may be made.

package plesksim

import (
	"fmt"
	"strings"
	"testing"
)

// serverForDatabases is a server with two subscriptions of the customer alder: 1, alder.test, and 2, birch.test.
func serverForDatabases(t *testing.T, change ...func(*Options)) (*Server, *client) {
	t.Helper()
	s, c := dnsServer(t, change...)
	if id := addWebspace(t, s, "alder", "birch.test"); id != 2 {
		t.Fatalf("webspace %d", id)
	}
	return s, c
}

func addDB(webspace int, name string, more ...string) string {
	return fmt.Sprintf(`<add-db><webspace-id>%d</webspace-id><name>%s</name><type>mysql</type>%s</add-db>`, webspace, name, strings.Join(more, ""))
}

func addUser(where, login string, more ...string) string {
	return `<add-db-user>` + where + `<login>` + login + `</login><password>4711-0815</password>` + strings.Join(more, "") + `</add-db-user>`
}

// doneWith is the answer of an operation that names one object.
func doneWith(operation string, id int) string {
	return fmt.Sprintf(`<%s><result><status>ok</status><id>%d</id></result></%s>`, operation, id, operation)
}

func refusedTo(operation, code string) string {
	return `<` + operation + `><result>` + failed(code) + `</result></` + operation + `>`
}

// filtered is a result of an operation with a filter.
func filtered(filterID string, id int, data string) string {
	return fmt.Sprintf(`<result><status>ok</status><filter-id>%s</filter-id><id>%d</id>%s</result>`, filterID, id, data)
}

// nothingFor is the result for a parent without such objects, missingFor the one for a value that names nothing.
func nothingFor(filterID string) string {
	return `<result><status>ok</status><filter-id>` + filterID + `</filter-id></result>`
}

func missingFor(filterID, code string) string {
	return `<result>` + failed(code) + `<filter-id>` + filterID + `</filter-id></result>`
}

func aDatabase(name string, webspace int, defaultUser string) string {
	data := fmt.Sprintf(`<name>%s</name><type>mysql</type><webspace-id>%d</webspace-id><db-server-id>1</db-server-id>`, name, webspace)
	if defaultUser != "" {
		data += `<default-user-id>` + defaultUser + `</default-user-id>`
	}
	return data
}

func TestDatabases(t *testing.T) {
	_, c := serverForDatabases(t)
	c.ask(`<database>`+addDB(1, "shop")+addDB(2, "blog", `<db-server-id>1</db-server-id>`)+addDB(1, "crm")+`</database>`,
		`<database>`+doneWith("add-db", 1)+doneWith("add-db", 2)+doneWith("add-db", 3)+`</database>`)
	for _, test := range []struct{ name, filter, answer string }{
		{"all", ``, filtered("1", 1, aDatabase("shop", 1, "")) + filtered("2", 2, aDatabase("blog", 2, "")) + filtered("3", 3, aDatabase("crm", 1, ""))},
		{"ids in the order of the request", `<id>3</id><id>9</id><id>1</id><id>x</id>`, filtered("3", 3, aDatabase("crm", 1, "")) + missingFor("9", "1013") +
			filtered("1", 1, aDatabase("shop", 1, "")) + missingFor("x", "1013")},
		{"subscription", `<webspace-id>1</webspace-id>`, filtered("1", 1, aDatabase("shop", 1, "")) + filtered("1", 3, aDatabase("crm", 1, ""))},
		{"name of subscriptions", `<webspace-name>Birch.test</webspace-name><webspace-name>none.test</webspace-name>`,
			filtered("Birch.test", 2, aDatabase("blog", 2, "")) + missingFor("none.test", "1015")},
		{"unknown subscription", `<webspace-id>9</webspace-id>`, missingFor("9", "1015")},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<database><get-db><filter>`+test.filter+`</filter></get-db></database>`, `<database><get-db>`+test.answer+`</get-db></database>`)
		})
	}
	c.ask(`<database><del-db><filter><webspace-id>2</webspace-id><webspace-id>9</webspace-id></filter></del-db><del-db><filter><webspace-id>2</webspace-id></filter></del-db>
		<del-db><filter><id>3</id><id>3</id></filter></del-db>`+addDB(2, "blog")+`<del-db><filter/></del-db><del-db><filter/></del-db></database>`,
		`<database><del-db>`+filtered("2", 2, "")+missingFor("9", "1015")+`</del-db><del-db>`+nothingFor("2")+`</del-db>
		<del-db>`+filtered("3", 3, "")+missingFor("3", "1013")+`</del-db>`+doneWith("add-db", 4)+`<del-db>`+filtered("1", 1, "")+filtered("4", 4, "")+`</del-db><del-db>`+okOnly+`</del-db></database>`)
}

func TestDatabaseRefusals(t *testing.T) {
	_, c := serverForDatabases(t)
	c.ask(`<database>`+addDB(1, "shop")+`</database>`, `<database>`+doneWith("add-db", 1)+`</database>`)
	for name, test := range map[string]struct{ request, code string }{
		"name taken":            {addDB(1, "shop"), "1007"},
		"name taken by another": {addDB(2, "Shop"), "1007"},
		"unknown subscription":  {addDB(9, "x"), "1015"},
		"unknown server":        {addDB(1, "x", `<db-server-id>9</db-server-id>`), "1013"},
		"long name":             {addDB(1, strings.Repeat("x", 65)), "1019"},
		"name with a blank":     {addDB(1, "x y"), "1019"},
		"empty name":            {addDB(1, ""), "1019"},
		"unknown type":          {`<add-db><webspace-id>1</webspace-id><name>x</name><type>MySQL</type></add-db>`, "14008"},
		"type of Windows":       {`<add-db><webspace-id>1</webspace-id><name>x</name><type>mssql</type></add-db>`, "14008"},
		"type without a server": {`<add-db><webspace-id>1</webspace-id><name>x</name><type>postgresql</type></add-db>`, "14009"},
		"server of another type": {`<add-db><webspace-id>1</webspace-id><name>x</name><type>postgresql</type><db-server-id>1</db-server-id></add-db>`,
			"14008"},
	} {
		t.Run(name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<database>`+test.request+`</database>`, `<database>`+refusedTo("add-db", test.code)+`</database>`)
		})
	}
	for name, request := range map[string]string{
		"no type":               `<add-db><webspace-id>1</webspace-id><name>x</name></add-db>`,
		"two kinds of a filter": `<get-db><filter><id>1</id><webspace-id>1</webspace-id></filter></get-db>`,
		"no filter":             `<get-db/>`,
		"both scopes of a user": addUser(`<db-id>1</db-id><webspace-id>1</webspace-id>`, "x"),
	} {
		t.Run(name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<database>`+request+`</database>`, refused("1014"))
		})
	}
}

// The examples of operators-services §5.2.
func TestDatabaseUsers(t *testing.T) {
	_, c := serverForDatabases(t)
	c.ask(`<database>`+addDB(1, "shop")+addDB(1, "crm")+
		addUser(`<db-id>1</db-id>`, "shop_rw", `<acl><host>10.8.%</host></acl>`, `<role>readWrite</role>`)+
		addUser(`<db-id>1</db-id>`, "shop_ro", `<allow-access-from><ip-address>192.0.2.0/24</ip-address><ip-address>2001:db8::1</ip-address></allow-access-from>`, `<role>readOnly</role>`)+
		addUser(`<webspace-id>1</webspace-id><db-server-id>1</db-server-id>`, "all")+`</database>`,
		`<database>`+doneWith("add-db", 1)+doneWith("add-db", 2)+doneWith("add-db-user", 1)+doneWith("add-db-user", 2)+doneWith("add-db-user", 3)+`</database>`)
	rw := `<login>shop_rw</login><db-id>1</db-id><acl><host>10.8.%</host></acl>`
	ro := `<login>shop_ro</login><db-id>1</db-id><allow-access-from><ip-address>192.0.2.0/24</ip-address><ip-address>2001:db8::1</ip-address></allow-access-from>`
	get := func(filter string) string { return `<get-db-users><filter>` + filter + `</filter></get-db-users>` }
	c.ask(`<database>`+get(``)+get(`<db-id>1</db-id><db-id>2</db-id><db-id>9</db-id>`)+get(`<id>3</id><id>9</id>`)+`</database>`,
		`<database><get-db-users>`+filtered("1", 1, rw)+filtered("2", 2, ro)+filtered("3", 3, `<login>all</login>`)+`</get-db-users>
		<get-db-users>`+filtered("1", 1, rw)+filtered("1", 2, ro)+nothingFor("2")+missingFor("9", "1013")+`</get-db-users>
		<get-db-users>`+filtered("3", 3, `<login>all</login>`)+missingFor("9", "1013")+`</get-db-users></database>`)

	// Names, lists and passwords change; what is not given stays, an empty list clears.
	set := func(what string) string { return `<set-db-user>` + what + `</set-db-user>` }
	c.ask(`<database>`+set(`<id>1</id><login>renamed</login>`)+set(`<id>1</id><password>Lime-43-harbour</password><acl/><allow-access-from><ip-address>192.0.2.7</ip-address></allow-access-from>`)+
		set(`<id>2</id><allow-access-from/><role>writeOnly</role>`)+get(`<id>1</id><id>2</id>`)+`</database>`,
		`<database>`+doneWith("set-db-user", 1)+doneWith("set-db-user", 1)+doneWith("set-db-user", 2)+`<get-db-users>`+
			filtered("1", 1, `<login>renamed</login><db-id>1</db-id><allow-access-from><ip-address>192.0.2.7</ip-address></allow-access-from>`)+
			filtered("2", 2, `<login>shop_ro</login><db-id>1</db-id>`)+`</get-db-users></database>`)

	for _, test := range []struct{ name, request, code string }{
		{"login taken", addUser(`<db-id>2</db-id>`, "renamed"), "1007"},
		{"unknown database", addUser(`<db-id>9</db-id>`, "x"), "1013"},
		{"unknown subscription", addUser(`<webspace-id>9</webspace-id><db-server-id>1</db-server-id>`, "x"), "1015"},
		{"unknown server", addUser(`<webspace-id>1</webspace-id><db-server-id>9</db-server-id>`, "x"), "1013"},
		{"empty login", addUser(`<db-id>1</db-id>`, ""), "1019"},
		{"unknown role", addUser(`<db-id>1</db-id>`, "x", `<role>owner</role>`), "1019"},
		{"bad host", addUser(`<db-id>1</db-id>`, "x", `<acl><host>a b</host></acl>`), "1019"},
		{"bad address", addUser(`<db-id>1</db-id>`, "x", `<allow-access-from><ip-address>10.8.%</ip-address></allow-access-from>`), "1019"},
		{"weak password", `<add-db-user><db-id>1</db-id><login>x</login><password>weak</password></add-db-user>`, "1019"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<database>`+test.request+`</database>`, `<database>`+refusedTo("add-db-user", test.code)+`</database>`)
		})
	}
	c.ask(`<database>`+set(`<id>9</id><login>x</login>`)+set(`<id>1</id><login>SHOP_RO</login>`)+set(`<id>1</id><login>x</login><password>weak</password>`)+get(`<id>1</id>`)+`</database>`,
		`<database><set-db-user><result>`+failed("1013")+`<id>9</id></result></set-db-user><set-db-user><result>`+failed("1007")+`<id>1</id></result></set-db-user>
		<set-db-user><result>`+failed("1019")+`<id>1</id></result></set-db-user>
		<get-db-users>`+filtered("1", 1, `<login>renamed</login><db-id>1</db-id><allow-access-from><ip-address>192.0.2.7</ip-address></allow-access-from>`)+`</get-db-users></database>`)
	c.ask(`<database><del-db-user><filter><db-id>1</db-id></filter></del-db-user><del-db-user><filter><db-id>1</db-id></filter></del-db-user>
		<del-db-user><filter><id>3</id><id>3</id></filter></del-db-user><del-db-user><filter/></del-db-user></database>`,
		`<database><del-db-user>`+filtered("1", 1, "")+filtered("1", 2, "")+`</del-db-user><del-db-user>`+nothingFor("1")+`</del-db-user>
		<del-db-user>`+filtered("3", 3, "")+missingFor("3", "1013")+`</del-db-user><del-db-user>`+okOnly+`</del-db-user></database>`)
}

// The first user of a database is its default one, until it is gone.
func TestDefaultUsers(t *testing.T) {
	_, c := serverForDatabases(t)
	get := `<get-db><filter><id>1</id></filter></get-db>`
	user := func(filter string) string {
		return `<get-default-user><filter>` + filter + `</filter></get-default-user>`
	}
	set := func(id string) string {
		return `<set-default-user><db-id>1</db-id><default-user-id>` + id + `</default-user-id></set-default-user>`
	}
	c.ask(`<database>`+addDB(1, "shop")+addDB(1, "crm")+addUser(`<webspace-id>1</webspace-id><db-server-id>1</db-server-id>`, "all")+
		addUser(`<webspace-id>2</webspace-id><db-server-id>1</db-server-id>`, "elsewhere")+get+addUser(`<db-id>1</db-id>`, "a")+addUser(`<db-id>1</db-id>`, "b")+get+
		user(`<db-id>1</db-id><db-id>2</db-id><db-id>9</db-id>`)+user(``)+`</database>`,
		`<database>`+doneWith("add-db", 1)+doneWith("add-db", 2)+doneWith("add-db-user", 1)+doneWith("add-db-user", 2)+`<get-db>`+filtered("1", 1, aDatabase("shop", 1, ""))+`</get-db>`+
			doneWith("add-db-user", 3)+doneWith("add-db-user", 4)+`<get-db>`+filtered("1", 1, aDatabase("shop", 1, "3"))+`</get-db>
			<get-default-user>`+filtered("1", 3, "")+nothingFor("2")+missingFor("9", "1013")+`</get-default-user>
			<get-default-user>`+filtered("1", 3, "")+nothingFor("2")+`</get-default-user></database>`)
	c.ask(`<database>`+set("4")+get+set("1")+get+set("2")+set("9")+get+`</database>`,
		`<database><set-default-user>`+okOnly+`</set-default-user><get-db>`+filtered("1", 1, aDatabase("shop", 1, "4"))+`</get-db>
		<set-default-user>`+okOnly+`</set-default-user><get-db>`+filtered("1", 1, aDatabase("shop", 1, "1"))+`</get-db>`+
			refusedTo("set-default-user", "1019")+refusedTo("set-default-user", "1013")+`<get-db>`+filtered("1", 1, aDatabase("shop", 1, "1"))+`</get-db></database>`)
	c.ask(`<database><del-db-user><filter><id>1</id></filter></del-db-user>`+get+addUser(`<db-id>1</db-id>`, "c")+get+`
		<set-default-user><db-id>9</db-id><default-user-id>3</default-user-id></set-default-user></database>`,
		`<database><del-db-user>`+filtered("1", 1, "")+`</del-db-user><get-db>`+filtered("1", 1, aDatabase("shop", 1, ""))+`</get-db>`+doneWith("add-db-user", 5)+
			`<get-db>`+filtered("1", 1, aDatabase("shop", 1, "5"))+`</get-db>`+refusedTo("set-default-user", "1013")+`</database>`)
}

func TestDatabasesMove(t *testing.T) {
	_, c := serverForDatabases(t)
	c.ask(`<database>`+addDB(1, "shop")+addDB(1, "crm")+addUser(`<db-id>1</db-id>`, "own")+addUser(`<webspace-id>1</webspace-id><db-server-id>1</db-server-id>`, "all")+
		`<set-default-user><db-id>2</db-id><default-user-id>2</default-user-id></set-default-user></database>`,
		`<database>`+doneWith("add-db", 1)+doneWith("add-db", 2)+doneWith("add-db-user", 1)+doneWith("add-db-user", 2)+`<set-default-user>`+okOnly+`</set-default-user></database>`)
	c.changed(2, `<limits>`+limit("max_db", "2")+`</limits>`)
	move := func(filter, to string) string {
		return `<assign-to-subscription><filter>` + filter + `</filter><webspace-id>` + to + `</webspace-id></assign-to-subscription>`
	}
	c.ask(`<database>`+move(`<webspace-name>alder.test</webspace-name>`, "2")+move(`<id>1</id>`, "9")+move(`<id>9</id>`, "1")+move(`<id>1</id>`, "2")+addDB(2, "full")+`
		<get-db><filter/></get-db><get-db-users><filter><db-id>1</db-id></filter></get-db-users></database>`,
		`<database><assign-to-subscription>`+filtered("alder.test", 1, "")+filtered("alder.test", 2, "")+`</assign-to-subscription>
		<assign-to-subscription><result>`+failed("1015")+`<filter-id>1</filter-id><id>1</id></result></assign-to-subscription>
		<assign-to-subscription>`+missingFor("9", "1013")+`</assign-to-subscription>
		<assign-to-subscription>`+filtered("1", 1, "")+`</assign-to-subscription>`+refusedTo("add-db", "1024")+`
		<get-db>`+filtered("1", 1, aDatabase("shop", 2, "1"))+filtered("2", 2, aDatabase("crm", 2, ""))+`</get-db>
		<get-db-users>`+filtered("1", 1, `<login>own</login><db-id>1</db-id>`)+`</get-db-users></database>`)
	c.changed(1, `<limits>`+limit("max_db", "0")+`</limits>`)
	c.ask(`<database>`+move(`<id>1</id>`, "1")+`</database>`,
		`<database><assign-to-subscription><result>`+failed("1024")+`<filter-id>1</filter-id><id>1</id></result></assign-to-subscription></database>`)
}

func TestCustomHost(t *testing.T) {
	_, c := serverForDatabases(t)
	set := func(host string) string {
		return `<set-custom-host><filter><id>1</id><id>9</id></filter><host>` + host + `</host></set-custom-host>`
	}
	c.ask(`<database>`+addDB(1, "shop")+set("db.alder.test")+set("a b")+set("")+`</database>`,
		`<database>`+doneWith("add-db", 1)+`<set-custom-host>`+filtered("1", 1, "")+missingFor("9", "1013")+`</set-custom-host>
		<set-custom-host><result>`+failed("1019")+`<filter-id>1</filter-id><id>1</id></result>`+missingFor("9", "1013")+`</set-custom-host>
		<set-custom-host>`+filtered("1", 1, "")+missingFor("9", "1013")+`</set-custom-host></database>`)
}

// Databases count against max_db and go with their subscription, users too; every change is an event.
func TestDatabaseCountsEventsAndCascade(t *testing.T) {
	s, c := serverForDatabases(t)
	c.changed(1, `<limits>`+limit("max_db", "2")+`</limits>`)
	s.mu.Lock()
	from := s.state.Sequences.Event + 1
	s.mu.Unlock()
	c.ask(`<database>`+addDB(1, "a")+addDB(1, "b")+addDB(1, "c")+addUser(`<db-id>1</db-id>`, "own")+addUser(`<webspace-id>1</webspace-id><db-server-id>1</db-server-id>`, "all")+
		addDB(2, "d")+addUser(`<webspace-id>2</webspace-id><db-server-id>1</db-server-id>`, "other")+`</database>`,
		`<database>`+doneWith("add-db", 1)+doneWith("add-db", 2)+refusedTo("add-db", "1024")+doneWith("add-db-user", 1)+doneWith("add-db-user", 2)+doneWith("add-db", 3)+doneWith("add-db-user", 3)+`</database>`)
	c.has(`<webspace><get><filter><id>1</id></filter><dataset><stat/><resource-usage/></dataset></get></webspace>`,
		`<db>2</db><mssql_db>0</mssql_db>`, `<resource><name>max_db</name><value>2</value></resource>`)
	c.has(`<customer><get><filter><login>alder</login></filter><dataset><stat/></dataset></get></customer>`, `<data_bases>3</data_bases>`)
	c.has(`<server><get><stat/></get></server>`, `<databases>3</databases><database_users>3</database_users>`)
	c.has(`<db_server><get><filter><id>1</id></filter></get></db_server>`, `<db_num>3</db_num>`)
	c.has(`<webspace><del><filter><id>1</id></filter></del></webspace>`, `<status>ok</status>`)
	c.ask(`<database><get-db><filter/></get-db><get-db-users><filter/></get-db-users></database>`,
		`<database><get-db>`+filtered("3", 3, aDatabase("d", 2, ""))+`</get-db><get-db-users>`+filtered("3", 3, `<login>other</login>`)+`</get-db-users></database>`)
	s.mu.Lock()
	defer s.mu.Unlock()
	var got []string
	for _, e := range s.state.Events.Entries {
		if e.ID >= from && strings.HasPrefix(e.Class, "db") {
			got = append(got, e.Class+" "+e.Type+" "+e.Object)
		}
	}
	want := []string{"db created 1", "db created 2", "db_user created 1", "db_user created 2", "db created 3", "db_user created 3",
		"db_user deleted 1", "db deleted 1", "db deleted 2", "db_user deleted 2"}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("events %q", got)
	}
}

// Customers have the databases of their own subscriptions; another server than the usual one, and access from other machines, take
// permissions.
func TestDatabaseCallers(t *testing.T) {
	s, admin := serverForDatabases(t)
	addCustomer(t, s, "oak")
	addWebspace(t, s, "oak", "oak.test")
	admin.ask(`<db_server><add><host>db2.hub.example</host><port>3306</port><type>mysql</type><admin>root</admin><password>x</password></add></db_server>
		<database>`+addDB(1, "shop")+addUser(`<db-id>1</db-id>`, "a")+addUser(`<webspace-id>2</webspace-id><db-server-id>1</db-server-id>`, "b")+`</database>`,
		`<db_server>`+doneWith("add", 2)+`</db_server><database>`+doneWith("add-db", 1)+doneWith("add-db-user", 1)+doneWith("add-db-user", 2)+`</database>`)
	oak := admin.as("oak", "pass-42x")
	remote := `<acl><host>localhost</host><host>10.8.%</host></acl>`
	oak.ask(`<database>`+addDB(1, "x")+`<get-db><filter/></get-db><get-db><filter><id>1</id></filter></get-db><get-db><filter><webspace-id>1</webspace-id></filter></get-db>
		<del-db><filter/></del-db><get-db-users><filter/></get-db-users><del-db-user><filter><id>1</id><id>2</id></filter></del-db-user>
		<set-db-user><id>2</id><login>x</login></set-db-user>`+addUser(`<db-id>1</db-id>`, "x")+addDB(3, "oak")+addDB(3, "far", `<db-server-id>2</db-server-id>`)+
		addUser(`<db-id>2</db-id>`, "near", `<acl><host>localhost</host><host>127.0.0.1</host></acl>`)+addUser(`<db-id>2</db-id>`, "far", remote)+
		`<assign-to-subscription><filter><id>2</id></filter><webspace-id>1</webspace-id></assign-to-subscription></database>`,
		`<database>`+refusedTo("add-db", "1015")+`<get-db>`+okOnly+`</get-db><get-db>`+missingFor("1", "1013")+`</get-db><get-db>`+missingFor("1", "1015")+`</get-db>
		<del-db>`+okOnly+`</del-db><get-db-users>`+okOnly+`</get-db-users><del-db-user>`+missingFor("1", "1013")+missingFor("2", "1013")+`</del-db-user>
		<set-db-user><result>`+failed("1013")+`<id>2</id></result></set-db-user>`+refusedTo("add-db-user", "1013")+doneWith("add-db", 2)+refusedTo("add-db", "1006")+
			doneWith("add-db-user", 3)+refusedTo("add-db-user", "1006")+
			`<assign-to-subscription><result>`+failed("1015")+`<filter-id>2</filter-id><id>2</id></result></assign-to-subscription></database>`)
	admin.changed(3, `<permissions>`+permission("select_db_server", "true")+permission("remote_db_connection", "true")+`</permissions>`)
	oak.ask(`<database>`+addDB(3, "far", `<db-server-id>2</db-server-id>`)+addUser(`<db-id>2</db-id>`, "far", remote)+`</database>`,
		`<database>`+doneWith("add-db", 3)+doneWith("add-db-user", 4)+`</database>`)
}

// A subscription that is offered certain servers can use no others; without an offer, all.
func TestOfferedDatabaseServers(t *testing.T) {
	_, c := serverForDatabases(t)
	c.ask(`<db_server><add><host>db2.hub.example</host><port>3306</port><type>mysql</type><admin>root</admin></add></db_server>
		<database>`+addDB(1, "free", `<db-server-id>2</db-server-id>`)+addDB(1, "usual")+`</database>
		<webspace><db-servers><add><filter><id>2</id></filter><db-server><type>mysql</type><id>2</id></db-server></add></db-servers></webspace>
		<database>`+addDB(2, "only")+addDB(2, "not", `<db-server-id>1</db-server-id>`)+addUser(`<webspace-id>2</webspace-id><db-server-id>1</db-server-id>`, "x")+`
		<assign-to-subscription><filter><id>2</id></filter><webspace-id>2</webspace-id></assign-to-subscription><get-db><filter><id>3</id></filter></get-db></database>`,
		`<db_server>`+doneWith("add", 2)+`</db_server><database>`+doneWith("add-db", 1)+doneWith("add-db", 2)+`</database>
		<webspace><db-servers><add>`+filtered("2", 2, "")+`</add></db-servers></webspace>
		<database>`+doneWith("add-db", 3)+refusedTo("add-db", "1006")+refusedTo("add-db-user", "1006")+`
		<assign-to-subscription><result>`+failed("1006")+`<filter-id>2</filter-id><id>2</id></result></assign-to-subscription>
		<get-db>`+filtered("3", 3, `<name>only</name><type>mysql</type><webspace-id>2</webspace-id><db-server-id>2</db-server-id>`)+`</get-db></database>`)
}
