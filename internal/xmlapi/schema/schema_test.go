// What the protocol document says the schema refuses and lets through (protocol-core §6), for both
// grammars, with the messages of libxml2.
package schema_test

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

// structure are the structural cases of the document and the ends of the content models.
var structure = []struct {
	name, grammar, doc string
	valid              bool
}{
	{"no operator", "request", `<packet/>`, false},
	{"only request-settings", "request", `<packet><request-settings/></packet>`, false},
	{"no operation", "request", `<packet><customer/></packet>`, false},
	{"no dataset", "request", `<packet><customer><get><filter/></get></customer></packet>`, false},
	{"empty dataset", "request", `<packet><customer><get><filter/><dataset/></get></customer></packet>`, true},
	{"gen_info after stat", "request", `<packet><customer><get><filter/><dataset><stat/><gen_info/></dataset></get></customer></packet>`, false},
	{"two kinds in a filter", "request", `<packet><webspace><del><filter><id>1</id><name>a.example</name></filter></del></webspace></packet>`, false},
	{"one kind twice", "request", `<packet><webspace><del><filter><id>1</id><id>2</id></filter></del></webspace></packet>`, true},
	{"reseller-plan with an empty filter", "request", `<packet><reseller-plan><get><filter/></get></reseller-plan></packet>`, false},
	{"reseller-plan with all", "request", `<packet><reseller-plan><get><filter><all/></filter></get></reseller-plan></packet>`, true},
	{"secret_key without filter", "request", `<packet><secret_key><get_info/></secret_key></packet>`, false},
	{"empty permissions", "request", `<packet><reseller><set><filter/><values><permissions/></values></set></reseller></packet>`, false},
	{"empty server get", "request", `<packet><server><get/></server></packet>`, true},
	{"empty gen_setup", "request", `<packet><webspace><add><gen_setup/></add></webspace></packet>`, true},
	{"gen_setup without name", "request", `<packet><webspace><add><gen_setup><owner-id>7</owner-id></gen_setup></add></webspace></packet>`, true},
	{"any version", "request", `<packet version="a b"><ip><get/></ip></packet>`, true},
	{"untyped content", "request", `<packet><ip><get x="1">any <b c="d">content</b></get></ip></packet>`, true},
	{"declared element in untyped content", "request", `<packet><ip><get><packet/></get></ip></packet>`, false},
	{"dropped operator", "request", `<packet><backup-manager/></packet>`, false},
	{"operators and operations repeated", "request", `<packet><ip><get/><get/></ip><session><get/></session><ip><get/></ip></packet>`, true},
	{"request-settings last", "request", `<packet><ip><get/></ip><request-settings/></packet>`, false},
	{"wrong root", "request", `<packets/>`, false},
	{"descriptor as root", "request", `<descriptor/>`, false},
	{"namespace", "request", `<packet xmlns="urn:plesk"><ip><get/></ip></packet>`, false},
	{"unbound prefix", "request", `<packet><p:ip><get/></p:ip></packet>`, false},
	{"stray attribute", "request", `<packet lang="en"><ip><get/></ip></packet>`, false},
	{"text between operators", "request", "<packet>\n<ip><get/></ip>x</packet>", false},
	{"element in a value", "request", `<packet><mail><get_info><filter><site-id>1<b/></site-id></filter></get_info></mail></packet>`, false},
	{"nil where allowed", "request", `<packet xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><dns><add_rec><site-id>1</site-id><type>A</type><host i:nil="true"/><value>192.0.2.1</value></add_rec></dns></packet>`, true},
	{"nil with text", "request", `<packet xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><dns><add_rec><site-id>1</site-id><type>A</type><host i:nil="true">x</host><value>192.0.2.1</value></add_rec></dns></packet>`, false},
	{"nil elsewhere", "request", `<packet xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><dns><add_rec><site-id i:nil="false">1</site-id></add_rec></dns></packet>`, false},
	{"message at the end of the start tag", "request", "<packet>\n<customer\n>\n</customer></packet>", false},
	{"all groups in any order", "request", `<packet><webspace><get><filter/><dataset><hosting/><gen_info/></dataset></get></webspace></packet>`, true},
	{"all groups without repetition", "request", `<packet><webspace><get><filter/><dataset><hosting/><hosting/></dataset></get></webspace></packet>`, false},

	{"no operator", "response", `<packet/>`, false},
	{"system error", "response", `<packet version="1.6.9.1"><system><status>error</status><errcode>1014</errcode><errtext>x</errtext></system></packet>`, true},
	{"output after system", "response", `<packet><system><status>ok</status></system><output>any</output></packet>`, true},
	{"operator after system", "response", `<packet><system><status>ok</status></system><ip><get/></ip></packet>`, false},
	{"output first", "response", `<packet><output/><system><status>ok</status></system></packet>`, false},
	{"errcode before status", "response", `<packet><system><errcode>1</errcode><status>error</status></system></packet>`, false},
	{"no result where one is required", "response", `<packet><customer><del/></customer></packet>`, false},
	{"no status", "response", `<packet><customer><del><result/></del></customer></packet>`, false},
	{"many results", "response", `<packet><customer><del><result><status>ok</status></result><result><status>ok</status></result></del></customer></packet>`, true},
	{"not found", "response", `<packet><customer><get><result><status>error</status><errcode>1013</errcode><errtext>x</errtext><filter-id>a</filter-id></result></get></customer></packet>`, true},
	{"request as response", "response", `<packet><customer><get><filter/><dataset/></get></customer></packet>`, false},
}

func TestStructure(t *testing.T) {
	for _, g := range grammars() {
		for _, c := range structure {
			if c.grammar != g.name {
				continue
			}
			if got := validate(t, g.schema, []byte(c.doc)); got.valid != c.valid {
				t.Errorf("%s, %s: valid %v wanted, got %v", g.name, c.name, c.valid, got)
			}
		}
	}
}

func structureDocuments(g grammar) []document {
	var docs []document
	for _, c := range structure {
		if c.grammar == g.name {
			docs = append(docs, document{c.name, []byte(c.doc)})
		}
	}
	return docs
}

// values are the simple types of the document: where one of them stands and what it accepts.
var values = []struct {
	grammar, path string
	good, bad     []string
}{
	{"request", "webspace/get/filter/id", []string{"1", "0007", " 5 ", "+3"}, []string{"0", "", "-1", "x", "1.0", "1 2"}},
	{"request", "webspace/add/limits/limit/value", []string{"-1", "0", "9223372036854775807"}, []string{"unlimited", "", "1GB", "9223372036854775808"}},
	{"request", "webspace/add/limits/limit/name", []string{"disk_space", "no-such-limit", ""}, nil},
	{"request", "webspace/add/permissions/permission/value", []string{"true", "false", "1", "0", " true\n"}, []string{"yes", "on", "", "TRUE"}},
	{"request", "webspace/add/hosting/vrt_hst/property/value", []string{"", "anything at all", "-1"}, nil},
	{"request", "webspace/add/hosting/vrt_hst/ip_address", []string{"192.0.2.1", "not an address", ""}, nil},
	{"request", "webspace/set/values/gen_setup/status", []string{"0", "16", "-5", "+1"}, []string{"active", "", "2147483648", " 0"}},
	{"request", "webspace/add/gen_setup/status", []string{"0", "active", ""}, nil},
	{"request", "webspace/add/gen_setup/htype", []string{"vrt_hst", "none"}, []string{"", "VRT_HST", "vhost", " none"}},
	{"request", "webspace/add/limits/overuse", []string{"block", "normal", "notify"}, []string{"", "never"}},
	{"request", "ip/add/type", []string{"shared", "exclusive"}, []string{"", "dedicated"}},
	{"request", "event_log/get_events/events/event/type", []string{"created", "guid_changed"}, []string{"", "made"}},
	{"request", "event_log/get_events/events/event/class", []string{"client", "domain_limit_mysql_quota"}, []string{"", "subscription"}},
	{"request", "server/set/certificates/panel/webspace", []string{"a", strings.Repeat("a", 255), strings.Repeat("é", 255), "no domain"}, []string{"", strings.Repeat("a", 256)}},
	{"request", "webspace/add/hosting/std_fwd/dest_url", []string{"x", strings.Repeat("u", 255)}, []string{"", strings.Repeat("u", 256)}},
	{"request", "server/set/admin/admin_email", []string{"a@b", "@bc", "a b@c d"}, []string{"", "ab", "abc", "a@b@", "a@", strings.Repeat("a", 254) + "@b"}},
	{"request", "customer/add/gen_info/email", []string{"", "no address"}, nil},
	{"request", "server/set/password", []string{"12345", strings.Repeat("p", 255)}, []string{"", "1234", strings.Repeat("p", 256)}},
	{"request", "webspace/add/prefs/stat_ttl", []string{"", "0", "12", " 3 "}, []string{"-1", "x", "1.5", " "}},
	{"request", "webspace/add/mail/outgoing-messages-enable-sendmail", []string{"true", "false", "default"}, []string{"", "1", "inherit"}},
	{"request", "mail/create/filter/mailname/password/type", []string{"plain", "crypt", "sym"}, []string{"", "md5"}},
	{"request", "webspace/get_traffic/since_date", []string{"2025-02-28", "2024-02-29"}, []string{"", "2025-02-29", "28.02.2025", "2025-2-8"}},
	{"request", "webspace/get-changed/resource-usage/from", []string{"2025-01-01T10:00:00", "2025-01-01T10:00:00+02:00"}, []string{"", "2025-01-01", "2025-01-01 10:00:00", "1735689600"}},
	{"request", "virtdir/create/name", []string{"a/b_c-d", "/"}, []string{"", "a b", "é", `a\b`}},
	{"request", "dns/set/soa/ttl", []string{"0", "4294967295"}, []string{"", "-1", "4294967296", "1h"}},
	{"request", "webspace/add/performance/bandwidth", []string{"-1", "1e3", "0.5"}, []string{"", "fast"}},
	{"request", "server/lic_install/license", []string{"", "YWJj", "YQ==", "Y Q = ="}, []string{"YWJjZ", "YQ"}},
	{"request", "server/set/admin/admin_pcode", []string{"", "1234567890"}, []string{"12345678901"}},

	{"response", "customer/del/result/status", []string{"ok", "error"}, []string{"", "OK", "warning"}},
	{"response", "customer/del/result/errcode", []string{"1013", "0"}, []string{"", "-1", "none", "4294967296"}},
	{"response", "customer/del/result/errtext", []string{"", "Client <1> does not exist & more"}, nil},
	{"response", "customer/get/result/id", []string{"7"}, []string{"0", "", "guid"}},
	{"response", "customer/get/result/data/gen_info/cr_date", []string{"2025-03-02"}, []string{"", "2025-03-02T00:00:00"}},
	{"response", "session/get/result/session/login-time", []string{"2025-01-01T10:00:00"}, []string{"", "now"}},
	{"response", "webspace/get/result/data/limits/limit/value", []string{"-1", "10485760"}, []string{"", "unlimited"}},
	{"response", "webspace/get/result/data/prefs/stat_ttl", []string{"", "3"}, []string{"none"}},
	{"response", "server/get/result/key/content", []string{"", "YWJj"}, []string{"a"}},
}

// TestValues puts each value at its path into a valid packet.
func TestValues(t *testing.T) {
	for _, g := range grammars() {
		for i, c := range values {
			if c.grammar != g.name {
				continue
			}
			for j, value := range slices.Concat(c.good, c.bad) {
				if got := validate(t, g.schema, packetWith(t, g.schema, c.path, value, uint64(i))); got.valid != (j < len(c.good)) {
					t.Errorf("%s = %q: %v", c.path, value, got)
				}
			}
		}
	}
}

func valueDocuments(t *testing.T, g grammar) []document {
	t.Helper()
	var docs []document
	for i, c := range values {
		if c.grammar != g.name {
			continue
		}
		for _, value := range slices.Concat(c.good, c.bad) {
			docs = append(docs, document{c.path, packetWith(t, g.schema, c.path, value, uint64(i))})
		}
	}
	return docs
}

// packetWith makes a packet that is valid but for the value at the path.
func packetWith(t *testing.T, s *schema.Schema, path, value string, seed uint64) []byte {
	t.Helper()
	at := s.Root()
	for _, name := range strings.Split(path, "/") {
		if at = at.Type.Child(name); at == nil {
			t.Fatalf("the grammar has no %s in %s", name, path)
		}
	}
	rnd := rand.New(rand.NewPCG(seed, 6))
	packet := schematest.Packet(rnd, s, schematest.Options{Holding: at, Size: 1})
	for _, place := range packet.Elements() {
		if place.Node.Decl == at {
			place.Node.Children = []*schematest.Node{{Text: value}}
			return packet.Bytes(rnd, false)
		}
	}
	t.Fatalf("no %s in the packet", path)
	return nil
}

// TestMessages pins the words of the document's table (protocol-core §9.2).
func TestMessages(t *testing.T) {
	cases := []struct{ doc, want string }{
		{"<packet>\n<webspace>\n<get><filter/>\n<stat/></get></webspace></packet>", "Error in line 4: Element 'stat': This element is not expected. Expected is ( dataset )."},
		{"<packet><customer><get/></customer></packet>", "Error in line 1: Element 'get': Missing child element(s). Expected is ( filter )."},
		{"<packet>\n\n<webspace><get><filter><id/></filter></get></webspace></packet>", "Error in line 3: Element 'id': '' is not a valid value of the atomic type 'xs:positiveInteger'."},
		{"<packet><ip><add><type>x</type></add></ip></packet>", "Error in line 1: Element 'type': [facet 'enumeration'] The value 'x' is not an element of the set {'shared', 'exclusive'}."},
		{"<packet>x</packet>", "Error in line 1: Element 'packet': Character content other than whitespace is not allowed because the content type is 'element-only'."},
		{"<packet a='1'/>", "Error in line 1: Element 'packet', attribute 'a': The attribute 'a' is not allowed."},
		{"<descriptor><property><name>a</name><type>b</type></property></descriptor>", "Error in line 1: Element 'descriptor': No matching global declaration available for the validation root."},
		{"<a/>", "Error in line 1: Element 'a': No matching global declaration available for the validation root."},
	}
	for _, c := range cases {
		if err := schema.Request().Validate([]byte(c.doc)); err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.doc, err, c.want)
		}
	}
}

// ownContents cover what the validator knows beyond the two grammars' own use of it.
func ownContents(t *testing.T) corpus {
	t.Helper()
	g := ownGrammar(t, `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="p"><xs:complexType><xs:sequence>
		<xs:element name="empty" minOccurs="0"><xs:complexType/></xs:element>
		<xs:sequence minOccurs="0" maxOccurs="2"><xs:element name="a" type="xs:anyType"/><xs:element name="b" type="xs:anyType" minOccurs="0" maxOccurs="3"/></xs:sequence>
		<xs:choice minOccurs="2" maxOccurs="3"><xs:element name="c" type="xs:int"/><xs:element name="d" type="xs:string"/></xs:choice>
		<xs:sequence minOccurs="0" maxOccurs="unbounded"><xs:element name="e" type="xs:anyType" maxOccurs="unbounded"/><xs:element name="f" type="xs:anyType"/></xs:sequence>
		<xs:sequence minOccurs="0"><xs:element name="g" type="xs:anyType"/><xs:any processContents="skip" minOccurs="2" maxOccurs="3"/></xs:sequence>
		</xs:sequence></xs:complexType></xs:element></xs:schema>`, "p")
	var docs []document
	rnd := rand.New(rand.NewPCG(9, 9))
	pieces := []string{"<empty/>", "<empty>x</empty>", "<empty><a/></empty>", "<empty> </empty>", "<a/>", "<b/>", "<c>1</c>", "<d/>", "<e/>", "<f/>", "<g/>", "<x/>", `<x xmlns="urn:x"/>`}
	for range 1500 {
		var doc strings.Builder
		at := 0
		for range 1 + rnd.IntN(9) {
			if rnd.IntN(4) > 0 {
				at = min(at+rnd.IntN(3), len(pieces)-1)
			} else {
				at = rnd.IntN(len(pieces))
			}
			doc.WriteString(pieces[at])
		}
		docs = append(docs, document{"pieces", fmt.Appendf(nil, "<p>%s</p>", &doc)})
	}
	return corpus{"own grammar", g, docs}
}

// TestManagerDoesNotCarryTheGrammar keeps a megabyte of grammar out of the manager's binary.
func TestManagerDoesNotCarryTheGrammar(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "../../../cmd/manager").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, dep := range strings.Fields(string(out)) {
		if strings.Contains(dep, "internal/xmlapi/schema") {
			t.Errorf("the manager depends on %s", dep)
		}
	}
}
