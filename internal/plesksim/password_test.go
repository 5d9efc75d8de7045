// What passwords may hold, and in which forms they may come.

package plesksim

import (
	"strings"
	"testing"
)

// Whatever the account: what no password may hold is an invalid value, also where weak passwords are allowed.
func TestPasswordsThatAreRefused(t *testing.T) {
	for name, account := range map[string]struct{ add, set string }{
		"customer": {
			`<customer><add><gen_info><pname>C</pname><login>cedar</login><passwd>PASSWORD</passwd></gen_info></add></customer>`,
			`<customer><set><filter><login>cedar</login></filter><values><gen_info><passwd>PASSWORD</passwd></gen_info></values></set></customer>`,
		},
		"reseller": {
			`<reseller><add><gen-info><pname>C</pname><login>cedar</login><passwd>PASSWORD</passwd></gen-info></add></reseller>`,
			`<reseller><set><filter><login>cedar</login></filter><values><gen-info><passwd>PASSWORD</passwd></gen-info></values></set></reseller>`,
		},
		"system user": {
			`<webspace><add><gen_setup><name>cedar.test</name><ip_address>198.51.100.7</ip_address></gen_setup><hosting><vrt_hst>` + prop("ftp_password", "PASSWORD") +
				prop("ftp_login", "cedar") + `<ip_address>198.51.100.7</ip_address></vrt_hst></hosting></add></webspace>`,
			`<webspace><set><filter><name>cedar.test</name></filter><values><hosting><vrt_hst>` + prop("ftp_password", "PASSWORD") +
				`<ip_address>198.51.100.7</ip_address></vrt_hst></hosting></values></set></webspace>`,
		},
		"mail": {
			`<mail><create><filter><site-id>1</site-id><mailname><name>cedar</name><password><value>PASSWORD</value></password></mailname></filter></create></mail>`,
			`<mail><update><set><filter><site-id>1</site-id><mailname><name>cedar</name><password><value>PASSWORD</value></password></mailname></filter></set></update></mail>`,
		},
		"database user": {
			`<database>` + addDB(1, "shop") + `<add-db-user><db-id>1</db-id><login>cedar</login><password>PASSWORD</password></add-db-user></database>`,
			`<database><set-db-user><id>1</id><password>PASSWORD</password></set-db-user></database>`,
		},
		"ftp-user": {
			`<ftp-user><add><name>cedar</name><password>PASSWORD</password><webspace-id>1</webspace-id></add></ftp-user>`,
			`<ftp-user><set><filter><name>cedar</name></filter><values><password>PASSWORD</password></values></set></ftp-user>`,
		},
		"protected-dir": {
			`<protected-dir><add-user><pd-id>1</pd-id><login>cedar</login><password>PASSWORD</password></add-user></protected-dir>`,
			`<protected-dir><set-user><filter><id>1</id></filter><values><password>PASSWORD</password></values></set-user></protected-dir>`,
		},
		"additional administrator": {
			`<server><add-admin-alias><data><login>cedar</login><password>PASSWORD</password></data></add-admin-alias></server>`,
			`<server><set-admin-alias><filter><login>cedar</login></filter><data><password>PASSWORD</password></data></set-admin-alias></server>`,
		},
	} {
		_, c := serverForDatabases(t, func(o *Options) { o.AllowWeakPasswords = true })
		c.ask(`<protected-dir><add><site-id>1</site-id><name>private</name></add></protected-dir>`, `<protected-dir>`+doneWith("add", 1)+`</protected-dir>`)
		ask := func(request, password string) (refused bool) {
			return strings.Contains(c.post("<packet>"+strings.ReplaceAll(request, "PASSWORD", password)+"</packet>"), "<errcode>1019</errcode>")
		}
		bad := []string{"Mint 42", "Mint-&quot;42", "Mint-'42", "Mînt-42", "Minze-ß42", "x-cedar-42", "x-CEDAR-42"}
		for _, password := range bad {
			if !ask(account.add, password) {
				t.Errorf("%s was added with the password %s", name, password)
			}
		}
		if ask(account.add, "0") {
			t.Errorf("%s was not added with a weak password", name)
		}
		for _, password := range bad {
			if !ask(account.set, password) {
				t.Errorf("%s took the password %s", name, password)
			}
		}
	}
	c := start(t, newServer(t))
	c.ask(`<server><set><password>x admin 4711</password></set></server>`, `<server><set><result>`+failed("1019")+`</result></set></server>`)
	c.has(`<server><set><password>fir-4711</password></set></server>`, `<status>ok</status>`)
}

// What is a hash already was not made of the value.
func TestEncryptedPasswordsMayHoldAnything(t *testing.T) {
	_, c := serverForDatabases(t)
	c.ask(`<mail><create><filter><site-id>1</site-id><mailname><name>ab</name><password><value>$6$"ab"$x</value><type>crypt</type></password></mailname></filter></create></mail>`,
		`<mail><create><result><status>ok</status><mailname><id>1</id><name>ab</name></mailname></result></create></mail>`)
}

// Hashes are a thing of Linux. Old protocols wanted to be told what a password is.
func TestMailPasswordTypes(t *testing.T) {
	create := func(version, kind string) string {
		return `<packet` + version + `><mail><create><filter><site-id>1</site-id><mailname><name>x</name><password><value>4711-Mint</value>` + kind +
			`</password></mailname></filter></create></mail></packet>`
	}
	const plain, crypt = `<type>plain</type>`, `<type>crypt</type>`
	for _, test := range []struct {
		os                  OS
		version, kind, code string
	}{
		{Linux, "", crypt, ""}, {Windows, "", crypt, "1019"}, {Windows, "", plain, ""}, {Linux, "", "", ""},
		{Linux, ` version="1.6.0.2"`, "", "1023"}, {Linux, ` version="1.6.0.2"`, plain, ""}, {Linux, ` version="1.6.3.0"`, "", ""},
	} {
		_, c := mailServer(t, func(o *Options) { o.OS = test.os })
		want := `<mail><create>` + newMail(1, "x") + `</create></mail>`
		if test.code != "" {
			want = `<mail><create><result>` + failed(test.code) + `<mailname><name>x</name></mailname></result></create></mail>`
		}
		expect(t, c.post(create(test.version, test.kind)), want)
	}
}
