// DNS zones against the simulated server, over HTTPS: what a pass writes, in which order, and what it leaves alone.

package dns

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

func TestZoneAdditive(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	before := z.content()
	z.Expect(before).To(ContainElement("acme.example. MX mail.acme.example. 10"))
	z.o.Spec.Records = []v1alpha1.DNSRecord{
		mx("@", "mail.acme.example", 10), // the template's
		mx("@", "mx1.mail.example", 5), spec("shop", "A", "198.51.100.8"), spec("shop", "AAAA", "2001:DB8::8"),
		spec("docs", "CNAME", "docs.other.example"), srv("_sip._tcp", "voip.acme.example", 10, 60, 5060),
		caa("@", "ca.example", 0, "issue"), caa("@", "ca.example", 0, "issuewild"), spec("lab", "NS", "ns1.lab.example."),
		ptr("198.51.100.8", "shop.acme.example", 24),
	}

	z.Expect(z.pass()).To(HaveLen(9))
	z.Expect(z.written()).To(Equal([]string{"add add add add add add add add add"}))
	z.Expect(z.content()).To(ConsistOf(append(before,
		"acme.example. MX mx1.mail.example. 5", "shop.acme.example. A 198.51.100.8", "shop.acme.example. AAAA 2001:db8::8",
		"docs.acme.example. CNAME docs.other.example.", "_sip._tcp.acme.example. SRV voip.acme.example. 10 60 5060",
		"acme.example. CAA ca.example 0 issue", "acme.example. CAA ca.example 0 issuewild",
		"lab.acme.example. NS ns1.lab.example.", "198.51.100.8 PTR shop.acme.example. 24",
	)))
	z.silent()
	z.Expect(z.owned()).To(HaveLen(9))
	z.Expect(z.owned()).NotTo(ContainElement("@ MX 10 mail.acme.example"))
	z.Expect(z.o.Status.Records).To(HaveEach(HaveField("ID", Not(BeEmpty()))), "what is there is known by its id")

	z.add("TXT", "by-hand", "theirs", "")
	z.remove("shop.acme.example. A 198.51.100.8")
	z.Expect(z.pass()).To(Equal([]string{"records:  -> shop A 198.51.100.8"}))
	z.silent()

	z.o.Spec.Records = nil
	z.Expect(z.pass()).To(HaveLen(9))
	z.Expect(z.content()).To(ConsistOf(append(before, "by-hand.acme.example. TXT theirs")))
	z.silent()
	z.Expect(z.o.Status.Records).To(BeEmpty())
}

func TestZoneExclusive(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.RecordPolicy = v1alpha1.RecordPolicyExclusive
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("@", "A", "198.51.100.7"), spec("www", "A", "198.51.100.7")}

	z.pass()
	z.Expect(z.written()[0]).To(Equal("del add"), "the template's www is a CNAME and has to go first")
	z.Expect(z.content()).To(ConsistOf("acme.example. NS plesk.example.net.", "acme.example. MX mail.acme.example. 10",
		"acme.example. A 198.51.100.7", "www.acme.example. A 198.51.100.7"))
	z.silent()

	z.add("TXT", "", "v=intruder", "")
	z.Expect(z.pass()).To(Equal([]string{`records: @ TXT "v=intruder" -> `}))

	z.o.Spec.Records = append(z.o.Spec.Records, mx("@", "mx1.mail.example", 10), spec("@", "NS", "ns1.dns.example"))
	z.written()
	z.pass()
	z.Expect(z.written()).To(Equal([]string{"add add", "del del"}), "never without MX and NS")
	z.Expect(z.content()).To(ConsistOf("acme.example. NS ns1.dns.example.", "acme.example. MX mx1.mail.example. 10",
		"acme.example. A 198.51.100.7", "www.acme.example. A 198.51.100.7"))
	z.silent()
}

func TestZoneReplacesCNAMEs(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("docs", "CNAME", "one.example"), spec("other", "A", "198.51.100.7")}
	z.pass()
	z.written()
	for _, c := range []struct {
		records []v1alpha1.DNSRecord
		packets []string
	}{
		{[]v1alpha1.DNSRecord{spec("docs", "CNAME", "two.example")}, []string{"del add", "del"}},
		{[]v1alpha1.DNSRecord{spec("docs", "A", "198.51.100.7"), spec("docs", "AAAA", "2001:db8::7")}, []string{"del add add"}},
		{[]v1alpha1.DNSRecord{spec("docs", "CNAME", "one.example")}, []string{"del del add"}},
	} {
		z.o.Spec.Records = c.records
		z.pass()
		z.Expect(z.written()).To(Equal(c.packets))
		z.silent()
	}
}

func TestZoneRefusedRecordKeepsWhatItReplaces(t *testing.T) {
	for name, c := range map[string]struct {
		before, after v1alpha1.DNSRecord
		line          string
	}{
		"beside the old one":        {mx("lists", "a.example", 10), mx("lists", "b.example", 10), "lists.acme.example. MX a.example. 10"},
		"in the old one's place":    {spec("docs", "CNAME", "a.example"), spec("docs", "CNAME", "b.example"), "docs.acme.example. CNAME a.example."},
		"in place of another type":  {spec("docs", "A", "198.51.100.7"), spec("docs", "CNAME", "b.example"), "docs.acme.example. A 198.51.100.7"},
		"a text with blanks in it":  {spec("docs", "TXT", "a  b"), spec("docs", "CNAME", "b.example"), "docs.acme.example. TXT a  b"},
		"another type, other order": {spec("docs", "CNAME", "a.example"), spec("docs", "A", "198.51.100.7"), "docs.acme.example. CNAME a.example."},
	} {
		t.Run(name, func(t *testing.T) {
			z := newZoneTest(t, "acme.example", func(o *plesksim.Options) { o.KeepBlanks = true })
			z.o.Spec.Records = []v1alpha1.DNSRecord{c.before}
			z.pass()
			z.Expect(z.content()).To(ContainElement(c.line))

			z.o.Spec.Records = []v1alpha1.DNSRecord{c.after}
			z.srv.Inject(plesksim.Fault{Operator: "dns", Operation: "add_rec", Code: xmlapi.CodeInvalidValue, Times: 1})
			_, err := z.try()
			z.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Invalid))
			z.Expect(err).To(MatchError(ContainSubstring("(" + c.after.Name + " ")))
			z.Expect(z.content()).To(ContainElement(c.line))

			z.pass()
			z.Expect(z.content()).NotTo(ContainElement(c.line))
			z.silent()
		})
	}
}

func TestZoneSaysWhatStandsInTheWay(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("shop", "A", "198.51.100.8"), spec("www", "A", "198.51.100.8")}
	_, err := z.try()
	z.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Invalid))
	z.Expect(err).To(MatchError("dns/add_rec: www A 198.51.100.8 cannot stand beside www CNAME acme.example, which is in the zone and is not this resource's to remove: name it in spec.absent if it must go"))
	z.Expect(z.content()).To(ContainElements("shop.acme.example. A 198.51.100.8", "www.acme.example. CNAME acme.example."))
	z.Expect(z.written()).To(Equal([]string{"add"}))
}

func TestZoneOfAnInternationalisedName(t *testing.T) {
	z := newZoneTest(t, "bücher.example")
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("straße", "CNAME", "größe.example"), spec("MÜNCHEN", "A", "198.51.100.7")}
	z.pass()
	z.Expect(z.content()).To(ContainElements(
		"xn--strae-oqa.xn--bcher-kva.example. CNAME xn--gre-6ka8i.example.", "xn--mnchen-3ya.xn--bcher-kva.example. A 198.51.100.7"))
	z.silent()
	z.Expect(z.find().Key.Name).To(Equal("xn--bcher-kva.example"))
}

func TestZoneTextsArriveIntact(t *testing.T) {
	texts := []string{`say "hi" & <grüß> 'x'`, "v=DKIM1; k=rsa; p=" + strings.Repeat("Ab+/", 200) + "==", "two  blanks", `back\slash; 100%`, "@"}
	for _, keep := range []bool{true, false} {
		z := newZoneTest(t, "acme.example", func(o *plesksim.Options) { o.KeepBlanks = keep })
		z.o.Spec.Records = nil
		for _, text := range texts {
			z.o.Spec.Records = append(z.o.Spec.Records, spec("t", "TXT", text))
		}
		z.pass()
		for _, text := range texts {
			if !keep {
				text = strings.ReplaceAll(text, "  ", " ")
			}
			z.Expect(z.content()).To(ContainElement("t.acme.example. TXT " + text))
		}
		z.silent()
	}
}

func TestZoneSettings(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.Expect(z.state()).To(Equal("master enabled 86400 10800 3600 604800 10800"))
	z.o.Spec.SOA = &v1alpha1.DNSZoneSOA{TTL: &metav1.Duration{Duration: time.Hour}, Minimum: &metav1.Duration{Duration: 90 * time.Second}}
	z.o.Spec.Enabled = new(false)
	z.Expect(z.pass()).To(ConsistOf("soa.ttl: 24h0m0s -> 1h0m0s", "soa.minimum: 3h0m0s -> 1m30s", "enabled: true -> false"))
	z.Expect(z.state()).To(Equal("master disabled 3600 10800 3600 604800 90"))
	z.silent()
	z.o.Spec.Enabled = new(true)
	z.pass()
	z.Expect(z.state()).To(Equal("master enabled 3600 10800 3600 604800 90"))
}

func TestZoneTimesAreSentWhole(t *testing.T) {
	hour, day := time.Hour, 24*time.Hour
	sent := wholeSOA(&zoneSOA{Retry: &hour}, &zoneSOA{TTL: &day, Refresh: &day, Retry: &day, Expire: &day, Minimum: &day})
	NewWithT(t).Expect(sent).To(Equal(dns.SOA{
		TTL: new(uint32(86400)), Refresh: new(uint32(86400)), Retry: new(uint32(3600)), Expire: new(uint32(86400)), Minimum: new(uint32(86400)),
	}))
}

func TestZoneSecondaryAndBack(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("shop", "A", "198.51.100.8")}
	z.pass()
	z.silent()
	content := z.content()

	z.o.Spec.Records = nil
	z.o.Spec.Type = new(v1alpha1.DNSZoneTypeSecondary)
	z.o.Spec.MasterServers = []string{"192.0.2.53", "2001:DB8::53"}
	z.Expect(z.pass()).To(ConsistOf("type: Primary -> Secondary", "masterServers:  -> 192.0.2.53", "masterServers:  -> 2001:db8::53"))
	z.Expect(z.state()).To(HavePrefix("slave"))
	z.silent()
	z.Expect(z.content()).To(Equal(content), "local records are not touched")
	z.o.Spec.Type, z.o.Spec.MasterServers = nil, nil
	z.silent()
	z.Expect(z.owned()).To(Equal([]string{"shop A 198.51.100.8"}))

	z.o.Spec.Type = new(v1alpha1.DNSZoneTypeSecondary)
	z.o.Spec.MasterServers = []string{"192.0.2.54", "2001:db8::53"}
	z.written()
	z.Expect(z.pass()).To(ConsistOf("masterServers:  -> 192.0.2.54", "masterServers: 192.0.2.53 -> "))
	z.Expect(z.written()).To(Equal([]string{"add del"}), "never without a master server")
	z.silent()
	z.Expect(z.o.Status.Observed.MasterServers).To(Equal([]string{"192.0.2.54", "2001:db8::53"}))

	z.o.Spec.Type, z.o.Spec.MasterServers = new(v1alpha1.DNSZoneTypePrimary), nil
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("blog", "A", "198.51.100.8")}
	z.Expect(z.pass()).To(ConsistOf("type: Secondary -> Primary", "records:  -> blog A 198.51.100.8", "records: shop A 198.51.100.8 -> "))
	z.silent()
}

func TestZoneWritesInBoundedPackets(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	for i := range 120 {
		z.o.Spec.Records = append(z.o.Spec.Records, spec(fmt.Sprintf("h%d", i), "A", "198.51.100.7"))
	}
	z.pass()
	fifty, twenty := strings.Repeat("add ", 49)+"add", strings.Repeat("add ", 19)+"add"
	z.Expect(z.written()).To(Equal([]string{fifty, fifty, twenty}))
	z.silent()
	z.o.Spec.Records = nil
	z.pass()
	z.Expect(z.written()).To(Equal([]string{strings.ReplaceAll(fifty, "add", "del"), strings.ReplaceAll(fifty, "add", "del"), strings.ReplaceAll(twenty, "add", "del")}))
}

func TestZoneRaces(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("a", "A", "198.51.100.7")}
	z.pass()

	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("b", "A", "198.51.100.7")}
	u := z.compare()
	z.Expect(u.Changes).To(HaveLen(2))
	z.add("A", "b", "198.51.100.7", "") // 1007 awaits the add, 1013 the removal
	z.remove("a.acme.example. A 198.51.100.7")
	z.Expect(Zone{}.Update(z.ctx, z.d, u)).To(Succeed())
	z.silent()
}

func TestZoneAnswerLost(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("a", "A", "198.51.100.7")}
	z.srv.Inject(plesksim.Fault{Operator: "dns", Operation: "add_rec", Drop: true, Executed: true, Times: 1})
	_, err := z.try()
	z.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Ambiguous))
	z.silent()
	z.Expect(z.owned()).To(Equal([]string{"a A 198.51.100.7"}), "noted before it was written")
}

func TestZoneCleanUp(t *testing.T) {
	for _, policy := range []v1alpha1.RecordPolicy{v1alpha1.RecordPolicyAdditive, v1alpha1.RecordPolicyExclusive} {
		t.Run(string(policy), func(t *testing.T) {
			z := newZoneTest(t, "acme.example")
			z.o.Spec.RecordPolicy = policy
			z.o.Spec.Records = []v1alpha1.DNSRecord{spec("@", "A", "198.51.100.7"), spec("shop", "A", "198.51.100.8"), mx("@", "mx1.mail.example", 5)}
			z.pass()
			z.add("TXT", "by-hand", "theirs", "")
			content := z.content()

			found := z.find()
			remove := z.srv.Inject(plesksim.Fault{Operator: "dns", Operation: "del_rec", Code: xmlapi.CodeNotFound})
			z.Expect(xmlapi.ClassOf(Zone{}.CleanUp(z.ctx, z.d, z.o, found))).To(Equal(xmlapi.Transient), "it looks whether the records are gone")
			remove()
			z.Expect(Zone{}.CleanUp(z.ctx, z.d, z.o, found)).To(Succeed())
			gone := []string{"shop.acme.example. A 198.51.100.8"}
			if policy == v1alpha1.RecordPolicyAdditive { // otherwise it is the only MX that is left
				gone = append(gone, "acme.example. MX mx1.mail.example. 5")
			}
			z.Expect(z.content()).To(ConsistOf(slices.DeleteFunc(content, func(r string) bool { return slices.Contains(gone, r) })))
			z.Expect(Zone{}.CleanUp(z.ctx, z.d, z.o, z.find())).To(Succeed(), "a second time")
			z.Expect(Zone{}.CleanUp(z.ctx, z.d, z.o, found)).To(Succeed(), "by a pass that saw them still")

			z.removeSite()
			z.Expect(xmlapi.IsNotFound(Zone{}.CleanUp(z.ctx, z.d, z.o, found))).To(BeTrue())
		})
	}
}

func TestZoneOfASiteThatIsNotThere(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	const unknown = "00000000-0000-4000-8000-000000000000"
	for _, id := range []engine.Identity{{ID: "4711"}, {ID: "4711", GUID: unknown}, {ID: engine.IDText(z.site), GUID: unknown}} {
		found, err := Zone{}.Find(z.ctx, z.d, engine.Handle{Identity: id, Key: engine.Key{Within: id, Name: z.name}, Was: engine.Key{Within: id, Name: z.name}})
		z.Expect(found, err).To(BeNil(), "%+v: a name alone leads to no zone, and an id that was given again to none", id)
	}
	_, err := Zone{}.Find(z.ctx, z.d, engine.Handle{Key: engine.Key{Name: z.name}})
	z.Expect(err).To(HaveOccurred(), "without its site it cannot be said to be absent")
	_, makes := any(Zone{}).(engine.Maker[zoneValue])
	z.Expect(makes).To(BeFalse(), "a zone comes with its site, and goes with it")

	for _, op := range [][2]string{{"webspace", "get"}, {"dns", "get"}, {"dns", "get_rec"}, {"dns", "get_master_server"}} {
		remove := z.srv.Inject(plesksim.Fault{Operator: op[0], Operation: op[1], Code: xmlapi.CodeFailed})
		_, err := Zone{}.Find(z.ctx, z.d, engine.Handle{Identity: z.parent()})
		z.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "unknown is not absent: %s/%s", op[0], op[1])
		remove()
	}
}

func TestZoneOfASiteWhoseIDHasMoved(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	found, err := Zone{}.Find(z.ctx, z.d, engine.Handle{Identity: engine.Identity{ID: "4711", GUID: z.guid}})
	z.Expect(err).NotTo(HaveOccurred())
	z.Expect(found.Identity).To(Equal(z.parent()))

	other := z.parent()
	z.name = "other.example"
	z.addSite()
	found, err = Zone{}.Find(z.ctx, z.d, engine.Handle{Identity: engine.Identity{ID: other.ID, GUID: z.guid}})
	z.Expect(err).NotTo(HaveOccurred())
	z.Expect(found.Identity).To(Equal(z.parent()), "the id is another site's by now, the GUID is not")
}

func TestZoneOfASiteMadeAnew(t *testing.T) {
	z := newZoneTest(t, "acme.example")
	z.o.Spec.Records = []v1alpha1.DNSRecord{spec("shop", "A", "198.51.100.8")}
	z.pass()
	z.removeSite()
	z.addSite()
	z.add("A", "shop", "198.51.100.8", "") // now it is theirs
	z.silent()
	z.Expect(z.o.Status.Records).To(BeEmpty())
	z.o.Spec.Records = nil
	z.silent()
	z.Expect(z.content()).To(ContainElement("shop.acme.example. A 198.51.100.8"))
}

func TestZonePrivileges(t *testing.T) {
	of := func(t *testing.T, manifest string) []string {
		site := engine.Resolved{Identity: engine.Identity{ID: "7", GUID: "g"}, Key: engine.Key{Name: "acme.example"}}
		o := controllertest.Parse(t, &v1alpha1.PleskDNSZone{}, manifest)
		_, want, err := Zone{}.Desired(o, engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": site}, nil))
		if err != nil {
			t.Fatal(err)
		}
		return engine.Privileges(Zone{}, want)
	}
	controllertest.ExpectPrivileged(t, of, map[string][]string{
		`type: Secondary, masterServers: ["192.0.2.53"]`:                             {"masterServers"},
		`type: Primary, enabled: true, soa: {ttl: 1h}`:                               nil,
		`recordPolicy: Exclusive, records: [{name: www, type: A, value: 192.0.2.1}]`: nil,
	})
}
