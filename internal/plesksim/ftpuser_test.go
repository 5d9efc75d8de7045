// FTP accounts from add to del: homes, filters, callers, refusals.

package plesksim

import (
	"fmt"
	"strings"
	"testing"
)

// ftpUser sends a ftp-user/add that must succeed with the id.
func (c *client) ftpUser(id int, parts string) {
	c.t.Helper()
	c.ask(`<ftp-user><add>`+parts+`</add></ftp-user>`,
		fmt.Sprintf(`<ftp-user><add><result><status>ok</status><id>%d</id></result></add></ftp-user>`, id))
}

func ftpAccount(filterID, id, name, home, quota, read, write, webspace string) string {
	return `<result><status>ok</status><filter-id>` + filterID + `</filter-id><id>` + id + `</id><name>` + name + `</name><home>` + home + `</home><quota>` +
		quota + `</quota><permissions><read>` + read + `</read><write>` + write + `</write></permissions><webspace-id>` + webspace + `</webspace-id></result>`
}

const ftpPassword = `<password>vX9!rTq27#</password>`

func TestFTPUserLifecycle(t *testing.T) {
	s, c := hosted(t)
	c.ftpUser(1, `<name>anna</name>`+ftpPassword+`<webspace-id>1</webspace-id>`)
	c.ftpUser(2, `<name>ben_2-x</name>`+ftpPassword+`<home>/httpdocs/pub/in</home><create-non-existent>true</create-non-existent>
		<quota>1048576</quota><permissions><read>true</read></permissions><webspace-name>main.test</webspace-name>`)
	anna := func(filterID string) string {
		return ftpAccount(filterID, "1", "anna", "", "-1", "false", "false", "1")
	}
	ben := func(filterID string) string {
		return ftpAccount(filterID, "2", "ben_2-x", "/httpdocs/pub/in", "1048576", "true", "false", "1")
	}
	c.ask(`<ftp-user><get><filter/></get><get><filter><name>ben_2-x</name></filter></get><get><filter><webspace-name>main.test</webspace-name></filter></get></ftp-user>`,
		strings.ReplaceAll(`<ftp-user><get>`+anna("1")+ben("2")+`</get><get>`+ben("ben_2-x")+`</get><get>`+anna("main.test")+ben("main.test")+`</get></ftp-user>`,
			`<home></home>`, `<home/>`))
	c.has(about(1, `<resource-usage/>`), `<resource><name>max_subftp_users</name><value>2</value></resource>`)

	c.ask(`<ftp-user><set><filter><name>anna</name></filter><values><name>anne</name><password>oTher-11</password><home>/httpdocs/pub</home><quota>-1</quota>
		<permissions><write>true</write></permissions></values></set>
		<set><filter><id>2</id></filter><values><home>/</home></values></set></ftp-user>`,
		`<ftp-user><set>`+done("anna", 1)+`</set><set>`+done("2", 2)+`</set></ftp-user>`)
	c.ask(`<ftp-user><get><filter><id>1</id></filter></get></ftp-user>`,
		`<ftp-user><get>`+ftpAccount("1", "1", "anne", "/httpdocs/pub", "-1", "false", "true", "1")+`</get></ftp-user>`)
	c.has(`<ftp-user><get><filter><id>2</id></filter></get></ftp-user>`, `<name>ben_2-x</name><home/>`)
	if !s.state.FTPUsers.Get(1).Password.matches("oTher-11") {
		t.Error("the password did not change")
	}

	// Files stay with their directories, the names are free.
	c.ask(`<ftp-user><del><filter><name>anne</name><name>anna</name></filter></del></ftp-user>`,
		`<ftp-user><del>`+done("anne", 1)+gone("1013", "anna")+`</del></ftp-user>`)
	c.ftpUser(3, `<name>anne</name>`+ftpPassword+`<home>/httpdocs/pub/in</home><webspace-id>1</webspace-id>`)
	c.ask(`<webspace><del><filter><id>1</id></filter></del></webspace>`, `<webspace><del>`+done("1", 1)+`</del></webspace>`)
	c.ask(`<ftp-user><get><filter/></get></ftp-user>`, `<ftp-user><get>`+okOnly+`</get></ftp-user>`)
}

func TestFTPUserFilters(t *testing.T) {
	s, c := hosted(t)
	addWebspace(t, s, "admin", "other.test") // 2
	c.ftpUser(1, `<name>anna</name>`+ftpPassword+`<webspace-id>1</webspace-id>`)
	c.ftpUser(2, `<name>ben</name>`+ftpPassword+`<webspace-id>2</webspace-id>`)
	account := func(filterID, id, name, webspace string) string {
		return strings.Replace(ftpAccount(filterID, id, name, "", "-1", "false", "false", webspace), `<home></home>`, `<home/>`, 1)
	}
	for _, test := range []struct{ name, filter, want string }{
		{"order of the values", `<filter><name>ben</name><name>anna</name></filter>`, account("ben", "2", "ben", "2") + account("anna", "1", "anna", "1")},
		{"unknown id, echoed twice", `<filter><id>77</id><id>1</id></filter>`,
			`<result>` + failed("1013") + `<filter-id>77</filter-id><id>77</id></result>` + account("1", "1", "anna", "1")},
		{"unknown name", `<filter><name>carl</name></filter>`, gone("1013", "carl")},
		{"unknown subscription", `<filter><webspace-id>77</webspace-id></filter>`, gone("1015", "77")},
		{"everything of one subscription", `<filter/><webspace-id>2</webspace-id>`, account("2", "2", "ben", "2")},
		{"outside the subscription", `<filter><name>anna</name></filter><webspace-name>other.test</webspace-name>`, gone("1013", "anna")},
		{"subscription that does not exist", `<filter/><webspace-id>77</webspace-id>`, `<result>` + failed("1015") + `</result>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<ftp-user><get>`+test.filter+`</get></ftp-user>`, `<ftp-user><get>`+test.want+`</get></ftp-user>`)
		})
	}
	// A subscription without accounts answers, with nothing but its filter value.
	c.ask(`<ftp-user><del><filter><webspace-id>2</webspace-id></filter></del><get><filter><webspace-id>2</webspace-id></filter></get></ftp-user>`,
		`<ftp-user><del>`+done("2", 2)+`</del><get><result><status>ok</status><filter-id>2</filter-id></result></get></ftp-user>`)
}

func TestFTPUserRefusals(t *testing.T) {
	_, c := hosted(t)
	c.ftpUser(1, `<name>anna</name>`+ftpPassword+`<webspace-id>1</webspace-id>`)
	const in = `<webspace-id>1</webspace-id>`
	for _, test := range []struct{ name, parts, code string }{
		{"name taken", `<name>anna</name>` + ftpPassword + in, "1007"},
		{"name of a system user", `<name>alderweb</name>` + ftpPassword + in, "1007"},
		{"name of the system's own", `<name>root</name>` + ftpPassword + in, "1007"},
		{"capitals", `<name>Ben</name>` + ftpPassword + in, "1019"},
		{"digit in front", `<name>1ben</name>` + ftpPassword + in, "1019"},
		{"long name", `<name>` + strings.Repeat("a", 33) + `</name>` + ftpPassword + in, "1019"},
		{"no name", `<name/>` + ftpPassword + in, "1019"},
		{"weak password", `<name>ben</name><password>abc</password>` + in, "1019"},
		{"quota", `<name>ben</name>` + ftpPassword + `<quota>-2</quota>` + in, "1019"},
		{"missing directory", `<name>ben</name>` + ftpPassword + `<home>/httpdocs/new</home>` + in, "1019"},
		{"new directory below the root", `<name>ben</name>` + ftpPassword + `<home>/new</home><create-non-existent>true</create-non-existent>` + in, "1019"},
		{"new directory in a missing one", `<name>ben</name>` + ftpPassword + `<home>/new/sub</home><create-non-existent>1</create-non-existent>` + in, "1019"},
		{"directory outside", `<name>ben</name>` + ftpPassword + `<home>/httpdocs/../..</home>` + in, "1019"},
		{"unknown subscription", `<name>ben</name>` + ftpPassword + `<webspace-name>nowhere.test</webspace-name>`, "1015"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(`<ftp-user><add>`+test.parts+`</add></ftp-user>`, `<ftp-user><add><result>`+failed(test.code)+`</result></add></ftp-user>`)
		})
	}
	c.changed(1, `<limits>`+limit("max_subftp_users", "1")+`</limits>`)
	c.ask(`<ftp-user><add><name>ben</name>`+ftpPassword+in+`</add></ftp-user>`, `<ftp-user><add><result>`+failed("1024")+`</result></add></ftp-user>`)
	c.ask(`<ftp-user><set><filter><id>1</id></filter><values><name>anne</name><quota>-2</quota></values></set></ftp-user>`,
		`<ftp-user><set><result>`+failed("1019")+`<filter-id>1</filter-id><id>1</id></result></set></ftp-user>`)
	c.has(`<ftp-user><get><filter/></get></ftp-user>`, `<id>1</id><name>anna</name>`)
	// The system user of a subscription cannot have the name either.
	c.refusedSet(1, `<hosting><vrt_hst>`+prop("ftp_login", "anna")+`</vrt_hst></hosting>`, "1007")
}

func TestFTPUserCallers(t *testing.T) {
	s, c := hosted(t)
	addReseller(t, s, "oak")
	s.state.accountsByLogin.First("oak").Addresses = []poolAddress{{"198.51.100.7", "shared"}, {"2001:db8::7", "shared"}}
	addWebspace(t, s, "oak", "oak.test") // 2
	c.ftpUser(1, `<name>anna</name>`+ftpPassword+`<webspace-id>1</webspace-id>`)
	oak, alder := c.as("oak", "pass-42x"), c.as("alder", "pass-42x")
	oak.ftpUser(2, `<name>ben</name>`+ftpPassword+`<quota>5</quota><webspace-id>2</webspace-id>`)
	oak.ask(`<ftp-user><del><filter><id>1</id></filter></del></ftp-user>`, `<ftp-user><del><result>`+failed("1013")+`<filter-id>1</filter-id><id>1</id></result></del></ftp-user>`)
	add := `<ftp-user><add><name>carl</name>` + ftpPassword + `<quota>5</quota><webspace-id>1</webspace-id></add></ftp-user>`
	denied := `<ftp-user><add><result>` + failed("1006") + `</result></add></ftp-user>`
	alder.ask(add, denied)
	grant(c, "manage_subftp")
	alder.ask(add, denied) // customers may not change the quota
	grant(c, "manage_subftp", "manage_quota")
	alder.ask(add, `<ftp-user><add><result><status>ok</status><id>3</id></result></add></ftp-user>`)
	grant(c)
	alder.ask(`<ftp-user><del><filter><id>3</id></filter></del></ftp-user>`,
		`<ftp-user><del><result>`+failed("1006")+`<filter-id>3</filter-id><id>3</id></result></del></ftp-user>`)
}

// Names of seventeen characters are in use; system users have up to 32 (operators-services, corrections of §8).
func TestFTPUserNameLengths(t *testing.T) {
	_, c := serverForDatabases(t)
	for id, n := range []int{1, 16, 17, 32} {
		c.ask(`<ftp-user><add><name>`+strings.Repeat("z", n)+`</name>`+ftpPassword+`<webspace-id>1</webspace-id></add></ftp-user>`, `<ftp-user>`+doneWith("add", id+1)+`</ftp-user>`)
	}
}
