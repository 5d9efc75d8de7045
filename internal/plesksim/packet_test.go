// Packets: who may send them, in which order they are checked, how they are answered.

package plesksim

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"
)

const getProtos = `<server><get_protos/></server>`

func TestAuthentication(t *testing.T) {
	s := newServer(t, func(o *Options) { o.SecretKey = "a-key" })
	addCustomer(t, s, "alder")
	addCustomer(t, s, "idle")
	addReseller(t, s, "birch")
	addReseller(t, s, "mute")
	behind(t, s, `<customer><set><filter><login>idle</login></filter><values><gen_info><status>16</status></gen_info></values></set></customer>`,
		`<customer><set><result><status>ok</status><filter-id>idle</filter-id><id>3</id></result></set></customer>`)
	s.mu.Lock()
	s.state.accountsByLogin.First("mute").Permissions["remote_access_interface"] = false
	s.state.SecretKeys[hashKey("far-key")] = secretKey{Account: adminID, Addresses: []string{"192.0.2.1"}}
	s.mu.Unlock()
	c := start(t, s)

	for _, test := range []struct {
		name    string
		headers map[string]string
		code    string // "" lets in
	}{
		{"login and password", map[string]string{"HTTP_AUTH_LOGIN": "admin", "HTTP_AUTH_PASSWD": DefaultPassword}, ""},
		{"login in another case", map[string]string{"HTTP_AUTH_LOGIN": "Admin", "HTTP_AUTH_PASSWD": DefaultPassword}, ""},
		{"headers in lower case", map[string]string{"http_auth_login": "admin", "http_auth_passwd": DefaultPassword}, ""},
		{"headers as Go writes them", map[string]string{"Http_auth_login": "admin", "Http_auth_passwd": DefaultPassword}, ""},
		{"headers with hyphens", map[string]string{"HTTP-AUTH-LOGIN": "admin", "HTTP-AUTH-PASSWD": DefaultPassword}, ""},
		{"wrong password", map[string]string{"HTTP_AUTH_LOGIN": "admin", "HTTP_AUTH_PASSWD": "no"}, "1001"},
		{"unknown login", map[string]string{"HTTP_AUTH_LOGIN": "nobody", "HTTP_AUTH_PASSWD": "no"}, "1001"},
		{"no password", map[string]string{"HTTP_AUTH_LOGIN": "admin"}, "1001"},
		{"nothing", nil, "1029"},
		{"HTTP's basic authentication alone", map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("admin:"+DefaultPassword))}, "1029"},
		{"key", map[string]string{"KEY": "a-key"}, ""},
		{"key wins over login", map[string]string{"Key": "no", "HTTP_AUTH_LOGIN": "admin", "HTTP_AUTH_PASSWD": DefaultPassword}, "11003"},
		{"key of another address", map[string]string{"KEY": "far-key"}, "11003"},
		{"customer", map[string]string{"HTTP_AUTH_LOGIN": "alder", "HTTP_AUTH_PASSWD": "pass-42x"}, ""},
		{"suspended customer", map[string]string{"HTTP_AUTH_LOGIN": "idle", "HTTP_AUTH_PASSWD": "pass-42x"}, "1011"},
		{"reseller", map[string]string{"HTTP_AUTH_LOGIN": "birch", "HTTP_AUTH_PASSWD": "pass-42x"}, ""},
		{"reseller without the permission", map[string]string{"HTTP_AUTH_LOGIN": "mute", "HTTP_AUTH_PASSWD": "pass-42x"}, "1006"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := c.with(test.headers)
			c.t = t
			if test.code != "" {
				c.ask(getProtos, refused(test.code))
				return
			}
			contains(t, []byte(c.post("<packet>"+getProtos+"</packet>")), "<server><get_protos><result><status>ok</status><protos><proto>1.0.0.0</proto>")
		})
	}
}

// The documented order of the checks: version, authentication, validity.
func TestOrderOfChecks(t *testing.T) {
	c := start(t, newServer(t))
	nobody := c.with(nil)
	expect(t, nobody.post(`<packet version="100.0.0"><nonsense/></packet>`), refused("1005"))
	expect(t, nobody.post(`<packet version="1.6.9.1"><nonsense/></packet>`), refused("1029"))
	expect(t, c.post(`<packet version="1.6.9.1"><nonsense/></packet>`), refused("1014"))
}

// Probes of the oldest protocols are refused inside their results, except for what even they are told at once.
func TestAncientProbes(t *testing.T) {
	s := newServer(t)
	nobody := start(t, s).as("admin", "wrong")
	expect(t, nobody.post(`<packet version="1.0.0.0"><server><get_protos/></server></packet>`),
		`<server><get_protos><result>`+failed("1001")+`</result></get_protos></server>`)
	expect(t, nobody.post(`<packet version="1.4.0.0"><server><get_protos/></server></packet>`), refused("1001"))
	expect(t, nobody.post(`<packet version="1.0.0.0"><server>`), refused("1001"))
	expect(t, nobody.with(nil).post(`<packet version="1.0.0.0"><server><get_protos/></server></packet>`),
		`<system><status>error</status><errcode>1029</errcode><errtext>Authentication method is not specified</errtext></system>`)
}

func TestRestrictedAccess(t *testing.T) {
	c := start(t, newServer(t, func(o *Options) { o.AllowedIPs = []string{"192.0.2.1"} }))
	const disabled = `<system><status>error</status><errcode>1006</errcode><errtext>Access to API is disabled for 127.0.0.1</errtext></system>`
	c.ask(getProtos, disabled)
	c = start(t, newServer(t, func(o *Options) { o.Disabled = true }))
	c.ask(getProtos, disabled)
}

func TestVersions(t *testing.T) {
	c := start(t, newServer(t))
	for asked, answered := range map[string]string{
		``:                    "1.6.9.1",
		` version=""`:         "1.6.9.1",
		` version="1.6.9.1"`:  "1.6.9.1",
		` version='1.6.9.1'`:  "1.6.9.1",
		` version="1.6"`:      "1.6.9.1",
		` version="1.6.9"`:    "1.6.9.1",
		` version="1.6.5"`:    "1.6.5.0",
		` version="1.6.3.0"`:  "1.6.3.0",
		` version="1.0.0.0"`:  "1.0.0.0",
		` version="1.6.9.2"`:  "",
		` version="1.6.9.10"`: "",
		` version="100.0.0"`:  "",
		` version="new"`:      "",
	} {
		answer := c.post(`<packet` + asked + `>` + getProtos + `</packet>`)
		if answered == "" {
			expect(t, answer, refused("1005"))
			continue
		}
		contains(t, []byte(answer), `<packet version="`+answered+`"><server><get_protos><result><status>ok</status>`)
	}
}

// Documents as other programs send them.
func TestDocuments(t *testing.T) {
	c := start(t, newServer(t))
	const answer = `<customer><get><result><status>ok</status></result></get></customer>`
	for name, document := range map[string]string{
		"bare":            `<packet><customer><get><filter/><dataset/></get></customer></packet>`,
		"declaration":     `<?xml version="1.0" encoding="UTF-8"?><packet><customer><get><filter/><dataset/></get></customer></packet>`,
		"byte order mark": "\ufeff" + `<packet><customer><get><filter/><dataset/></get></customer></packet>`,
		"white space":     "\n\t <packet>\r\n<customer> <get>\t<filter></filter>\n <dataset>\n<gen_info/>\n</dataset> </get></customer></packet>\n\n",
		"comments":        `<!-- a --><packet><!-- b --><customer><get><filter><!-- all --></filter><dataset/></get></customer></packet><!-- c -->`,
		"settings": `<packet><request-settings><setting><name>plesk_rpc_forwarding_to_ext</name><value>none</value></setting></request-settings>
			<customer><get><filter/><dataset/></get></customer></packet>`,
		"character data": `<packet><customer><get><filter/><dataset><gen_info><![CDATA[]]></gen_info></dataset></get></customer></packet>`,
	} {
		t.Run(name, func(t *testing.T) { expect(t, c.post(document), answer) })
	}
	for name, document := range map[string]string{
		"nothing": "", "no XML": "hello", "cut off": `<packet><customer>`, "two roots": `<packet/><packet/>`, "no packet": `<package/>`,
		"empty packet": `<packet/>`, "operator without operation": `<packet><customer/></packet>`, "unknown operator": `<packet><client/></packet>`,
		"unknown operation": `<packet><customer><list/></customer></packet>`, "JSON": `{"customer": 1}`,
		"two kinds in a filter": `<packet><customer><get><filter><id>1</id><login>a</login></filter><dataset/></get></customer></packet>`,
		"id 0":                  `<packet><customer><del><filter><id>0</id></filter></del></customer></packet>`,
		"wrong order":           `<packet><customer><get><filter/><dataset><stat/><gen_info/></dataset></get></customer></packet>`,
	} {
		t.Run(name, func(t *testing.T) { expect(t, c.post(document), refused("1014")) })
	}
	contains(t, []byte(c.post("<packet>\n<customer>\n<stat/></customer></packet>")),
		"<errtext>Parser error: Request is invalid. Error in line 3: Element 'stat': This element is not expected.")
}

// Answers mirror the request in kind and order; a failure in the middle stops nothing.
func TestOperationsInKindAndOrder(t *testing.T) {
	c := start(t, newServer(t))
	c.ask(`
		<customer>
			<add><gen_info><pname>Ada</pname><login>alder</login><passwd>vX9!rTq27#</passwd></gen_info></add>
			<add><gen_info><pname>Ada</pname><login>ALDER</login><passwd>vX9!rTq27#</passwd></gen_info></add>
			<get><filter><login>alder</login><login>nobody7</login></filter><dataset/></get>
		</customer>
		<event_log><get-last-id/></event_log>
		<customer><del><filter><login>alder</login></filter></del></customer>
		<event_log><get-last-id/><get-last-id/></event_log>`, `
		<customer>
			<add><result><status>ok</status><id>2</id><guid>§</guid></result></add>
			<add><result>`+failed("1002")+`</result></add>
			<get>
				<result><status>ok</status><filter-id>alder</filter-id><id>2</id><data/></result>
				<result>`+failed("1013")+`<filter-id>nobody7</filter-id></result>
			</get>
		</customer>
		<event_log><get-last-id><result><status>ok</status><id>2</id></result></get-last-id></event_log>
		<customer><del><result><status>ok</status><filter-id>alder</filter-id><id>2</id></result></del></customer>
		<event_log>
			<get-last-id><result><status>ok</status><id>3</id></result></get-last-id>
			<get-last-id><result><status>ok</status><id>3</id></result></get-last-id>
		</event_log>`)
}

func TestInvalidPacketExecutesNothing(t *testing.T) {
	s := newServer(t)
	addCustomer(t, s, "alder")
	c := start(t, s)
	c.ask(`<customer><del><filter><login>alder</login></filter></del><get><filter/></get></customer>`, refused("1014"))
	c.ask(`<customer><get><filter><login>alder</login></filter><dataset/></get></customer>`,
		`<customer><get><result><status>ok</status><filter-id>alder</filter-id><id>2</id><data/></result></get></customer>`)
	if n := s.Stats().Writes; n != 0 {
		t.Errorf("%d writes were counted", n)
	}
}

func TestPrettyPrint(t *testing.T) {
	s := newServer(t)
	c := start(t, s)
	request := `<packet version="1.6.9.1"><customer><del><filter><id>7</id></filter></del></customer><customer><get><filter/><dataset/></get></customer></packet>`
	const compact = `<?xml version="1.0" encoding="UTF-8"?>
<packet version="1.6.9.1"><customer><del><result><status>error</status><errcode>1013</errcode><errtext>Client does not exist</errtext>` +
		`<filter-id>7</filter-id></result></del></customer><customer><get><result><status>ok</status></result></get></customer></packet>
`
	const pretty = `<?xml version="1.0" encoding="UTF-8"?>
<packet version="1.6.9.1">
  <customer>
    <del>
      <result>
        <status>error</status>
        <errcode>1013</errcode>
        <errtext>Client does not exist</errtext>
        <filter-id>7</filter-id>
      </result>
    </del>
  </customer>
  <customer>
    <get>
      <result>
        <status>ok</status>
      </result>
    </get>
  </customer>
</packet>
`
	if got := c.post(request); got != compact {
		t.Errorf("compact:\n%s", got)
	}
	c.headers["HTTP_PRETTY_PRINT"] = "TRUE"
	if got := c.post(request); got != pretty {
		t.Errorf("pretty:\n%s", got)
	}
}

// Text arrives and comes back as it is; empty values are empty elements.
func TestText(t *testing.T) {
	c := start(t, newServer(t))
	c.ask(`<customer><add><gen_info><cname>R&amp;D "Söhne" &lt;GmbH&gt;</cname><pname> O'Hara	 &#x1F600; </pname><login>alder</login><passwd>vX9!rTq27#</passwd>`+
		`<phone></phone><description><![CDATA[a < b]]></description></gen_info></add></customer>`,
		`<customer><add><result><status>ok</status><id>2</id><guid>§</guid></result></add></customer>`)
	body := c.post(`<packet><customer><get><filter><id>2</id></filter><dataset><gen_info/></dataset></get></customer></packet>`)
	contains(t, []byte(body), `<cname>R&amp;D "Söhne" &lt;GmbH&gt;</cname><pname>O'Hara 😀</pname><login>alder</login><status>0</status><phone/><fax/>`)
	contains(t, []byte(body), `<description>a &lt; b</description></gen_info>`)
}

func TestHTTP(t *testing.T) {
	s := newServer(t)
	c := start(t, s)

	t.Run("chunked body without a content type", func(t *testing.T) {
		req, _ := http.NewRequest(http.MethodPost, c.url, io.MultiReader(strings.NewReader("<packet>"), strings.NewReader(getProtos+"</packet>")))
		req.Header["HTTP_AUTH_LOGIN"], req.Header["HTTP_AUTH_PASSWD"] = []string{DefaultLogin}, []string{DefaultPassword}
		res, err := c.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		contains(t, body, "<protos>")
		if got := res.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/xml") {
			t.Errorf("content type %q", got)
		}
	})
	t.Run("other paths", func(t *testing.T) {
		for path, status := range map[string]int{"/": http.StatusSeeOther, "/enterprise/": http.StatusNotFound} {
			res, err := c.http.Get(s.URL() + path)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if res.StatusCode != status || bytes.Contains(body, []byte("<packet")) {
				t.Errorf("%s: status %d, body %s", path, res.StatusCode, body)
			}
		}
	})
	t.Run("GET", func(t *testing.T) {
		req, _ := http.NewRequest(http.MethodGet, c.url, nil)
		req.Header["HTTP_AUTH_LOGIN"], req.Header["HTTP_AUTH_PASSWD"] = []string{DefaultLogin}, []string{DefaultPassword}
		res, err := c.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		expect(t, string(body), refused("1014"))
	})
}
