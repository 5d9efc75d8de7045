// Database servers: registered, changed, made the default, removed.

package plesksim

import (
	"fmt"
	"testing"
)

// dbServer sends db_server operations, one per element as the grammar has it, and compares their answers.
func (c *client) dbServer(pairs ...string) {
	c.t.Helper()
	var request, want string
	for i := 0; i < len(pairs); i += 2 {
		request += `<db_server>` + pairs[i] + `</db_server>`
		want += `<db_server>` + pairs[i+1] + `</db_server>`
	}
	c.ask(request, want)
}

func addServer(host, port, kind string, more string) string {
	return `<add><host>` + host + `</host><port>` + port + `</port><type>` + kind + `</type><admin>root</admin>` + more + `</add>`
}

func serverData(id int, host, port, kind, admin, status string, more string) string {
	return fmt.Sprintf(`<result><status>ok</status><id>%d</id><data><host>%s</host><port>%s</port><type>%s</type><admin>%s</admin><status>%s</status><db_num>0</db_num>%s</data></result>`,
		id, host, port, kind, admin, status, more)
}

func typeResult(kind string, id int) string {
	return fmt.Sprintf(`<result><status>ok</status><type>%s</type><id>%d</id></result>`, kind, id)
}

func noType(kind, code string) string {
	return `<result>` + failed(code) + `<type>` + kind + `</type></result>`
}

const factoryServer = `<result><status>ok</status><id>1</id><data><host>localhost</host><port>3306</port><type>mysql</type><admin>admin</admin>
	<status>NO_ERROR</status><db_num>0</db_num><default/><local/></data></result>`

func TestFactoryDatabaseServer(t *testing.T) {
	c := start(t, newServer(t))
	c.dbServer(
		`<get><filter/></get>`, `<get>`+factoryServer+`</get>`,
		`<get><filter><id>1</id><id>9</id></filter></get>`, `<get>`+factoryServer+`<result>`+failed("1013")+`<id>9</id></result></get>`,
		`<get-supported-types/>`, `<get-supported-types><result><status>ok</status><type>mysql</type><type>postgresql</type></result></get-supported-types>`,
		`<get-default><filter/></get-default>`, `<get-default>`+typeResult("mysql", 1)+`</get-default>`,
		`<get-local><filter><type>mysql</type><type>oracle</type><type>postgresql</type></filter></get-local>`,
		`<get-local>`+typeResult("mysql", 1)+noType("oracle", "14006")+noType("postgresql", "14009")+`</get-local>`,
	)
	c.ask(`<db_server><get><filter/></get><get-supported-types/></db_server>`, refused("1014")) // one operation per element
}

func TestDatabaseServers(t *testing.T) {
	c := start(t, newServer(t))
	c.dbServer(
		addServer("db2.hub.example", "3307", "mysql", `<password>x</password>`), doneWith("add", 2),
		addServer("192.0.2.5", "", "postgresql", ``), doneWith("add", 3),
		addServer("192.0.2.6", "5432", "postgresql", `<password>x</password><default/>`), doneWith("add", 4),
		`<get><filter><id>2</id><id>3</id><id>4</id></filter></get>`, `<get>`+
			serverData(2, "db2.hub.example", "3307", "mysql", "root", "NO_ERROR", ``)+
			serverData(3, "192.0.2.5", "5432", "postgresql", "root", "CREDENTIALS_NOT_SET", ``)+
			serverData(4, "192.0.2.6", "5432", "postgresql", "root", "NO_ERROR", `<default/>`)+`</get>`,
		`<set><host>db3.hub.example</host><port>3306</port><admin>boss</admin><id>2</id></set>`, doneWith("set", 2),
		`<set><password>x</password><id>3</id></set>`, doneWith("set", 3),
		`<set-default><id>2</id></set-default>`, doneWith("set-default", 2),
		`<get><filter/></get>`, `<get>`+serverData(1, "localhost", "3306", "mysql", "admin", "NO_ERROR", `<local/>`)+
			serverData(2, "db3.hub.example", "3306", "mysql", "boss", "NO_ERROR", `<default/>`)+
			serverData(3, "192.0.2.5", "5432", "postgresql", "root", "NO_ERROR", ``)+
			serverData(4, "192.0.2.6", "5432", "postgresql", "root", "NO_ERROR", `<default/>`)+`</get>`,
		`<get-default><filter><type>postgresql</type><type>mysql</type></filter></get-default>`, `<get-default>`+typeResult("postgresql", 4)+typeResult("mysql", 2)+`</get-default>`,
		`<get-local><filter/></get-local>`, `<get-local>`+typeResult("mysql", 1)+`</get-local>`,
		`<set-default><type>mysql</type></set-default>`, doneWith("set-default", 1),
		`<get-default><filter><type>mysql</type></filter></get-default>`, `<get-default>`+typeResult("mysql", 1)+`</get-default>`,
		`<del><filter><id>2</id><id>3</id><id>2</id></filter></del>`,
		`<del><result><status>ok</status><id>2</id></result><result><status>ok</status><id>3</id></result><result>`+failed("1013")+`<id>2</id></result></del>`,
		addServer("db2.hub.example", "3307", "mysql", ``), doneWith("add", 5),
	)
}

func TestDatabaseServerRefusals(t *testing.T) {
	s := newServer(t)
	behind(t, s, `<db_server>`+addServer("db2.hub.example", "3306", "mysql", ``)+`</db_server>`, `<db_server>`+doneWith("add", 2)+`</db_server>`)
	behind(t, s, `<db_server>`+addServer("192.0.2.5", "5432", "postgresql", ``)+`</db_server>`, `<db_server>`+doneWith("add", 3)+`</db_server>`)
	c := start(t, s)
	refusedWith := func(operation, code string, id int) string {
		return fmt.Sprintf(`<%s><result>%s<id>%d</id></result></%s>`, operation, failed(code), id, operation)
	}
	for name, pair := range map[string][2]string{
		"unknown type":             {addServer("x.example", "1", "oracle", ``), refusedTo("add", "14008")},
		"type of Windows":          {addServer("x.example", "1", "mssql", ``), refusedTo("add", "14008")},
		"second local one":         {addServer("127.0.0.1", "3307", "mysql", ``), refusedTo("add", "1023")},
		"local one not installed":  {addServer("localhost", "5432", "postgresql", ``), refusedTo("add", "1026")},
		"the same again":           {addServer("DB2.hub.example", "3306", "mysql", ``), refusedTo("add", "1007")},
		"port that is no number":   {addServer("x.example", "first", "mysql", ``), refusedTo("add", "1019")},
		"port that is none":        {addServer("x.example", "65536", "mysql", ``), refusedTo("add", "1019")},
		"no host":                  {addServer("", "1", "mysql", ``), refusedTo("add", "1019")},
		"no administrator":         {`<add><host>x.example</host><port>1</port><type>mysql</type><admin/></add>`, refusedTo("add", "1019")},
		"set of an unknown one":    {`<set><port>1</port><id>9</id></set>`, refusedWith("set", "1013", 9)},
		"set to another's address": {`<set><host>localhost</host><id>2</id></set>`, refusedWith("set", "1023", 2)},
		"local one to elsewhere":   {`<set><host>x.example</host><id>1</id></set>`, refusedWith("set", "1023", 1)},
		"removing the local one":   {`<del><filter><id>1</id></filter></del>`, refusedWith("del", "1023", 1)},
		"removing the default one": {`<del><filter><id>3</id></filter></del>`, refusedWith("del", "1023", 3)},
		"data sources":             {`<del><filter><dsn>x</dsn></filter></del>`, refusedTo("del", "1017")},
		"unknown default":          {`<set-default><id>9</id></set-default>`, refusedWith("set-default", "1013", 9)},
		"no local default":         {`<set-default><type>postgresql</type></set-default>`, refusedTo("set-default", "1013")},
		"default of unknown type":  {`<set-default><type>oracle</type></set-default>`, refusedTo("set-default", "14006")},
	} {
		t.Run(name, func(t *testing.T) {
			c := *c
			c.t = t
			c.dbServer(pair[0], pair[1])
		})
	}
}

// A server with databases stays; one that goes is offered no more.
func TestDatabaseServerInUse(t *testing.T) {
	_, c := serverForDatabases(t)
	c.dbServer(addServer("db2.hub.example", "3306", "mysql", ``), doneWith("add", 2))
	offer := `<db-servers><add><filter><id>1</id></filter><db-server><type>mysql</type><id>1</id></db-server><db-server><type>mysql</type><id>2</id></db-server></add></db-servers>`
	c.ask(`<webspace>`+offer+`</webspace><database>`+addDB(1, "shop", `<db-server-id>2</db-server-id>`)+`</database>`,
		`<webspace><db-servers><add>`+filtered("1", 1, "")+`</add></db-servers></webspace><database>`+doneWith("add-db", 1)+`</database>`)
	del := `<db_server><del><filter><id>2</id></filter></del></db_server>`
	c.ask(del, `<db_server><del><result>`+failed("1023")+`<id>2</id></result></del></db_server>`)
	c.ask(`<database><del-db><filter><id>1</id></filter></del-db></database>`+del+`
		<webspace><db-servers><list><filter><id>1</id></filter></list></db-servers></webspace>`,
		`<database><del-db>`+filtered("1", 1, "")+`</del-db></database><db_server>`+doneWith("del", 2)+`</db_server>
		<webspace><db-servers><list>`+filtered("1", 1, `<db-server><type>mysql</type><id>1</id><host>localhost</host><port>3306</port></db-server>`)+`</list></db-servers></webspace>`)
}

func TestDatabaseServersOnWindows(t *testing.T) {
	_, c := serverForDatabases(t, func(o *Options) { o.OS = Windows })
	mssql := `<add-db><webspace-id>1</webspace-id><name>shop</name><type>mssql</type></add-db>`
	c.dbServer(
		`<get-supported-types/>`, `<get-supported-types><result><status>ok</status><type>mysql</type><type>mssql</type></result></get-supported-types>`,
		`<get-default><filter/></get-default>`, `<get-default>`+typeResult("mysql", 1)+typeResult("mssql", 2)+`</get-default>`,
		addServer("x.example", "5432", "postgresql", ``), refusedTo("add", "14008"),
		`<del><filter><dsn>x</dsn></filter></del>`, refusedTo("del", "1013"),
	)
	c.ask(`<database>`+mssql+addDB(1, "shop")+`</database>`, `<database>`+doneWith("add-db", 1)+doneWith("add-db", 2)+`</database>`)
	c.has(`<webspace><get><filter><id>1</id></filter><dataset><stat/></dataset></get></webspace>`, `<db>1</db><mssql_db>1</mssql_db>`)
}

func TestDatabaseServerCallers(t *testing.T) {
	s, admin := serverForDatabases(t)
	addReseller(t, s, "birch")
	for _, who := range []*client{admin.as("alder", "pass-42x"), admin.as("birch", "pass-42x")} {
		who.dbServer(
			`<get><filter/></get>`, `<get>`+factoryServer+`</get>`,
			addServer("x.example", "1", "mysql", ``), refusedTo("add", "1006"),
			`<set><port>1</port><id>1</id></set>`, refusedTo("set", "1006"),
			`<del><filter/></del>`, refusedTo("del", "1006"),
			`<set-default><id>1</id></set-default>`, refusedTo("set-default", "1006"),
		)
	}
	admin.dbServer(`<del><filter/></del>`, `<del><result>`+failed("1023")+`<id>1</id></result></del>`)
}
