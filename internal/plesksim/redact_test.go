// That no secret is left in a record.

package plesksim

import (
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

func TestRedaction(t *testing.T) {
	for _, test := range []struct{ document, want string }{
		{`<packet><customer><add><gen_info><passwd>p1</passwd><pname>N</pname></gen_info></add></customer></packet>`,
			`<packet><customer><add><gen_info><passwd>[redacted]</passwd><pname>N</pname></gen_info></add></customer></packet>`},
		{`<?xml version="1.0"?><packet><a><password type="plain"><![CDATA[p1]]>p2</password><password-type>crypt</password-type></a></packet>`,
			`<?xml version="1.0"?><packet><a><password>[redacted]</password><password-type>crypt</password-type></a></packet>`},
		{`<packet><property><name>ftp_password</name><value>p1</value></property><property><name>fp</name><value>true</value></property></packet>`,
			`<packet><property><name>ftp_password</name><value>[redacted]</value></property><property><name>fp</name><value>true</value></property></packet>`},
		{`<packet><property><name><![CDATA[FTP_]]>Password</name> <value><x>p1</x>p2</value></property></packet>`,
			`<packet><property><name><![CDATA[FTP_]]>Password</name> <value>[redacted]</value></property></packet>`},
		{`<packet><secret_key><create><result><key>p1</key></result></create></secret_key><server><get><key/></get></server></packet>`,
			`<packet><secret_key><create><result><key>[redacted]</key></result></create></secret_key><server><get><key/></get></server></packet>`},
		{`<packet><server><create_session><result><status>ok</status><id>p1</id></result></create_session></server><mail><create><result><id>7</id></result></create></mail></packet>`,
			`<packet><server><create_session><result><status>ok</status><id>[redacted]</id></result></create_session></server><mail><create><result><id>7</id></result></create></mail></packet>`},
		{`<packet><a><passwd/><pvt>p1</pvt></a></packet>`, `<packet><a><passwd/><pvt>[redacted]</pvt></a></packet>`},
		{`<packet><!-- p1 --><a/></packet>`, `<packet><!--[redacted]--><a/></packet>`},
		{`<packet><passwd>p1&bad;</passwd>`, `<packet><passwd>[16 bytes that are not well-formed]`},
		{`<packet><passwd>p1 p2`, `<packet><passwd>`},
		{`user=p1&x`, `[9 bytes that are not well-formed]`},
		{`</a><b>x</b>`, `<b>x</b>`},
	} {
		got, _ := redact([]byte(test.document), nil)
		if got != test.want {
			t.Errorf("%s\nbecame\n%s\nwant\n%s", test.document, got, test.want)
		}
	}
	_, secrets := redact([]byte(`<packet><passwd> p&lt;1 </passwd></packet>`), nil)
	if !secrets["p<1"] || len(secrets) != 1 {
		t.Error(secrets)
	}
	if got, _ := redact([]byte(`<r><errtext>The value 'p&lt;1' is bad</errtext><name>p&lt;1</name></r>`), secrets); got != `<r><errtext>The value &#39;[redacted]&#39; is bad</errtext><name>p&lt;1</name></r>` {
		t.Error(got)
	}
}

func TestRedactionOfHeaders(t *testing.T) {
	h := http.Header{"HTTP_AUTH_LOGIN": {"admin"}, "Http-Auth-Passwd": {"p1"}, "http_auth_passwd": {"p2"}, "Key": {"p3"}, "KEY": {"p4"}, "Authorization": {"p5"}, "Content-Type": {"text/xml"}}
	safe := redactHeaders(h)
	if safe["HTTP_AUTH_LOGIN"] != "admin" || safe["Content-Type"] != "text/xml" || len(safe) != len(h) {
		t.Error(safe)
	}
	for name, value := range safe {
		if strings.HasPrefix(value, "p") {
			t.Errorf("%s: %s", name, value)
		}
	}
}

// Elements of the grammar whose names sound like secrets, and are none.
var harmless = []string{
	"password-type", "password_type", "key-id", "key_info", "sort_key", "secret_key", "additional-key", "additional_key", "get_additional_key",
	"remove_additional_key", "renew_additional_key", "license-retrieve-keys", "license-rollback-key", "admin_multiple_sessions", "create_session",
	"session_setup", "session", "key", "phpini",
}

// Random valid packets: no element of the grammar that sounds like a secret is left in a record.
func TestEverySecretOfTheGrammarIsRedacted(t *testing.T) {
	suspicious := regexp.MustCompile(`(?i)pass|pwd|secret|key|pvt|token|session|cred`)
	rnd := rand.New(rand.NewPCG(5, 5))
	found := map[string]int{}
	for _, grammar := range []*schema.Schema{schema.Request(), schema.Response()} {
		for range 3000 {
			packet := schematest.Packet(rnd, grammar, schematest.Options{Size: 80})
			for _, p := range packet.Elements() {
				if suspicious.MatchString(p.Node.Name) && !slices.Contains(harmless, p.Node.Name) {
					found[p.Node.Name]++
					p.Node.Attrs, p.Node.Children = nil, []*schematest.Node{{Text: "hunter2"}}
				}
			}
			if got, _ := redact(packet.Bytes(rnd, false), nil); strings.Contains(got, "hunter2") || !strings.HasSuffix(got, "</packet>") && !strings.HasSuffix(got, "</packet>\n") {
				t.Fatalf("%s", got)
			}
		}
	}
	for _, name := range []string{"passwd", "password", "pvt", "smtp_password", "session-id"} {
		if found[name] == 0 {
			t.Errorf("%s was never tried", name)
		}
	}
}
