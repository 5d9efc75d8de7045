// Whose records: what of a zone is compared, by policy and by what was noted as added.

package controller

import (
	"slices"
	"testing"

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
				DNSZone{}.Record(o, []engine.Change{{Field: "records", To: r.String()}})
			}
			want := zoneValue{Records: append([]dnsRecord{}, c.want...)}
			have := zoneValue{Type: new(zonePrimary), Records: c.there}
			for i, r := range c.there {
				have.all = append(have.all, zoneRecord{dnsRecord: r, id: int64(i + 1)})
			}
			var removed []string
			for _, change := range engine.Diff(want, DNSZone{}.Restrict(o, want, have)) {
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
	changes := engine.Diff(want, DNSZone{}.Restrict(&v1alpha1.PleskDNSZone{}, want, have))
	if len(changes) != 1 || changes[0].Field != "type" {
		t.Errorf("changes are %+v, want one of the type", changes)
	}
}

func TestForgetKeepsWhatIsThere(t *testing.T) {
	here, gone := dnsRecord{"www", "A", "", "198.51.100.7"}, dnsRecord{"shop", "A", "", "198.51.100.7"}
	o := &v1alpha1.PleskDNSZone{}
	DNSZone{}.Record(o, []engine.Change{{Field: "records", To: here.String()}, {Field: "records", To: gone.String()}, {Field: "soa.ttl", To: "1h"}})
	have := zoneValue{Type: new(zoneSecondary)}
	DNSZone{}.Forget(o, have)
	if len(o.Status.Records) != 2 {
		t.Errorf("of a secondary zone nothing is concluded, but %q is left", o.Status.Records)
	}
	have = zoneValue{Type: new(zonePrimary), all: []zoneRecord{{dnsRecord: here, id: 1}}}
	DNSZone{}.Forget(o, have)
	if !slices.Equal(o.Status.Records, []string{here.String()}) {
		t.Errorf("left is %q, want %q", o.Status.Records, here)
	}
}
