// Whose records: what of a zone is compared, by policy and by what was noted as added.

package dns

import (
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

func TestRestrict(t *testing.T) {
	const additive, exclusive = v1alpha1.RecordPolicyAdditive, v1alpha1.RecordPolicyExclusive
	ns, apexMX, subMX := dnsRecord{"@", "NS", "", "ns1.example"}, dnsRecord{"@", "MX", "10", "a.example"}, dnsRecord{"lists", "MX", "10", "a.example"}
	www, text := dnsRecord{"www", "A", "", "198.51.100.7"}, dnsRecord{"@", "TXT", "", "v=spf1 -all"}
	tlsa := dnsRecord{"_443._tcp", "TLSA", "", "3 1 1 ab"}
	otherMX, otherNS := dnsRecord{"@", "MX", "20", "b.example"}, dnsRecord{"@", "NS", "", "ns2.example"}
	whole := []dnsRecord{ns, apexMX, subMX, www, text, tlsa}
	for name, c := range map[string]struct {
		policy            v1alpha1.RecordPolicy
		there, want, ours []dnsRecord
		removed           []dnsRecord
	}{
		"additive removes nothing that it has not added":      {additive, whole, nil, nil, nil},
		"additive removes what it has added":                  {additive, whole, []dnsRecord{text}, []dnsRecord{www, text}, []dnsRecord{www}},
		"additive has added what is not there any more":       {additive, whole, nil, []dnsRecord{otherMX}, nil},
		"additive leaves the last MX and NS":                  {additive, whole, nil, []dnsRecord{apexMX, subMX, ns}, []dnsRecord{subMX}},
		"additive removes an MX beside which another is":      {additive, append(whole, otherMX), nil, []dnsRecord{apexMX}, []dnsRecord{apexMX}},
		"additive leaves all of several last MX":              {additive, append(whole, otherMX), nil, []dnsRecord{apexMX, otherMX}, nil},
		"additive leaves the last MX at any name":             {additive, []dnsRecord{subMX, www}, nil, []dnsRecord{subMX, www}, []dnsRecord{www}},
		"exclusive removes all but the last and the unlisted": {exclusive, whole, nil, nil, []dnsRecord{subMX, www, text}},
		"exclusive keeps what is listed":                      {exclusive, whole, []dnsRecord{www, subMX}, nil, []dnsRecord{text}},
		"exclusive removes MX and NS where others are listed": {exclusive, whole, []dnsRecord{otherMX, otherNS, www}, nil, []dnsRecord{ns, apexMX, subMX, text}},
	} {
		t.Run(name, func(t *testing.T) {
			o := &v1alpha1.PleskDNSZone{Spec: v1alpha1.PleskDNSZoneSpec{RecordPolicy: c.policy}}
			for _, r := range c.ours {
				Zone{}.Record(o, []engine.Change{adds(r)})
			}
			want := zoneValue{Records: append([]dnsRecord{}, c.want...)}
			have := zoneValue{Type: new(zonePrimary), Records: c.there}
			for i, r := range c.there {
				have.all = append(have.all, zoneRecord{dnsRecord: r, id: int64(i + 1)})
			}
			var removed []string
			for _, change := range engine.Diff(want, Zone{}.Restrict(o, want, have)) {
				if change.From != "" {
					removed = append(removed, change.From)
				} else if slices.ContainsFunc(c.there, func(r dnsRecord) bool { return r.String() == change.To }) {
					t.Errorf("would add %s, which is there", change.To)
				}
			}
			var expected []string
			for _, r := range c.removed {
				expected = append(expected, r.String())
			}
			slices.Sort(expected)
			if !slices.Equal(removed, expected) {
				t.Errorf("would remove %q, want %q", removed, expected)
			}
		})
	}
}

func TestHiddenRecordsOfASecondaryZoneAreNotMissing(t *testing.T) {
	want := zoneValue{Type: new(zonePrimary), Records: []dnsRecord{{"www", "A", "", "198.51.100.7"}}}
	have := zoneValue{Type: new(zoneSecondary), Records: []dnsRecord{}}
	changes := engine.Diff(want, Zone{}.Restrict(&v1alpha1.PleskDNSZone{}, want, have))
	if len(changes) != 1 || changes[0].Field != "type" {
		t.Errorf("changes are %+v, want one of the type", changes)
	}
}

// found is a record as a zone shows it.
func found(id int64, name, kind, value string) zoneRecord {
	return zoneRecord{dnsRecord: dnsRecord{name, kind, "", value}, id: id}
}

func owned(id, record string) v1alpha1.OwnedDNSRecord {
	return v1alpha1.OwnedDNSRecord{ID: id, Record: record}
}

// A record is ours by its id and what it says. Neither alone will do, except while its id is not known yet.
func TestAddedRecords(t *testing.T) {
	const now, before = "new.example", "old.example"
	for name, c := range map[string]struct {
		owned v1alpha1.OwnedDNSRecord
		zone  string // when the record was noted
		found zoneRecord
		ours  bool
	}{
		"id and content": {owned("7", "www A 198.51.100.7"), now, found(7, "www", "A", "198.51.100.7"), true},
		"added again by somebody, with another id":  {owned("7", "www A 198.51.100.7"), now, found(8, "www", "A", "198.51.100.7"), false},
		"the id is another record's by now":         {owned("7", "www A 198.51.100.7"), now, found(7, "shop", "A", "198.51.100.7"), false},
		"another value under the id":                {owned("7", "www A 198.51.100.7"), now, found(7, "www", "A", "198.51.100.8"), false},
		"about to be added":                         {owned("", "www A 198.51.100.7"), now, found(8, "www", "A", "198.51.100.7"), true},
		"about to be added, another record":         {owned("", "www A 198.51.100.7"), now, found(8, "www", "A", "198.51.100.8"), false},
		"rewritten with the zone's new name":        {owned("7", "www CNAME old.example"), before, found(7, "www", "CNAME", "new.example"), true},
		"rewritten below the zone's new name":       {owned("7", "www CNAME web.old.example"), before, found(7, "www", "CNAME", "web.new.example"), true},
		"not rewritten":                             {owned("7", "www CNAME web.old.example"), before, found(7, "www", "CNAME", "web.old.example"), true},
		"of no other name":                          {owned("7", "www A 198.51.100.7"), before, found(7, "www", "A", "198.51.100.7"), true},
		"rewritten, with another id":                {owned("7", "www CNAME web.old.example"), before, found(8, "www", "CNAME", "web.new.example"), false},
		"rewritten, about to be added before":       {owned("", "www CNAME web.old.example"), before, found(8, "www", "CNAME", "web.new.example"), true},
		"a name that only ends like the zone's":     {owned("7", "www CNAME webold.example"), before, found(7, "www", "CNAME", "webnew.example"), false},
		"the old name, where none was noted":        {owned("7", "www CNAME web.old.example"), "", found(7, "www", "CNAME", "web.new.example"), false},
		"the old name, where the zone has kept its": {owned("7", "www CNAME web.old.example"), now, found(7, "www", "CNAME", "web.new.example"), false},
	} {
		t.Run(name, func(t *testing.T) {
			o := &v1alpha1.PleskDNSZone{}
			o.Status.Zone, o.Status.Records = c.zone, []v1alpha1.OwnedDNSRecord{c.owned}
			if ours := ownedByZone(o).added(now)(c.found); ours != c.ours {
				t.Errorf("%s is ours: %t, want %t", c.found, ours, c.ours)
			}
		})
	}
}

// What is there becomes known by its id, under the zone's present name; what is gone is not ours any more.
func TestConfirm(t *testing.T) {
	g := NewWithT(t)
	o := &v1alpha1.PleskDNSZone{}
	o.Status.Zone, o.Status.Records = "old.example", []v1alpha1.OwnedDNSRecord{owned("7", "www CNAME web.old.example"), owned("9", "gone A 198.51.100.9")}
	noted := slices.Clone(o.Status.Records)
	Zone{}.Record(o, []engine.Change{
		adds(dnsRecord{"shop", "A", "", "198.51.100.7"}), adds(dnsRecord{"lost", "A", "", "198.51.100.7"}),
		removes(dnsRecord{"by-hand", "A", "", "198.51.100.1"}), {Field: "soa.ttl", To: "1h"},
	})
	noted = append(noted, owned("", "shop A 198.51.100.7"), owned("", "lost A 198.51.100.7"))
	g.Expect(o.Status.Records).To(ConsistOf(noted))

	Zone{}.Confirm(o, zoneValue{Type: new(zoneSecondary), name: "new.example"})
	g.Expect(o.Status.Records).To(ConsistOf(noted), "of a secondary zone nothing is concluded")
	g.Expect(o.Status.Zone).To(Equal("old.example"))

	have := zoneValue{Type: new(zonePrimary), name: "new.example", all: []zoneRecord{
		found(7, "www", "CNAME", "web.new.example"), found(8, "shop", "A", "198.51.100.7"), found(10, "gone", "A", "198.51.100.9"), found(11, "mail", "A", "198.51.100.7"),
	}}
	Zone{}.Confirm(o, have)
	g.Expect(o.Status.Records).To(Equal([]v1alpha1.OwnedDNSRecord{owned("8", "shop A 198.51.100.7"), owned("7", "www CNAME web.new.example")}))
	g.Expect(o.Status.Zone).To(Equal("new.example"))
	settled := o.DeepCopy()
	Zone{}.Confirm(o, have)
	g.Expect(o).To(Equal(settled), "a second time nothing changes")

	Zone{}.Forget(o)
	g.Expect(o.Status).To(Equal(v1alpha1.PleskDNSZoneStatus{}), "all of it was about another site")
}

// A record that was replaced comes back under another id where its successor is refused; one that was only removed does not.
func TestRecordsThatMakePlaceLoseTheirID(t *testing.T) {
	g := NewWithT(t)
	o := &v1alpha1.PleskDNSZone{}
	o.Status.Records = []v1alpha1.OwnedDNSRecord{owned("7", "docs CNAME a.example"), owned("8", "shop A 198.51.100.7")}
	Zone{}.Record(o, []engine.Change{
		removes(dnsRecord{"docs", "CNAME", "", "a.example"}), removes(dnsRecord{"shop", "A", "", "198.51.100.7"}), adds(dnsRecord{"docs", "CNAME", "", "b.example"}),
	})
	g.Expect(o.Status.Records).To(Equal([]v1alpha1.OwnedDNSRecord{
		owned("", "docs CNAME a.example"), owned("", "docs CNAME b.example"), owned("8", "shop A 198.51.100.7"),
	}))
}

// The status keeps of a long record what tells it from others, and that is what it is known by.
func TestLongRecordThatMakesPlaceLosesItsID(t *testing.T) {
	g := NewWithT(t)
	o := &v1alpha1.PleskDNSZone{}
	long := dnsRecord{"docs", "TXT", "", strings.Repeat("v", 2*longestRecorded)}
	Zone{}.Record(o, []engine.Change{adds(long)})
	o.Status.Records[0].ID = "7"
	Zone{}.Record(o, []engine.Change{removes(long), adds(dnsRecord{"docs", "CNAME", "", "b.example"})})
	g.Expect(o.Status.Records).To(HaveLen(2))
	g.Expect(o.Status.Records).To(HaveEach(HaveField("ID", "")))
}

// adds and removes are changes of a zone's records, as the engine finds them.
func adds(r dnsRecord) engine.Change {
	return engine.Change{Field: "records", To: r.String(), Member: r}
}
func removes(r dnsRecord) engine.Change {
	return engine.Change{Field: "records", From: r.String(), Member: r}
}

// Of two records that say the same, only the one that this resource has added is removed.
func TestRemovalOfOneOfTwoThatSayTheSame(t *testing.T) {
	g := NewWithT(t)
	o := &v1alpha1.PleskDNSZone{Spec: v1alpha1.PleskDNSZoneSpec{RecordPolicy: v1alpha1.RecordPolicyAdditive}}
	o.Status.Records = []v1alpha1.OwnedDNSRecord{owned("7", "www A 198.51.100.7")}
	ours, theirs := found(7, "www", "A", "198.51.100.7"), found(8, "www", "A", "198.51.100.7")
	want := zoneValue{Records: []dnsRecord{}}
	removals := func(all ...zoneRecord) []zoneRecord {
		have := Zone{}.Restrict(o, want, zoneValue{Type: new(zonePrimary), Records: keysOf(all), all: all})
		_, removals := recordChanges(engine.Update[zoneValue]{Changes: engine.Diff(want, have), Want: want, Have: have})
		return removals
	}
	g.Expect(removals(theirs, ours)).To(Equal([]zoneRecord{ours}))
	g.Expect(removals(theirs)).To(BeEmpty())
	o.Spec.RecordPolicy = v1alpha1.RecordPolicyExclusive
	g.Expect(removals(theirs, ours)).To(Equal([]zoneRecord{theirs, ours}))
}
