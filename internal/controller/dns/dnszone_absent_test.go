// Records that must not be in a zone: the template's and anybody's, removed for good, and so that what is listed can take their place.

package dns

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func absent(name string, kind v1alpha1.DNSRecordType) v1alpha1.AbsentDNSRecord {
	return v1alpha1.AbsentDNSRecord{Name: name, Type: kind}
}

func absentValued(name string, kind v1alpha1.DNSRecordType, value string) v1alpha1.AbsentDNSRecord {
	return v1alpha1.AbsentDNSRecord{Name: name, Type: kind, Value: &value}
}

const templateSPF = "v=spf1 +a +mx +a:plesk.example.net -all"

// What the template puts into a zone, and what people want in its place.
func TestZoneReplacesTheTemplates(t *testing.T) {
	const (
		theirMX, theirSPF, theirWWW = "acme.example. MX mail.acme.example. 10", "acme.example. TXT " + templateSPF, "www.acme.example. CNAME acme.example."
	)
	for name, c := range map[string]struct {
		records []v1alpha1.DNSRecord
		absent  []v1alpha1.AbsentDNSRecord
		written []string // by packets
		gone    string
		come    []string
	}{
		"one SPF record, named by its text": {
			[]v1alpha1.DNSRecord{spec("@", "TXT", "v=spf1 mx -all")}, []v1alpha1.AbsentDNSRecord{absentValued("@", "TXT", templateSPF)},
			[]string{"add", "del"}, theirSPF, []string{"acme.example. TXT v=spf1 mx -all"},
		},
		"one SPF record, the only text": {
			[]v1alpha1.DNSRecord{spec("@", "TXT", "v=spf1 mx -all")}, []v1alpha1.AbsentDNSRecord{absent("@", "TXT")},
			[]string{"add", "del"}, theirSPF, []string{"acme.example. TXT v=spf1 mx -all"},
		},
		"one MX of a priority": {
			[]v1alpha1.DNSRecord{mx("@", "mx1.mail.example", 10)}, []v1alpha1.AbsentDNSRecord{absentValued("@", "MX", "Mail.acme.example.")},
			[]string{"add", "del"}, theirMX, []string{"acme.example. MX mx1.mail.example. 10"},
		},
		"the same MX of another priority": {
			[]v1alpha1.DNSRecord{mx("@", "mail.acme.example", 20)}, []v1alpha1.AbsentDNSRecord{absent("@", "MX")},
			[]string{"add", "del"}, theirMX, []string{"acme.example. MX mail.acme.example. 20"},
		},
		"an address in place of a CNAME": {
			[]v1alpha1.DNSRecord{spec("www", "A", "198.51.100.9"), spec("www", "AAAA", "2001:db8::9")}, []v1alpha1.AbsentDNSRecord{absent("www", "CNAME")},
			[]string{"del add add"}, theirWWW, []string{"www.acme.example. A 198.51.100.9", "www.acme.example. AAAA 2001:db8::9"},
		},
		"another CNAME": {
			[]v1alpha1.DNSRecord{spec("www", "CNAME", "cdn.example")}, []v1alpha1.AbsentDNSRecord{absent("www", "CNAME")},
			[]string{"del add"}, theirWWW, []string{"www.acme.example. CNAME cdn.example."},
		},
		"nothing": {nil, []v1alpha1.AbsentDNSRecord{absent("www", "CNAME"), absent("nothing-there", "A")}, []string{"del"}, theirWWW, nil},
	} {
		t.Run(name, func(t *testing.T) {
			z := newZoneTest(t, "acme.example")
			before := z.content()
			z.o.Spec.Records, z.o.Spec.Absent = c.records, c.absent
			z.pass()
			z.Expect(z.written()).To(Equal(c.written))
			expected := append([]string{}, c.come...)
			for _, line := range before {
				if line != c.gone {
					expected = append(expected, line)
				}
			}
			z.Expect(expected).To(HaveLen(len(before)-1+len(c.come)), "the template has the record")
			z.Expect(z.content()).To(ConsistOf(expected))
			z.silent()
			z.Expect(z.o.Status.Records).To(HaveLen(len(c.records)), "what is listed is ours, what is gone is nobody's")
		})
	}
}

func TestZoneAbsentComesBackAndGoesAgain(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.Absent = []v1alpha1.AbsentDNSRecord{absent("www", "CNAME")}
	z.Expect(z.pass()).To(Equal([]string{"absent: www CNAME acme.example -> "}))
	z.add("CNAME", "www", "acme.example", "")
	z.Expect(z.pass()).To(Equal([]string{"absent: www CNAME acme.example -> "}))
	z.silent()
	z.add("CNAME", "www", "acme.example", "")
	z.o.Spec.Absent = nil
	z.silent()
	z.Expect(z.content()).To(ContainElement("www.acme.example. CNAME acme.example."), "no longer named, no longer removed")
}

// Only what is named goes, and under the exclusive policy nothing stays for being named.
func TestZoneAbsentNamesNoMore(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.add("TXT", "t", "one", "")
	z.add("TXT", "t", "two", "")
	z.add("TXT", "t", `"quoted" "by hand"`, "")
	z.add("A", "t", "198.51.100.9", "")
	z.add("SRV", "_sip._tcp", "voip.acme.example", "10 60 5060")
	z.add("CAA", "", `ca.example`, "0 issue")
	before := z.content()
	z.o.Spec.Absent = []v1alpha1.AbsentDNSRecord{
		absentValued("t", "TXT", "two"), absentValued("t", "TXT", `"quoted" "by hand"`), absentValued("T", "A", "198.51.100.10"),
		absentValued("_sip._tcp", "SRV", "voip.acme.example"), absentValued("@", "CAA", `"ca.example"`),
	}
	z.pass()
	z.Expect(before).To(ConsistOf(append(z.content(), "t.acme.example. TXT two", `t.acme.example. TXT "quoted" "by hand"`,
		"_sip._tcp.acme.example. SRV voip.acme.example. 10 60 5060", "acme.example. CAA ca.example 0 issue")))
	z.silent()

	z.o.Spec.RecordPolicy = v1alpha1.RecordPolicyExclusive
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("t", "TXT", "one")}
	z.pass()
	z.Expect(z.content()).To(ConsistOf("t.acme.example. TXT one", "acme.example. MX mail.acme.example. 10", "acme.example. NS plesk.example.net."))
	z.silent()
}

// The last MX and the last NS stay, as the server would have it.
func TestZoneAbsentLeavesTheLast(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.Absent = []v1alpha1.AbsentDNSRecord{absent("@", "MX"), absent("@", "NS")}
	z.silent()
	z.o.Spec.Records = []v1alpha1.DNSRecord{mx("@", "mx1.mail.example", 10), spec("@", "NS", "ns1.dns.example")}
	z.pass()
	z.Expect(z.content()).To(ContainElements("acme.example. MX mx1.mail.example. 10", "acme.example. NS ns1.dns.example."))
	z.Expect(z.content()).NotTo(ContainElement(HaveSuffix("plesk.example.net.")))
	z.silent()
}

// A refused record leaves what it was to replace.
func TestZoneAbsentStaysWhereItsPlaceIsNotTaken(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	before := z.content()
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("www", "A", "198.51.100.9")}
	z.o.Spec.Absent = []v1alpha1.AbsentDNSRecord{absent("www", "CNAME")}
	z.srv.Inject(plesksim.Fault{Operator: "dns", Operation: "add_rec", Code: xmlapi.CodeInvalidValue, Times: 1})
	_, err := z.try()
	z.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Invalid))
	z.Expect(z.content()).To(ConsistOf(before))
}

// What was ours and made place for nothing is still ours under the id with which it came back.
func TestZoneAbsentOfOursComesBackAsOurs(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("docs", "CNAME", "a.example")}
	z.pass()
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("docs", "A", "198.51.100.9")}
	z.o.Spec.Absent = []v1alpha1.AbsentDNSRecord{absent("docs", "CNAME")}
	z.srv.Inject(plesksim.Fault{Operator: "dns", Operation: "add_rec", Code: xmlapi.CodeInvalidValue, Times: 1})
	_, err := z.try()
	z.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Invalid))
	z.Expect(z.content()).To(ContainElement("docs.acme.example. CNAME a.example."))
	z.o.Spec.Records, z.o.Spec.Absent = nil, nil
	z.Expect(z.pass()).To(Equal([]string{"records: docs CNAME a.example -> "}))
}

func TestZoneAbsentIsBlamed(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.Absent = []v1alpha1.AbsentDNSRecord{absent("www", "CNAME")}
	z.srv.Inject(plesksim.Fault{Operator: "dns", Operation: "del_rec", Code: xmlapi.CodePermissionDenied, Times: 1})
	_, err := z.try()
	z.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Forbidden))
	z.Expect(err).To(MatchError(HaveSuffix("(www CNAME acme.example) (spec.absent)")))
}

// What was ours and must not be there any more is forgotten; the end of the resource brings nothing back and takes nothing else.
func TestZoneAbsentAndCleanUp(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("shop", "A", "198.51.100.8"), spec("blog", "A", "198.51.100.8")}
	z.pass()
	z.o.Spec.Records = z.o.Spec.Records[:1]
	z.o.Spec.Absent = []v1alpha1.AbsentDNSRecord{absent("blog", "A"), absent("www", "CNAME")}
	z.pass()
	z.silent()
	z.Expect(z.o.Status.Records).To(HaveLen(1))
	content := z.content()
	z.Expect(Zone{}.CleanUp(z.ctx, z.d, z.o, z.find())).To(Succeed())
	z.Expect(content).To(ConsistOf(append(z.content(), "shop.acme.example. A 198.51.100.8")))
}

func TestAbsentRecordsThatCannotBe(t *testing.T) {
	records := []v1alpha1.DNSRecord{spec("www", "A", "198.51.100.7"), mx("@", "mx1.mail.example", 10), spec("@", "TXT", "a  b")}
	for name, c := range map[string]struct {
		absent       v1alpha1.AbsentDNSRecord
		field, about string
	}{
		"a listed record":                {absentValued("WWW", "A", "198.51.100.7"), "spec.absent[1]", "www A 198.51.100.7, which is to be there (spec.records[0])"},
		"one listed with a priority":     {absentValued("@", "MX", "mx1.mail.example."), "spec.absent[1]", "spec.records[1]"},
		"one listed in other blanks":     {absentValued("@", "TXT", "a b"), "spec.absent[1]", "spec.records[2]"},
		"no address":                     {absentValued("www", "A", "acme.example"), "spec.absent[1].value", "leave it out"},
		"an address of the other family": {absentValued("www", "AAAA", "198.51.100.7"), "spec.absent[1].value", "leave it out"},
		"an address with a zone":         {absentValued("www", "AAAA", "fe80::1%eth0"), "spec.absent[1].value", "leave it out"},
		"blanks":                         {absentValued("www", "TXT", "  "), "spec.absent[1].value", "leave it out"},
		"the zone in the name":           {absent("www.acme.example", "A"), "spec.absent[1].name", "relative to the zone"},
		"a PTR that is no address":       {absent("www", "PTR"), "spec.absent[1].name", "not an IP address"},
		"a PTR with a zone":              {absent("fe80::1%eth0", "PTR"), "spec.absent[1].name", "not an IP address"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := wantedZone("acme.example", &v1alpha1.PleskDNSZoneSpec{
				Records: records, Absent: []v1alpha1.AbsentDNSRecord{absent("@", "TXT"), c.absent},
			})
			invalid := &engine.InvalidError{}
			g.Expect(err).To(BeAssignableToTypeOf(invalid))
			g.Expect(err).To(HaveField("Field", c.field))
			g.Expect(err).To(MatchError(ContainSubstring(c.about)))
		})
	}
}
