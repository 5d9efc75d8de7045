// Records as they are written and as they are kept: relative and loose in requests, absolute in answers (operators-services §2.3).

package plesksim

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// encode turns a record from a request into that of a zone, or refuses it.
func (r *record) encode(zone string, keepFullNames bool, os OS) error {
	if err := r.encodeType(os); err != nil {
		return err
	}
	if r.Type == "PTR" {
		a, err := netip.ParseAddr(r.Host)
		if err != nil {
			return refuse(xmlapi.CodeInvalidValue, "The IP address '%s' is invalid.", r.Host)
		}
		if err := r.encodePrefix(a.BitLen()); err != nil {
			return err
		}
	} else if err := r.encodeHost(zone, keepFullNames); err != nil {
		return err
	}
	return r.encodeValue()
}

// encodeTemplate does the same for the template, whose names end in the placeholder of the domain and whose values may hold others.
func (r *record) encodeTemplate(os OS) error {
	if err := r.encodeType(os); err != nil {
		return err
	}
	switch {
	case r.Type == "PTR":
		if err := r.encodePrefix(128); err != nil {
			return err
		}
	case r.Host == "":
		r.Host = "<domain>."
	case strings.Contains(r.Host, "<domain>"):
		r.Host = strings.TrimSuffix(r.Host, ".") + "."
	default:
		r.Host = strings.TrimSuffix(r.Host, ".") + ".<domain>."
	}
	if !strings.Contains(r.Value, "<") {
		return r.encodeValue()
	}
	if nameValued[r.Type] {
		r.Value = strings.TrimSuffix(r.Value, ".") + "."
	}
	return nil
}

// encodeType refuses types that are no records here and settles opt, which only some types have.
func (r *record) encodeType(os OS) error {
	switch r.Type {
	case "SOA":
		return refuse(xmlapi.CodeInvalidValue, "SOA records cannot be added.")
	case "AXFR": // who may transfer the zone
		if os != Windows {
			return refuse(xmlapi.CodeUnsupportedByVersion, "AXFR records are not supported on this platform.")
		}
	case "MX":
		if r.Opt == "" {
			r.Opt = defaultMXPriority
		}
		return r.encodeNumbers(1, "priority")
	case "SRV":
		return r.encodeNumbers(3, "priority, weight and port")
	case "PTR", "CAA", "TLSA", "HTTPS":
		return nil
	}
	r.Opt = ""
	return nil
}

const defaultMXPriority = "10"

func (r *record) encodeNumbers(n int, what string) error {
	fields := strings.Fields(r.Opt)
	for i, f := range fields {
		number, err := strconv.ParseUint(f, 10, 16)
		if err != nil {
			return refuse(xmlapi.CodeInvalidValue, "The %s of the %s record is invalid: '%s'.", what, r.Type, r.Opt)
		}
		fields[i] = strconv.FormatUint(number, 10)
	}
	if len(fields) != n {
		return refuse(xmlapi.CodeInvalidValue, "The %s of the %s record is invalid: '%s'.", what, r.Type, r.Opt)
	}
	r.Opt = strings.Join(fields, " ")
	return nil
}

// encodePrefix settles the prefix length of a PTR record.
func (r *record) encodePrefix(most int) error {
	if r.Opt == "" {
		r.Opt = "24"
	}
	if n, err := strconv.Atoi(r.Opt); err != nil || n < 0 || n > most {
		return refuse(xmlapi.CodeInvalidValue, "The network mask '%s' is invalid.", r.Opt)
	}
	return nil
}

// encodeHost makes a host absolute. It is always taken as relative to the zone, unless the switch says that a name which is
// already inside the zone stays as it is.
func (r *record) encodeHost(zone string, keepFullNames bool) error {
	host, err := idna.Punycode.ToASCII(strings.TrimSuffix(r.Host, "."))
	if err != nil {
		return refuse(xmlapi.CodeInvalidValue, "The host name '%s' is invalid.", r.Host)
	}
	switch folded := strings.ToLower(host); {
	case host == "":
		host = zone
	case keepFullNames && (folded == zone || strings.HasSuffix(folded, "."+zone)):
	default:
		host += "." + zone
	}
	for i, label := range strings.Split(host, ".") {
		if !validLabel(label) && !(i == 0 && label == "*") {
			return refuse(xmlapi.CodeInvalidValue, "The host name '%s' is invalid.", r.Host)
		}
	}
	if len(host) > 253 {
		return refuse(xmlapi.CodeInvalidValue, "The host name '%s' is too long.", r.Host)
	}
	r.Host = host + "."
	return nil
}

// hasNullTarget tells a record that says that there is no mail server (RFC 7505) or no such service (RFC 2782).
func (r *record) hasNullTarget() bool { return (r.Type == "MX" || r.Type == "SRV") && r.Value == "." }

// encodeValue checks the value and makes host names absolute: they are never relative to the zone.
func (r *record) encodeValue() error {
	invalid := refuse(xmlapi.CodeInvalidValue, "The value of the %s record is invalid: '%s'.", r.Type, r.Value)
	switch {
	case r.Value == "":
		return invalid
	case r.Type == "A" || r.Type == "AAAA":
		a, err := netip.ParseAddr(r.Value)
		if err != nil || a.Is4() != (r.Type == "A") || a.Zone() != "" {
			return invalid
		}
	case r.hasNullTarget():
	case nameValued[r.Type]:
		name, err := idna.Punycode.ToASCII(strings.TrimSuffix(r.Value, "."))
		if err != nil || len(name) > 253 {
			return invalid
		}
		for _, label := range strings.Split(name, ".") {
			if !validLabel(label) {
				return invalid
			}
		}
		r.Value = name + "."
	case r.Type == "DS":
		if len(strings.Fields(r.Value)) != 4 {
			return invalid
		}
	}
	return nil
}
