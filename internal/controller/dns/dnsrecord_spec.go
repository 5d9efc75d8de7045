// Records of the spec: their translation, and what the schema cannot check about them.

package dns

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"unicode"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// wantedRecords translates the records of a zone. Errors name the record by its place in the list.
func wantedRecords(zone string, specs []v1alpha1.DNSRecord) ([]zoneRecord, error) {
	out := make([]zoneRecord, 0, len(specs))
	for i, s := range specs {
		r, err := wantedRecord(zone, recordField(i), s)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, excludeEachOther(out)
}

func recordField(i int) string { return fmt.Sprintf("spec.records[%d]", i) }

// wantedRecord translates one record.
func wantedRecord(zone, field string, s v1alpha1.DNSRecord) (zoneRecord, error) {
	name, err := wantedName(zone, field+".name", s)
	if err != nil {
		return zoneRecord{}, err
	}
	checked := filledIn(zone, s)
	if err := checkValue(field+".value", checked); err != nil {
		return zoneRecord{}, err
	}
	opt, err := wantedOpt(field, checked)
	if err != nil {
		return zoneRecord{}, err
	}
	r := dnsRecord{Name: name, Type: string(s.Type)}
	r.Opt, r.Value = canonicalData(r.Type, opt, s.Value)
	return zoneRecord{dnsRecord: r, text: s.Value}, nil
}

// wantedName is the name of a record, relative to its zone.
func wantedName(zone, field string, s v1alpha1.DNSRecord) (string, error) {
	if zone != templateZone {
		return checkedName(zone, field, s)
	}
	if strings.Contains(s.Name, templateZone) {
		return "", engine.Invalid(field, fmt.Sprintf("names are relative to the zone, without %q; %q is the zone itself", zone, apex))
	}
	if name, err := checkedName(sampleZone, field, filledIn(zone, s)); err != nil || name == apex {
		return name, err
	}
	return foundName(zone, s.Type, s.Name), nil
}

// checkedName is wantedName for a name without placeholders.
func checkedName(zone, field string, s v1alpha1.DNSRecord) (string, error) {
	switch {
	case s.Type == v1alpha1.DNSRecordPTR:
		a, err := form.Address(s.Name)
		if err != nil {
			return "", engine.Invalid(field, "not an IP address")
		}
		return a.String(), nil
	case s.Name == apex && s.Type == v1alpha1.DNSRecordCNAME:
		return "", engine.Invalid(field, "the zone itself cannot be a CNAME")
	case s.Name == apex:
		return apex, nil
	}
	name, err := form.HostName(s.Name)
	if err != nil {
		return "", engine.Invalid(field, "not a host name")
	}
	if problem := form.HostProblem(strings.TrimPrefix(name, "*.")); problem != "" && name != "*" {
		return "", engine.Invalid(field, problem)
	}
	if name == zone || strings.HasSuffix(name, "."+zone) {
		return "", engine.Invalid(field, fmt.Sprintf("names are relative to the zone, without %q; %q is the zone itself", zone, apex))
	}
	if len(name)+len(".")+len(zone) > form.MaxHostName {
		return "", engine.Invalid(field, fmt.Sprintf("the name with its zone is longer than %d characters", form.MaxHostName))
	}
	return name, nil
}

var dsValue = regexp.MustCompile(`^[0-9]+ [0-9]+ [0-9]+ ([0-9a-f]{2})+$`)

// checkValue checks the value of a record by its type.
func checkValue(field string, s v1alpha1.DNSRecord) error {
	if strings.ContainsFunc(s.Value, unsendable) {
		return engine.Invalid(field, "control characters, line breaks among them, cannot be sent")
	}
	problem := ""
	switch s.Type {
	case v1alpha1.DNSRecordA, v1alpha1.DNSRecordAAAA:
		if a, err := form.Address(s.Value); err != nil || a.Is4() != (s.Type == v1alpha1.DNSRecordA) {
			problem = "not an address of the type's family"
		}
	case v1alpha1.DNSRecordTXT:
		problem = textProblem(s.Value)
	case v1alpha1.DNSRecordDS:
		if !dsValue.MatchString(canonicalDS(s.Value)) {
			problem = "not a key tag, an algorithm, a digest type and a hexadecimal digest"
		}
	case v1alpha1.DNSRecordCAA:
		problem = caaProblem(s)
	default:
		problem = targetProblem(s)
	}
	if problem != "" {
		return engine.Invalid(field, problem)
	}
	return nil
}

// zoneFileStrings are two strings of a zone file, one after the other, which are one text in DNS.
var zoneFileStrings = regexp.MustCompile(`([^\s])"\s+"([^\s])`)

// zoneFileEscape is a character that only zone files write with a backslash before it.
var zoneFileEscape = regexp.MustCompile(`\\([;"])`)

// textProblem says what is wrong with the text of a TXT record, "" if nothing is. What is written as in a zone file would be published
// with its quotes and backslashes.
func textProblem(text string) string {
	if form.SingleBlanks(text) == "" {
		return "empty"
	}
	plain := text
	for zoneFileStrings.MatchString(plain) { // strings of one character share theirs with the next match
		plain = zoneFileStrings.ReplaceAllString(plain, "$1$2")
	}
	plain = unquoted(plain)
	if plain = zoneFileEscape.ReplaceAllString(plain, "$1"); plain == text {
		return ""
	}
	return "written as in a zone file, whose quotes and backslashes would become part of the text: write the text itself, in one piece: " + form.Shortened(plain)
}

// wholeCAA is flags, tag and value of a CAA record in one, or tag and value; flags alone are no such thing.
var wholeCAA = regexp.MustCompile(`^(?:([0-9]{1,3})\s+([a-zA-Z0-9]+)|(issue|issuewild|iodef|issuemail|issuevmc|contactemail|contactphone))\s+"?([^\s"].*?)"?$`)

// caaProblem says what is wrong with the value of a CAA record, "" if nothing is. Flags and tag in it would become part of the value.
func caaProblem(s v1alpha1.DNSRecord) string {
	value := form.SingleBlanks(s.Value)
	if value == "" {
		return "empty"
	}
	whole := wholeCAA.FindStringSubmatch(value)
	if whole == nil {
		return ""
	}
	flags, tag := cmp.Or(whole[1], "0"), cmp.Or(whole[2], whole[3])
	return fmt.Sprintf("flags and tag have fields of their own: write value: %q, caa: {flags: %s, tag: %s}", form.Shortened(whole[4]), flags, tag)
}

// unsendable tells control characters, and the two others that XML does not have.
func unsendable(r rune) bool { return unicode.IsControl(r) || r == '\uFFFE' || r == '\uFFFF' }

// targetProblem says what is wrong with a value that is a host name, "" if nothing is. A dot alone says "none here" in MX
// and SRV.
func targetProblem(s v1alpha1.DNSRecord) string {
	name, err := form.HostName(s.Value)
	_, isAddress := netip.ParseAddr(s.Value)
	switch {
	case name == "." && (s.Type == v1alpha1.DNSRecordMX || s.Type == v1alpha1.DNSRecordSRV):
		return ""
	case err != nil || name == ".":
		return "not a host name"
	case isAddress == nil:
		return "an address where a host name is needed"
	case !strings.Contains(name, "."):
		return "not a full host name: it is never taken as relative to the zone"
	}
	return form.HostProblem(name)
}

// wantedOpt is what goes beside the value. The schema sees to it that it is there for the types that have it.
func wantedOpt(field string, s v1alpha1.DNSRecord) (string, error) {
	switch {
	case s.Type == v1alpha1.DNSRecordMX && s.Priority == nil:
		return "", engine.Invalid(field+".priority", "required with type MX")
	case s.Type == v1alpha1.DNSRecordMX:
		return fmt.Sprint(*s.Priority), nil
	case s.Type == v1alpha1.DNSRecordSRV && s.SRV == nil:
		return "", engine.Invalid(field+".srv", "required with type SRV")
	case s.Type == v1alpha1.DNSRecordSRV:
		return fmt.Sprintf("%d %d %d", s.SRV.Priority, s.SRV.Weight, s.SRV.Port), nil
	case s.Type == v1alpha1.DNSRecordCAA && s.CAA == nil:
		return "", engine.Invalid(field+".caa", "required with type CAA")
	case s.Type == v1alpha1.DNSRecordCAA:
		return fmt.Sprintf("%d %s", s.CAA.Flags, s.CAA.Tag), nil
	case s.Type == v1alpha1.DNSRecordPTR && s.PTR == nil:
		return "", engine.Invalid(field+".ptr", "required with type PTR")
	case s.Type == v1alpha1.DNSRecordPTR:
		if a, err := form.Address(s.Name); err == nil && int(s.PTR.PrefixLength) > a.BitLen() {
			return "", engine.Invalid(field+".ptr.prefixLength", fmt.Sprintf("more than the %d bits of the address", a.BitLen()))
		}
		return fmt.Sprint(s.PTR.PrefixLength), nil
	}
	return "", nil
}

// excludeEachOther refuses duplicates and company for a CNAME.
func excludeEachOther(records []zoneRecord) error {
	byName := map[string][]int{}
	for i, r := range records {
		for _, j := range byName[r.Name] {
			other := records[j]
			switch {
			case r.dnsRecord == other.dnsRecord:
				return engine.Invalid(recordField(i), fmt.Sprintf("the same record as %s", recordField(j)))
			case r.excludes(other.dnsRecord):
				return engine.Invalid(recordField(i), fmt.Sprintf("%s cannot stand beside %s (%s)", r, other, recordField(j)))
			}
		}
		byName[r.Name] = append(byName[r.Name], i)
	}
	return nil
}

// excludes reports whether two different records cannot stand in one zone: a CNAME is alone at its name.
func (r dnsRecord) excludes(other dnsRecord) bool {
	return r.Name == other.Name && r != other && (r.Type == recordCNAME || other.Type == recordCNAME)
}
