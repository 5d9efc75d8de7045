// The laws of wire values, over records made of fuzzed bytes.

package dns

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
)

// caaTag is the pattern of the schema.
var caaTag = regexp.MustCompile(`^[a-zA-Z0-9]{1,15}$`)

// FuzzRecordRoundTrip holds zones to the same laws, which have no Normal of their own: what the spec may say can be sent, is
// in the form in which it is compared, and comes back from the server (operators-services §2.3) as what was wanted.
func FuzzRecordRoundTrip(f *testing.F) {
	for _, s := range []v1alpha1.DNSRecord{
		spec("@", "A", "198.51.100.7"), spec("WWW", "AAAA", "2001:DB8::07"), spec("*.dev", "CNAME", "bücher.example."), spec("@", "TXT", ` a  "b" <c>`),
		spec("x", "DS", "1 8 2 AB cd"), spec("a", "NS", "ns。example"), mx("@", "mx1.mail.example", 10), mx("q", ".", 0), ptr("2001:DB8::7", "acme.example", 64),
		srv("_sip._tcp", "voip.acme.example", 10, 60, 5060), caa("@", `"ca.example; x"`, 128, "Issue"), caa("@", `" "`, 0, "issue"),
	} {
		f.Add(uint8(slices.Index(listable, string(s.Type))), s.Name, s.Value, uint16(64), uint16(60), uint16(5060), "Issue")
	}
	f.Fuzz(func(t *testing.T, kind uint8, name, value string, a, b, c uint16, tag string) {
		if !caaTag.MatchString(tag) || name == "" || value == "" || !utf8.ValidString(name+value) {
			return // the API server lets none of these through
		}
		s := spec(name, v1alpha1.DNSRecordType(listable[int(kind)%len(listable)]), value)
		s.Priority = new(int32(a))
		s.SRV = &v1alpha1.SRVData{Priority: int32(a), Weight: int32(b), Port: int32(c)}
		s.CAA = &v1alpha1.CAAData{Flags: int32(a % 256), Tag: tag}
		s.PTR = &v1alpha1.PTRData{PrefixLength: int32(a % 129)}
		w, err := wantedRecord(testZone, "spec.records[0]", s)
		if err != nil {
			return
		}
		if opt, v := canonicalData(w.Type, w.Opt, w.Value); opt != w.Opt || v != w.Value {
			t.Errorf("%#v would be %q %q", w, opt, v)
		}
		request := w.request(dns.Owner{SiteID: new(int64(41))}, w.text)
		doc, err := xmlapi.Encode("1.6.9.1", dns.AddRec.Call(request))
		if err != nil {
			t.Fatalf("%#v cannot be sent: %v", w, err)
		}
		if err := schema.Request().Validate(doc); err != nil {
			t.Errorf("%#v is not valid: %v", w, err)
		}
		if found := foundRecord(testZone, stored(request.Record)); found != w.dnsRecord {
			t.Errorf("%#v comes back as %#v", w.dnsRecord, found)
		}
	})
}

// stored is a record as the server keeps and shows it: absolute names, single blanks.
func stored(r dns.Record) dns.Record {
	switch {
	case r.Type == recordPTR:
	case r.Host == "":
		r.Host = testZone + "."
	default:
		r.Host += "." + testZone + "."
	}
	switch r.Type {
	case recordCNAME, recordNS, recordMX, recordSRV, recordPTR:
		r.Value = strings.TrimSuffix(r.Value, ".") + "."
	}
	r.Value = form.SingleBlanks(r.Value)
	return r
}
