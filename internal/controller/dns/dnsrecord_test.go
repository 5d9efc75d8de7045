// Records: from the spec to the wire and back, the laws of their common form, and what is refused.

package dns

import (
	"errors"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

const testZone = "acme.example"

func spec(name string, kind v1alpha1.DNSRecordType, value string) v1alpha1.DNSRecord {
	return v1alpha1.DNSRecord{Name: name, Type: kind, Value: value}
}

func mx(name, value string, priority int32) v1alpha1.DNSRecord {
	r := spec(name, v1alpha1.DNSRecordMX, value)
	r.Priority = &priority
	return r
}

func srv(name, value string, priority, weight, port int32) v1alpha1.DNSRecord {
	r := spec(name, v1alpha1.DNSRecordSRV, value)
	r.SRV = &v1alpha1.SRVData{Priority: priority, Weight: weight, Port: port}
	return r
}

func caa(name, value string, flags int32, tag string) v1alpha1.DNSRecord {
	r := spec(name, v1alpha1.DNSRecordCAA, value)
	r.CAA = &v1alpha1.CAAData{Flags: flags, Tag: tag}
	return r
}

func ptr(name, value string, length int32) v1alpha1.DNSRecord {
	r := spec(name, v1alpha1.DNSRecordPTR, value)
	r.PTR = &v1alpha1.PTRData{PrefixLength: length}
	return r
}

// The request and the answer of each type are those of operators-services §2.3.
func TestRecordRoundTrip(t *testing.T) {
	const digest = "49fd46e6c4b45c55d4ac69cbd3cd34ac1afe51de49fd46e6c4b45c55d4ac69cb"
	for _, c := range []struct {
		spec    v1alpha1.DNSRecord
		text    string
		request [3]string // host, value, opt
		answer  [3]string
	}{
		{spec("@", "A", "198.51.100.7"), "@ A 198.51.100.7",
			[3]string{"", "198.51.100.7", ""}, [3]string{"acme.example.", "198.51.100.7", ""}},
		{spec("WWW", "A", "198.51.100.7"), "www A 198.51.100.7",
			[3]string{"www", "198.51.100.7", ""}, [3]string{"www.acme.example.", "198.51.100.7", ""}},
		{spec("*", "AAAA", "2001:DB8:0:0::7"), "* AAAA 2001:db8::7",
			[3]string{"*", "2001:db8::7", ""}, [3]string{"*.acme.example.", "2001:0db8:0000:0000:0000:0000:0000:0007", ""}},
		{spec("docs", "CNAME", "Docs.Other.Example."), "docs CNAME docs.other.example",
			[3]string{"docs", "docs.other.example", ""}, [3]string{"docs.acme.example.", "Docs.Other.Example.", ""}},
		{mx("@", "mx1.mail.example", 10), "@ MX 10 mx1.mail.example",
			[3]string{"", "mx1.mail.example", "10"}, [3]string{"acme.example.", "mx1.mail.example.", "10"}},
		{mx("quiet", ".", 0), "quiet MX 0 .",
			[3]string{"quiet", ".", "0"}, [3]string{"quiet.acme.example.", ".", "0"}},
		{spec("lab", "NS", "ns1.lab.example"), "lab NS ns1.lab.example",
			[3]string{"lab", "ns1.lab.example", ""}, [3]string{"lab.acme.example.", "ns1.lab.example.", ""}},
		{ptr("192.0.2.7", "acme.example", 24), "192.0.2.7 PTR 24 acme.example",
			[3]string{"192.0.2.7", "acme.example", "24"}, [3]string{"192.0.2.7", "acme.example.", "24"}},
		{ptr("2001:DB8::7", "acme.example", 64), "2001:db8::7 PTR 64 acme.example",
			[3]string{"2001:db8::7", "acme.example", "64"}, [3]string{"2001:db8:0::7", "acme.example.", "64"}},
		{spec("@", "TXT", `v=spf1 mx  -all; "quoted" & <grüß>`), `@ TXT "v=spf1 mx -all; \"quoted\" & <grüß>"`,
			[3]string{"", `v=spf1 mx  -all; "quoted" & <grüß>`, ""}, [3]string{"acme.example.", `v=spf1 mx -all; "quoted" & <grüß>`, ""}},
		{srv("_sip._tcp", "voip.acme.example", 10, 60, 5060), "_sip._tcp SRV 10 60 5060 voip.acme.example",
			[3]string{"_sip._tcp", "voip.acme.example", "10 60 5060"}, [3]string{"_sip._tcp.acme.example.", "voip.acme.example.", "10 60 5060"}},
		{spec("sub", "DS", "12345 8 2 "+strings.ToUpper(digest)), `sub DS "12345 8 2 ` + digest + `"`,
			[3]string{"sub", "12345 8 2 " + digest, ""}, [3]string{"sub.acme.example.", "12345 8 2 " + digest, ""}},
		{caa("@", "letsencrypt.org", 0, "Issue"), "@ CAA 0 issue letsencrypt.org",
			[3]string{"", "letsencrypt.org", "0 issue"}, [3]string{"acme.example.", "letsencrypt.org", "0 issue"}},
		{caa("@", "mailto:a@acme.example", 128, "iodef"), "@ CAA 128 iodef mailto:a@acme.example",
			[3]string{"", "mailto:a@acme.example", "128 iodef"}, [3]string{"acme.example.", `128 iodef "mailto:a@acme.example"`, ""}}, // divided elsewhere
		{spec("bücher", "CNAME", "größe.example"), "xn--bcher-kva CNAME xn--gre-6ka8i.example",
			[3]string{"xn--bcher-kva", "xn--gre-6ka8i.example", ""}, [3]string{"bücher.acme.example.", "größe.example.", ""}},
	} {
		t.Run(c.text, func(t *testing.T) {
			w, err := wantedRecord(testZone, "spec.records[0]", c.spec)
			if err != nil {
				t.Fatal(err)
			}
			if w.String() != c.text {
				t.Errorf("wanted is %q, want %q", w, c.text)
			}
			sent := w.request(dns.Owner{SiteID: new(int64(41))}, w.text)
			opt := ""
			if sent.Opt != nil {
				opt = *sent.Opt
			}
			if got := [3]string{sent.Host, sent.Value, opt}; got != c.request || *sent.SiteID != 41 || sent.Type != string(c.spec.Type) {
				t.Errorf("request is %q of type %s, want %q", got, sent.Type, c.request)
			}
			found := foundRecord(testZone, dns.Record{Type: sent.Type, Host: c.answer[0], Value: c.answer[1], Opt: &c.answer[2]})
			if found != w.dnsRecord {
				t.Errorf("found is %q, want %q", found, w)
			}
		})
	}
}

func TestRecordsOutsideTheZoneEqualNoneInside(t *testing.T) {
	inside := foundRecord(testZone, dns.Record{Type: "A", Host: "www.other.example.acme.example.", Value: "198.51.100.7"})
	outside := foundRecord(testZone, dns.Record{Type: "A", Host: "www.other.example.", Value: "198.51.100.7"})
	if inside == outside || inside.String() == outside.String() {
		t.Errorf("%q and %q are different records", inside, outside)
	}
}

func TestRefusedRecords(t *testing.T) {
	long := strings.Repeat("a", 64)
	deep := strings.TrimSuffix(strings.Repeat("abcdefgh.", 27), ".") // 242 characters, 255 with the zone
	for name, c := range map[string]struct {
		field   string
		records []v1alpha1.DNSRecord
	}{
		"cname at apex":       {"spec.records[0].name", []v1alpha1.DNSRecord{spec("@", "CNAME", "a.example")}},
		"long label":          {"spec.records[0].name", []v1alpha1.DNSRecord{spec(long, "A", "198.51.100.7")}},
		"long name":           {"spec.records[0].name", []v1alpha1.DNSRecord{spec(deep, "A", "198.51.100.7")}},
		"empty label":         {"spec.records[0].name", []v1alpha1.DNSRecord{spec("a..b", "A", "198.51.100.7")}},
		"star inside":         {"spec.records[0].name", []v1alpha1.DNSRecord{spec("a.*", "A", "198.51.100.7")}},
		"strange character":   {"spec.records[0].name", []v1alpha1.DNSRecord{spec("a/b", "A", "198.51.100.7")}},
		"the zone in full":    {"spec.records[0].name", []v1alpha1.DNSRecord{spec("acme.example", "A", "198.51.100.7")}},
		"a name in full":      {"spec.records[0].name", []v1alpha1.DNSRecord{spec("www.ACME.example", "A", "198.51.100.7")}},
		"ptr of a name":       {"spec.records[0].name", []v1alpha1.DNSRecord{ptr("www", "acme.example", 24)}},
		"ptr of a zone":       {"spec.records[0].name", []v1alpha1.DNSRecord{ptr("fe80::1%eth0", "acme.example", 64)}},
		"AAAA with a zone":    {"spec.records[0].value", []v1alpha1.DNSRecord{spec("a", "AAAA", "fe80::1%eth0")}},
		"A with IPv6":         {"spec.records[0].value", []v1alpha1.DNSRecord{spec("a", "A", "2001:db8::7")}},
		"AAAA with IPv4":      {"spec.records[0].value", []v1alpha1.DNSRecord{spec("a", "AAAA", "198.51.100.7")}},
		"MX to an address":    {"spec.records[0].value", []v1alpha1.DNSRecord{mx("@", "198.51.100.7", 10)}},
		"relative target":     {"spec.records[0].value", []v1alpha1.DNSRecord{spec("www", "CNAME", "web")}},
		"cname to the root":   {"spec.records[0].value", []v1alpha1.DNSRecord{spec("www", "CNAME", ".")}},
		"long target label":   {"spec.records[0].value", []v1alpha1.DNSRecord{spec("www", "CNAME", long+".example")}},
		"text in quotes":      {"spec.records[0].value", []v1alpha1.DNSRecord{spec("@", "TXT", `"v=spf1 -all"`)}},
		"blank text":          {"spec.records[0].value", []v1alpha1.DNSRecord{spec("@", "TXT", "  ")}},
		"text with a newline": {"spec.records[0].value", []v1alpha1.DNSRecord{spec("@", "TXT", "a\nb")}},
		"no character of XML": {"spec.records[0].value", []v1alpha1.DNSRecord{spec("@", "TXT", "a\uFFFE")}},
		"digest of letters":   {"spec.records[0].value", []v1alpha1.DNSRecord{spec("a", "DS", "1 8 2 xyz")}},
		"half a digest":       {"spec.records[0].value", []v1alpha1.DNSRecord{spec("a", "DS", "1 8 abcd")}},
		"no priority":         {"spec.records[0].priority", []v1alpha1.DNSRecord{spec("@", "MX", "mx1.mail.example")}},
		"a prefix too long":   {"spec.records[0].ptr.prefixLength", []v1alpha1.DNSRecord{ptr("192.0.2.7", "acme.example", 64)}},
		"no srv":              {"spec.records[0].srv", []v1alpha1.DNSRecord{spec("_a._tcp", "SRV", "a.example")}},
		"duplicate": {"spec.records[2]", []v1alpha1.DNSRecord{
			mx("@", "mx1.mail.example", 10), mx("@", "mx1.mail.example", 20), mx("@", "MX1.mail.example.", 10)}},
		"texts that differ in blanks": {"spec.records[1]", []v1alpha1.DNSRecord{spec("@", "TXT", "a b"), spec("@", "TXT", "a  b")}},
		"company after a cname":       {"spec.records[1]", []v1alpha1.DNSRecord{spec("www", "CNAME", "a.example"), spec("WWW", "TXT", "x")}},
		"company before a cname":      {"spec.records[1]", []v1alpha1.DNSRecord{spec("www", "A", "198.51.100.7"), spec("www", "CNAME", "a.example")}},
		"two cnames":                  {"spec.records[1]", []v1alpha1.DNSRecord{spec("www", "CNAME", "a.example"), spec("www", "CNAME", "b.example")}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := wantedRecords(testZone, c.records)
			invalid, ok := errors.AsType[*engine.InvalidError](err)
			if !ok || invalid.Field != c.field {
				t.Errorf("error is %v, want one about %s", err, c.field)
			}
		})
	}
}

func TestAcceptedRecords(t *testing.T) {
	records := []v1alpha1.DNSRecord{
		spec("*.dev", "A", "198.51.100.7"), spec("a--b", "A", "198.51.100.7"), spec("_dmarc", "TXT", "v=DMARC1; p=none"),
		spec("k1._domainkey", "CNAME", "k1._domainkey.mail.example"), spec("@", "TXT", `""`), spec("@", "TXT", `say "hi"`),
		caa("@", "ca.example", 0, "issue"), caa("@", "ca.example", 0, "issuewild"), caa("@", ";", 0, "issuewild"),
		srv("_xmpp._tcp", ".", 0, 0, 0), srv("_sip._tcp", "a.example", 10, 60, 5060), srv("_sip._tcp", "a.example", 10, 60, 5061),
	}
	got, err := wantedRecords(testZone, records)
	if err != nil || len(got) != len(records) {
		t.Errorf("%d records, error %v", len(got), err)
	}
}

// What is written as in a zone file is refused with what to write instead.
func TestZoneFileWriting(t *testing.T) {
	long := strings.Repeat("k", 255)
	for name, c := range map[string]struct {
		record v1alpha1.DNSRecord
		advice string
	}{
		"text in quotes":              {spec("@", "TXT", `"v=spf1 -all"`), `in one piece: v=spf1 -all`},
		"text in two strings":         {spec("@", "TXT", `"v=DKIM1; p=abc" "def"`), `in one piece: v=DKIM1; p=abcdef`},
		"text in three strings":       {spec("@", "TXT", `"a" "b"  "c"`), `in one piece: abc`},
		"strings without the outer":   {spec("@", "TXT", `v=DKIM1; p=abc" "def`), `in one piece: v=DKIM1; p=abcdef`},
		"strings of the usual length": {spec("@", "TXT", `"`+long+`" "`+long+`"`), "kkk…"},
		"an escaped semicolon":        {spec("@", "TXT", `v=DKIM1\; p=abc`), `in one piece: v=DKIM1; p=abc`},
		"an escaped quote":            {spec("@", "TXT", `say \"hi\"`), `in one piece: say "hi"`},
		"a whole CAA":                 {caa("@", `0 issue "ca.example"`, 0, "issue"), `write value: "ca.example", caa: {flags: 0, tag: issue}`},
		"a whole CAA of other flags":  {caa("@", `128 issuewild ca.example`, 0, "issue"), `write value: "ca.example", caa: {flags: 128, tag: issuewild}`},
		"a CAA with its tag":          {caa("@", `issue "ca.example; account=7"`, 0, "issue"), `write value: "ca.example; account=7", caa: {flags: 0, tag: issue}`},
		"a CAA that permits nobody":   {caa("@", `0 issue ";"`, 0, "issue"), `write value: ";", caa: {flags: 0, tag: issue}`},
		"an empty CAA":                {caa("@", " ", 0, "issue"), "empty"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := wantedRecords(testZone, []v1alpha1.DNSRecord{spec("a", "A", "198.51.100.7"), c.record})
			invalid, ok := errors.AsType[*engine.InvalidError](err)
			if !ok || invalid.Field != "spec.records[1].value" || !strings.Contains(invalid.Message, c.advice) {
				t.Errorf("error is %v, want one about spec.records[1].value that says %s", err, c.advice)
			}
		})
	}
}

// What only looks like it is a text like any other.
func TestTextsThatAreNoZoneFiles(t *testing.T) {
	for _, r := range []v1alpha1.DNSRecord{
		spec("@", "TXT", `""`), spec("@", "TXT", `say "hi" and "bye"`), spec("@", "TXT", `{"a": "", "b": ["c", "d"]}`), spec("@", "TXT", `back\slash; C:\new`),
		spec("@", "TXT", `x=" " y`), spec("@", "TXT", `"`), spec("@", "TXT", `a \\ b`),
		caa("@", `"ca.example"`, 0, "issue"), caa("@", "ca.example; validationmethods=dns-01", 0, "issue"), caa("@", ";", 0, "issue"),
		caa("@", "mailto:security@acme.example", 128, "iodef"), caa("@", "issue.example", 0, "issue"), caa("@", "0", 0, "issue"), caa("@", "issue", 0, "issue"),
	} {
		if _, err := wantedRecords(testZone, []v1alpha1.DNSRecord{r}); err != nil {
			t.Errorf("%s %q: %v", r.Type, r.Value, err)
		}
	}
}

// Whatever the server shows, its common form is settled: reading it again changes nothing.
func FuzzCanonicalData(f *testing.F) {
	for _, kind := range listable {
		for _, seed := range [][2]string{
			{"", "198.51.100.7"}, {"", "2001:DB8::0007"}, {"010", "MX1.Mail.example.."}, {" 1  02 3", "."}, {"", "bÜcher。example"},
			{"0 issue", `"ca.example"`}, {"", `00 Issue ""ca""`}, {"", `1 issue "  "`}, {"", "1 08 2 AB cd"}, {"x", "a\t b "}, {"", "A..B"}, {"", ""},
		} {
			f.Add(kind, seed[0], seed[1])
		}
	}
	f.Fuzz(func(t *testing.T, kind, opt, value string) {
		opt1, value1 := canonicalData(kind, opt, value)
		if opt2, value2 := canonicalData(kind, opt1, value1); opt1 != opt2 || value1 != value2 {
			t.Errorf("%s %q %q becomes %q %q, then %q %q", kind, opt, value, opt1, value1, opt2, value2)
		}
	})
}

// The status knows records by their text, so no two may share one.
func FuzzRecordText(f *testing.F) {
	f.Add("www.acme.example.", "MX", "10", "a.example", "acme.example.", "MX", "10 a.example", "")
	f.Add("a b", "TXT", "x", "y z", "a", "TXT", "b x", "y z")
	f.Add(`a`, "CAA", `0 "x"`, "y", `a`, "CAA", "0", `"x" y`)
	f.Add("a", "DS", "", "1 2 3", "a", "DS", "1", "2 3")
	f.Add("a", "A", "\u00a0", "x", "a", "A", "", "\u00a0 x")
	f.Fuzz(func(t *testing.T, host1, kind1, opt1, value1, host2, kind2, opt2, value2 string) {
		a := foundRecord(testZone, dns.Record{Type: kind1, Host: host1, Value: value1, Opt: &opt1})
		b := foundRecord(testZone, dns.Record{Type: kind2, Host: host2, Value: value2, Opt: &opt2})
		if (a == b) != (a.String() == b.String()) {
			t.Errorf("%#v is %q, %#v is %q", a, a, b, b)
		}
	})
}
