// What descriptors speak against, and how that is said.

package hosting

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func TestRefusal(t *testing.T) {
	providers := []string{RoleAdmin, RoleReseller}
	d := &Descriptor{Properties: []PropertyDescriptor{
		{Name: "max_box", Type: "int", WritableBy: providers}, {Name: "max_db", Type: "uint", WritableBy: providers}, {Name: "disk_space", Type: "bytes", WritableBy: providers},
		{Name: "expiration", Type: "date", WritableBy: providers}, {Name: "share", Type: "float", WritableBy: providers}, {Name: "php", Type: "boolean", WritableBy: providers},
		{Name: "handler", Type: "string", Enum: []EnumValue{{Value: "php83"}, {Value: "php84"}}, WritableBy: providers}, {Name: "root", Type: "string", WritableBy: providers},
		{Name: "tint", Type: "colour", WritableBy: providers}, {Name: "fixed", Type: "boolean"}, {Name: "theirs", Type: "boolean", WritableBy: []string{RoleReseller, RoleClient}},
	}}
	for _, test := range []struct{ name, value, want string }{
		{"max_box", "5", ""},
		{"max_box", "-1", ""},
		{"max_box", "many", `"many" is not a whole number`},
		{"max_db", "0", ""},
		{"max_db", "-1", `"-1" is not a whole number of at least 0`},
		{"disk_space", "-1", ""},
		{"disk_space", "-2", `"-2" is not a number of bytes, or -1 for no bound`},
		{"disk_space", "2Gi", `"2Gi" is not a number of bytes, or -1 for no bound`},
		{"expiration", "1900000000", ""},
		{"expiration", "2030-01-01", `"2030-01-01" is not a time in UNIX seconds, or -1 for none`},
		{"share", "0.5", ""},
		{"share", "half", `"half" is not a number`},
		{"php", "true", ""},
		{"php", "on", `"on" is not true or false`},
		{"handler", "php84", ""},
		{"handler", "PHP84", `this server has no value "PHP84" for it, but php83, php84`},
		{"root", "anything", ""},
		{"tint", "of tomorrow", ""},
		{"fixed", "true", "nobody can change it on this server"},
		{"theirs", "true", "on this server it is for the role reseller or client to change, not for admin"},
		{"max_dbs", "1", `this server has no "max_dbs", but max_db, max_box, disk_space, expiration, share, php, handler, root, tint, fixed, theirs`},
	} {
		if have := d.Refusal(RoleAdmin, test.name, test.value); have != test.want {
			t.Errorf("%s=%s: %s\nwant: %s", test.name, test.value, have, test.want)
		}
		if bare := d.Bare().Refusal(RoleAdmin, test.name, test.value); bare != test.want {
			t.Errorf("bare, %s=%s: %s", test.name, test.value, bare)
		}
	}
}

// What is meant comes first, whatever its case and separators.
func TestRefusalNamesWhatIsMeant(t *testing.T) {
	d := &Descriptor{Properties: []PropertyDescriptor{{Name: "manage_phosting"}, {Name: "manage_dnssec"}, {Name: "manage_dns"}}}
	for _, name := range []string{"Manage_DNS", "manageDNS", "manage-dns"} {
		if have := d.Refusal(RoleAdmin, name, "true"); !strings.Contains(have, ", but manage_dns, ") {
			t.Error(have)
		}
	}
}

// A list is bounded, however much the server has.
func TestRefusalIsBounded(t *testing.T) {
	d := &Descriptor{}
	for i := range 5000 {
		d.Properties = append(d.Properties, PropertyDescriptor{Name: fmt.Sprintf("name-%04d", i)})
	}
	if have := d.Refusal(RoleAdmin, "none", "1"); len(have) > 800 || !strings.HasSuffix(have, "and 4950 more") {
		t.Error(have)
	}
	if d.Bytes() < 5000*9 {
		t.Error(d.Bytes())
	}
}

var ask = Describe(xmlapi.Read[xmlapi.QueryRequest, DescriptorResult]("webspace", "get-limit-descriptor"), xmlapi.QueryRequest{Filter: xmlapi.All()},
	func(r DescriptorResult) *Descriptor { return r.Descriptor })

// answers is a server that answers everything with one document.
type answers string

func (a answers) Do(_ context.Context, calls ...xmlapi.Caller) error {
	return xmlapi.Decode(strings.NewReader("<packet><webspace><get-limit-descriptor>"+string(a)+"</get-limit-descriptor></webspace></packet>"), calls...)
}

// An answer that describes nothing is no answer: it would speak against everything.
func TestADescriptorDescribesSomething(t *testing.T) {
	const property = `<property><name>max_db</name><type>int</type></property>`
	for document, named := range map[string]string{
		`<result><status>ok</status><descriptor>` + property + `</descriptor></result>`:                "max_db",
		`<result><status>ok</status><descriptor/></result>`:                                            "",
		`<result><status>ok</status></result>`:                                                         "",
		`<result><status>error</status><errcode>1006</errcode></result>`:                               "",
		strings.Repeat(`<result><status>ok</status><descriptor>`+property+`</descriptor></result>`, 2): "", // which of them is the server's?
	} {
		call, answer := ask.Call()
		if err := answers(document).Do(t.Context(), call); err != nil {
			t.Fatal(err)
		}
		d, err := answer()
		if named == "" && (err == nil || d != nil) || named != "" && (err != nil || d.Properties[0].Name != named) {
			t.Errorf("%s: %v, %v", document, d, err)
		}
	}
}
