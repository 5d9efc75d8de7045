// The template of zones against the simulated server.

package dns

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// templateTest is one PleskDNSTemplate, the server it is on, and a client to that server.
type templateTest struct {
	*GomegaWithT
	t   *testing.T
	srv *plesksim.Server
	d   xmlapi.Doer
	o   *v1alpha1.PleskDNSTemplate
}

func newTemplateTest(t *testing.T) *templateTest {
	srv, c := controllertest.Simulated(t)
	return &templateTest{GomegaWithT: NewWithT(t), t: t, srv: srv, d: c, o: &v1alpha1.PleskDNSTemplate{}}
}

func (x *templateTest) spec(manifest string) {
	x.t.Helper()
	x.o.Spec = v1alpha1.PleskDNSTemplateSpec{}
	controllertest.Parse(x.t, x.o, "spec: {serverRef: {name: web-01}, "+manifest+"}")
}

// theServer is what the engine knows the template by.
var theServer = engine.Identity{ID: "g-1", GUID: "g-1"}

func (x *templateTest) find() *engine.Found[zoneValue] {
	found, err := Template{}.Find(x.t.Context(), x.d, engine.Handle{Identity: theServer})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(found.Identity).To(Equal(theServer))
	return found
}

// try is one pass, in the order in which the engine works. It returns what the pass found to write.
func (x *templateTest) try() ([]string, error) {
	_, want, err := Template{}.Desired(x.o, engine.Inputs{})
	if err != nil {
		return nil, err
	}
	found := x.find()
	Template{}.Observe(x.o, found)
	Template{}.Confirm(x.o, found.Value)
	have := Template{}.Restrict(x.o, want, found.Value)
	changes := engine.Diff(want, have)
	var out []string
	for _, c := range changes {
		out = append(out, fmt.Sprintf("%s: %s -> %s", c.Field, c.From, c.To))
	}
	if out == nil {
		return nil, nil
	}
	Template{}.Record(x.o, changes)
	u := engine.Update[zoneValue]{Identity: found.Identity, Changes: changes, Patch: engine.Only(want, changes), Want: want, Have: have}
	if err := (Template{}).Update(x.t.Context(), x.d, u); err != nil {
		return out, err
	}
	Template{}.Confirm(x.o, x.find().Value)
	return out, nil
}

func (x *templateTest) pass() []string {
	x.t.Helper()
	out, err := x.try()
	x.Expect(err).NotTo(HaveOccurred())
	return out
}

// settled is a pass, and another one that has nothing to write.
func (x *templateTest) settled() []string {
	x.t.Helper()
	out := x.pass()
	x.Expect(x.pass()).To(BeEmpty())
	return out
}

func linesOf(records []dns.GetRecResult) []string {
	var out []string
	for _, r := range records {
		out = append(out, strings.TrimSpace(strings.Join([]string{r.Data.Host, r.Data.Type, r.Data.Value, *r.Data.Opt}, " ")))
	}
	return out
}

// content is the template as the server tells it, a line per record.
func (x *templateTest) content() []string {
	records, err := dns.GetRec.All(x.t.Context(), x.srv, dns.GetRecRequest{Filter: xmlapi.All(), Template: &xmlapi.Empty{}})
	x.Expect(err).NotTo(HaveOccurred())
	return linesOf(records)
}

// newZone is the zone of a site that is made now, a line per record.
func (x *templateTest) newZone(domain string) []string {
	w, err := webspace.Add.One(x.t.Context(), x.srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: domain, IPAddresses: []string{"198.51.100.7"}}})
	x.Expect(err).NotTo(HaveOccurred())
	records, err := dns.GetRec.All(x.t.Context(), x.srv, dns.GetRecRequest{Filter: dns.BySite(w.ID).Query()})
	x.Expect(err).NotTo(HaveOccurred())
	return linesOf(records)
}

func TestTemplateAdditive(t *testing.T) {
	x := newTemplateTest(t)
	before, old := x.content(), x.newZone("old.example")
	x.spec(`soa: {ttl: 1h}, absent: [{name: "@", type: TXT}, {name: mail, type: A, value: <ip.mail>}],
		records: [{name: "@", type: TXT, value: "v=spf1 a:<hostname> -all"}, {name: Shop, type: A, value: <ip>}, {name: shop, type: AAAA, value: <ipv6.web>}, {name: docs, type: CNAME, value: Docs.<domain>.},
		{name: "@", type: MX, value: mx.mail.example, priority: 20}, {name: <ipv6>, type: PTR, value: <domain>, ptr: {prefixLength: 64}}, {name: mail, type: A, value: 198.51.100.9}]`)
	x.Expect(x.settled()).To(HaveLen(10))
	x.Expect(x.content()).To(ConsistOf(append(without(before, "<domain>. TXT v=spf1 +a +mx +a:<hostname> -all", "mail.<domain>. A <ip.mail>"),
		"<domain>. TXT v=spf1 a:<hostname> -all", "shop.<domain>. A <ip>", "shop.<domain>. AAAA <ipv6.web>", "docs.<domain>. CNAME docs.<domain>.",
		"<domain>. MX mx.mail.example. 20", "<ipv6> PTR <domain>. 64", "mail.<domain>. A 198.51.100.9")))
	x.Expect(x.o.Status.Records).To(HaveLen(7))
	x.Expect(x.o.Status.Records).To(HaveEach(HaveField("ID", Not(BeEmpty()))))
	x.Expect(x.newZone("new.example")).To(ContainElements("shop.new.example. A 198.51.100.7", "docs.new.example. CNAME docs.new.example.", "new.example. TXT v=spf1 a:plesk.example.net -all"))
	x.Expect(x.find().Value.SOA.TTL).To(HaveValue(Equal(time.Hour)))

	x.spec(`records: [{name: shop, type: A, value: <ip>}]`)
	x.Expect(x.settled()).To(HaveLen(6))
	x.Expect(Template{}.CleanUp(t.Context(), x.d, x.o, x.find())).To(Succeed())
	x.Expect(x.content()).To(ConsistOf(without(before, "<domain>. TXT v=spf1 +a +mx +a:<hostname> -all", "mail.<domain>. A <ip.mail>")), "what was to go does not come back")
	zone, err := dns.GetRec.All(t.Context(), x.srv, dns.GetRecRequest{Filter: dns.ByZoneName("old.example").Query()})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(linesOf(zone)).To(Equal(old), "a zone that is there stays as it is")
}

func without(lines []string, gone ...string) []string {
	var out []string
	for _, l := range lines {
		if !strings.Contains("\n"+strings.Join(gone, "\n")+"\n", "\n"+l+"\n") {
			out = append(out, l)
		}
	}
	return out
}

// The last MX and the last NS stay: zones need them.
func TestTemplateExclusive(t *testing.T) {
	x := newTemplateTest(t)
	x.spec(`recordPolicy: Exclusive, enabled: false, records: [{name: "@", type: A, value: <ip>}, {name: www, type: A, value: <ip>}]`)
	x.settled()
	x.Expect(x.content()).To(ConsistOf("<domain>. A <ip>", "www.<domain>. A <ip>", "<domain>. NS <hostname>.", "<domain>. MX mail.<domain>. 10"))
	x.Expect(x.o.Status.Observed.Enabled).To(BeFalse())
	x.spec(`recordPolicy: Exclusive, enabled: true, records: [{name: "@", type: NS, value: ns1.<domain>}, {name: "@", type: MX, value: "."  , priority: 0}]`)
	x.settled()
	x.Expect(x.content()).To(ConsistOf("<domain>. NS ns1.<domain>.", "<domain>. MX . 0"))
}

// A record of a zone with the id of one of the template's is another one.
func TestTemplateTouchesNoZone(t *testing.T) {
	x := newTemplateTest(t)
	zone := x.newZone("acme.example")
	x.spec(`recordPolicy: Exclusive, records: [{name: "@", type: NS, value: <hostname>}]`)
	x.settled()
	records, err := dns.GetRec.All(t.Context(), x.srv, dns.GetRecRequest{Filter: dns.ByZoneName("acme.example").Query()})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(linesOf(records)).To(Equal(zone))
}

func TestTemplateRecordsThatCannotBe(t *testing.T) {
	for spec, want := range map[string]string{
		`records: [{name: www.<domain>, type: A, value: <ip>}]`:                                         "spec.records[0].name: names are relative to the zone",
		`records: [{name: www, type: A, value: <ipv6>}]`:                                                "spec.records[0].value: not an address of the type's family",
		`records: [{name: www, type: AAAA, value: <ip.web>}]`:                                           "spec.records[0].value: not an address of the type's family",
		`records: [{name: www, type: A, value: <ip.none>}]`:                                             "spec.records[0].value",
		`records: [{name: www, type: CNAME, value: <other>}]`:                                           "spec.records[0].value",
		`records: [{name: <hostnam>, type: A, value: <ip>}]`:                                            "spec.records[0].name",
		`records: [{name: www, type: CNAME, value: <ip>}]`:                                              "spec.records[0].value: an address where a host name is needed",
		`records: [{name: <ip>, type: PTR, value: <domain>, ptr: {prefixLength: 64}}]`:                  "spec.records[0].ptr.prefixLength: more than the 32 bits",
		`records: [{name: a, type: CNAME, value: <domain>}, {name: A, type: CNAME, value: "<DOMAIN>"}]`: "spec.records[1].value",
		`records: [{name: a, type: A, value: <ip>}, {name: A, type: A, value: <ip>}]`:                   "spec.records[1]: the same record as spec.records[0]",
		`records: [{name: a, type: A, value: <ip>}], absent: [{name: a, type: A, value: <ip>}]`:         "spec.absent[0]: names a A <ip>, which is to be there",
		`absent: [{name: a, type: AAAA, value: <ip>}]`:                                                  "spec.absent[0].value",
		`soa: {ttl: 600000h}`: "spec.soa.ttl",
	} {
		x := newTemplateTest(t)
		x.spec(spec)
		_, err := x.try()
		x.Expect(err).To(MatchError(ContainSubstring(want)), spec)
	}
}

// A server that shows hosts without the placeholder of the domain means the same.
func TestHostsOfTheTemplate(t *testing.T) {
	for host, want := range map[string]string{
		"<domain>.": "@", "www.<domain>.": "www", "WWW.<domain>": "www", "www.": "www", "www": "www", "*.<subdomain>.<domain>.": "*.<subdomain>",
	} {
		if got := foundRecord(templateZone, dns.Record{Type: recordA, Host: host, Value: "<ip>"}).Name; got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
	if got := foundRecord(templateZone, dns.Record{Type: recordPTR, Host: "<ip>", Value: "<domain>."}); got.Name != "<ip>" || got.Value != "<domain>" {
		t.Errorf("%+v", got)
	}
}

// Answers that lack something are no template.
func TestDoubtfulTemplates(t *testing.T) {
	const (
		soa    = `<soa><ttl>1</ttl><refresh>1</refresh><retry>1</retry><expire>1</expire><minimum>1</minimum></soa>`
		status = `<zone_status>enabled</zone_status>`
		record = `<result><status>ok</status><id>9</id><data><type>NS</type><host>&lt;domain&gt;.</host><value>ns.example.</value><opt/></data></result>`
	)
	find := func(state, records string) (*engine.Found[zoneValue], error) {
		return Template{}.Find(t.Context(), controllertest.Recorded(`<packet><dns><get><result><status>ok</status>`+state+`</result></get></dns><dns><get_rec>`+records+`</get_rec></dns></packet>`),
			engine.Handle{Identity: theServer})
	}
	g := NewWithT(t)
	found, err := find(soa+status, record)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(found.Value.Records).To(HaveLen(1))
	for name, doubt := range map[string][2]string{
		"no times":              {status, record},
		"no status":             {soa, record},
		"a record without data": {soa + status, `<result><status>ok</status><id>8</id></result>`},
		"a refusal":             {soa + status, record + `<result><status>error</status><errcode>1023</errcode></result>`},
	} {
		_, err := find(doubt[0], doubt[1])
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), name)
	}
}

func TestTemplateRefusals(t *testing.T) {
	for op, field := range map[string]string{dns.AddRec.Name(): "spec.records", dns.DelRec.Name(): "spec.records", dns.Set.Name(): "spec.soa", dns.Enable.Name(): "spec.enabled", dns.Get.Name(): ""} {
		if got := engine.FieldOf(Template{}, &xmlapi.Error{Operator: "dns", Operation: op}); got != field {
			t.Errorf("%s: %q, want %q", op, got, field)
		}
	}
}
