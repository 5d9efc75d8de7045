// Records that must not be in a zone: their translation, and which records they name.

package dns

import (
	"fmt"
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// absentRecord names records by what tells them apart for people; an empty value names all of a name and type.
type absentRecord struct{ Name, Type, Value string }

// names reports whether a record is meant.
func (a absentRecord) names(r dnsRecord) bool {
	return a.Name == r.Name && a.Type == r.Type && (a.Value == "" || a.Value == r.Value)
}

// named reports whether one of the entries means a record.
func named(absent []absentRecord, r dnsRecord) bool {
	return slices.ContainsFunc(absent, func(a absentRecord) bool { return a.names(r) })
}

// wantedAbsent translates the records that must not be in a zone. Errors name the entry by its place in the list. Values are checked less
// strictly than those of records: the zone may hold what should not have been written.
func wantedAbsent(zone string, specs []v1alpha1.AbsentDNSRecord, listed []zoneRecord) ([]absentRecord, error) {
	var out []absentRecord
	for i, s := range specs {
		field := fmt.Sprintf("spec.absent[%d]", i)
		name, err := wantedName(zone, field+".name", v1alpha1.DNSRecord{Name: s.Name, Type: s.Type})
		if err != nil {
			return nil, err
		}
		a := absentRecord{Name: name, Type: string(s.Type)}
		if s.Value != nil {
			if a.Value = absentValue(zone, s.Type, *s.Value); a.Value == "" {
				return nil, engine.Invalid(field+".value", "no value that a record of the type can have; leave it out to name them all")
			}
			if j := slices.IndexFunc(listed, func(r zoneRecord) bool { return a.names(r.dnsRecord) }); j >= 0 {
				return nil, engine.Invalid(field, fmt.Sprintf(
					"names %s, which is to be there (%s); an entry without a value names all of its name and type that are not listed", listed[j], recordField(j)))
			}
		}
		out = append(out, a)
	}
	return out, nil
}

// absentValue is a value in the form in which records are compared, "" where no record can have it.
func absentValue(zone string, kind v1alpha1.DNSRecordType, value string) string {
	switch kind {
	case v1alpha1.DNSRecordA, v1alpha1.DNSRecordAAAA:
		if a, err := form.Address(filledIn(zone, v1alpha1.DNSRecord{Value: form.SingleBlanks(value)}).Value); err != nil || a.Is4() != (kind == v1alpha1.DNSRecordA) {
			return ""
		}
	case v1alpha1.DNSRecordCAA: // flags and tag, which canonicalData looks for in the value, are not part of it
		return unquoted(form.SingleBlanks(value))
	}
	_, canonical := canonicalData(string(kind), "", value)
	return canonical
}
