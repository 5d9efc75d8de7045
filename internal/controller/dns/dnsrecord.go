// Resource records between the spec, the wire, and the one form in which they are compared.

package dns

import (
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
)

// The types of records, as the spec and the wire name them.
const (
	recordA     = string(v1alpha1.DNSRecordA)
	recordAAAA  = string(v1alpha1.DNSRecordAAAA)
	recordCNAME = string(v1alpha1.DNSRecordCNAME)
	recordMX    = string(v1alpha1.DNSRecordMX)
	recordNS    = string(v1alpha1.DNSRecordNS)
	recordPTR   = string(v1alpha1.DNSRecordPTR)
	recordTXT   = string(v1alpha1.DNSRecordTXT)
	recordSRV   = string(v1alpha1.DNSRecordSRV)
	recordDS    = string(v1alpha1.DNSRecordDS)
	recordCAA   = string(v1alpha1.DNSRecordCAA)
)

// apex is the name of the zone itself.
const apex = "@"

// dnsRecord is a record as it is compared (operators-services §2.3): names in lower-case ASCII without a dot at the end, the
// record's own name relative to the zone (one outside the zone keeps the dot, so that it equals none inside), addresses and
// numbers in their canonical form, blanks collapsed.
type dnsRecord struct {
	Name, Type, Opt, Value string
}

// String is the record on one line, e.g. "@ MX 10 mx1.mail.example". Different records have different strings: the status
// keeps these to know its own records by.
func (r dnsRecord) String() string {
	parts := []string{quotedWord(r.Name), quotedWord(r.Type)}
	for _, f := range form.BlankFields(r.Opt) {
		parts = append(parts, quotedWord(f))
	}
	if r.Type == recordTXT {
		return strings.Join(append(parts, strconv.Quote(r.Value)), " ")
	}
	return strings.Join(append(parts, quotedWord(r.Value)), " ")
}

// quotedWord is s, in quotes where it could be taken for something else.
func quotedWord(s string) string {
	if quoted := strconv.Quote(s); s == "" || quoted != `"`+s+`"` || strings.Contains(s, " ") {
		return quoted
	}
	return s
}

// foundRecord translates a record of a zone from the wire.
func foundRecord(zone string, r dns.Record) dnsRecord {
	out := dnsRecord{Type: r.Type, Name: foundName(zone, v1alpha1.DNSRecordType(r.Type), r.Host)}
	opt := ""
	if r.Opt != nil {
		opt = *r.Opt
	}
	out.Opt, out.Value = canonicalData(r.Type, opt, r.Value)
	return out
}

// request is what adds the record to a zone. Hosts are sent relative, which is the one reading that all sources
// agree on. Text is the value of a TXT record as the user or the server wrote it.
func (r dnsRecord) request(to dns.Owner, text string) dns.AddRecRequest {
	rec := dns.Record{Owner: to, Type: r.Type, Host: r.Name, Value: r.Value}
	if r.Name == apex {
		rec.Host = ""
	}
	if r.Type == recordTXT {
		rec.Value = text
	}
	if r.Opt != "" {
		rec.Opt = &r.Opt
	}
	return dns.AddRecRequest{Record: rec}
}

// canonicalData brings the data of a record into the form in which it is compared. What it cannot read it leaves as it is,
// but for blanks.
func canonicalData(kind, opt, value string) (string, string) {
	opt = form.SingleBlanks(opt)
	switch kind {
	case recordA, recordAAAA:
		return opt, form.ShownAddress(value)
	case recordCNAME, recordNS:
		return opt, form.ShownHostName(value)
	case recordMX, recordSRV, recordPTR:
		return canonicalNumbers(opt), form.ShownHostName(value)
	case recordDS:
		return opt, canonicalDS(value)
	case recordCAA:
		return canonicalCAA(opt, value)
	}
	return opt, form.SingleBlanks(value)
}

// foundName is the name of a record as the server shows its host. Nothing in the template is outside of every zone: whether a server shows the
// placeholder of the domain at the end of its hosts is not documented (operators-services §3).
func foundName(zone string, kind v1alpha1.DNSRecordType, host string) string {
	if kind == v1alpha1.DNSRecordPTR {
		return form.ShownAddress(host)
	}
	name := relativeName(host, zone)
	if zone == templateZone {
		return strings.TrimSuffix(name, ".")
	}
	return name
}

// relativeName is the name within a zone of an absolute host name.
func relativeName(host, zone string) string {
	name := form.ShownHostName(host)
	if name == zone {
		return apex
	}
	if label, inside := strings.CutSuffix(name, "."+zone); inside {
		return label
	}
	return name + "."
}

// canonicalNumbers writes each number without leading zeros or signs.
func canonicalNumbers(opt string) string {
	fields := form.BlankFields(opt)
	for i, f := range fields {
		fields[i] = canonicalNumber(f)
	}
	return strings.Join(fields, " ")
}

func canonicalNumber(s string) string {
	if n, err := strconv.ParseUint(s, 10, 32); err == nil {
		return strconv.FormatUint(n, 10)
	}
	return s
}

// canonicalDS is key tag, algorithm, digest type and digest; zone files split long digests by blanks.
func canonicalDS(value string) string {
	f := form.BlankFields(value)
	if len(f) < 4 {
		return strings.Join(f, " ")
	}
	return canonicalNumbers(strings.Join(f[:3], " ")) + " " + strings.ToLower(strings.Join(f[3:], ""))
}

// canonicalCAA puts flags and tag into opt and the rest into value, wherever the server divides the two: the documents do not
// say (operators-services §2.3).
func canonicalCAA(opt, value string) (string, string) {
	f := form.BlankFields(opt + " " + value)
	if len(f) < 3 {
		return opt, form.SingleBlanks(value)
	}
	if _, err := strconv.ParseUint(f[0], 10, 8); err != nil {
		return opt, form.SingleBlanks(value)
	}
	return canonicalNumber(f[0]) + " " + strings.ToLower(f[1]), unquoted(strings.Join(f[2:], " "))
}

// unquoted is s without the quotes of zone files.
func unquoted(s string) string {
	for len(s) > 2 && strings.HasPrefix(s, `"`) && strings.HasSuffix(s, `"`) {
		s = form.SingleBlanks(s[1 : len(s)-1])
	}
	return s
}
