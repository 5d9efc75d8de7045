// Names of hosts and domains: one normal form to compare and claim them by, another to send.

package form

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/net/idna"
)

// hostNames maps host names as browsers do, but lets through what only DNS uses: underscores, wildcards, hyphens anywhere.
var hostNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.CheckHyphens(false))

// HostName is the normal form of a name in DNS: lower-case ASCII without a dot at the end; "." is the root.
func HostName(s string) (string, error) {
	s = SingleBlanks(s)
	ascii, err := hostNames.ToASCII(strings.TrimRight(s, "."))
	if err != nil {
		return "", err
	}
	ascii = strings.TrimRight(ascii, ".") // other scripts' full stops have become dots
	switch {
	case strings.Contains(ascii, " "):
		return "", errors.New("a host name holds no blanks")
	case ascii == "" && s != "":
		return ".", nil
	}
	return ascii, nil
}

// ShownHostName is HostName for what the server shows, which need not be a host name.
func ShownHostName(s string) string {
	if ascii, err := HostName(s); err == nil {
		return ascii
	}
	return SingleBlanks(s)
}

// The limits of host names.
const (
	MaxHostName = 253
	maxLabel    = 63
)

// HostProblem says what is wrong with a host name in ASCII, "" if nothing is.
func HostProblem(name string) string {
	if len(name) > MaxHostName {
		return fmt.Sprintf("longer than %d characters", MaxHostName)
	}
	for label := range strings.SplitSeq(name, ".") {
		switch {
		case label == "":
			return "a part between two dots is empty"
		case len(label) > maxLabel:
			return fmt.Sprintf("the part %q is longer than %d characters", label, maxLabel)
		case strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") || strings.ContainsFunc(label, notInLabel):
			return fmt.Sprintf("the part %q may hold letters, digits, underscores and inner hyphens only", label)
		}
	}
	return ""
}

func notInLabel(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
}

// domainNames maps names as users write them (upper case, full-width, composed or not) to the form for lookups of RFC 5891, and
// refuses what could not stand in DNS: blanks, underscores, labels too long.
var domainNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.CheckHyphens(true),
	idna.CheckJoiners(true), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// DomainName is the normal form of the name of a site: lower case, punycode. What only records in DNS may have, and HostName lets through,
// it refuses, and says what to write.
func DomainName(name string) (string, error) {
	ascii, err := domainNames.ToASCII(name)
	if err != nil || strings.HasSuffix(ascii, ".") {
		return "", errors.New(domainProblem(name))
	}
	return ascii, nil
}

// domainProblem says why a text is not a domain name, and what to write instead.
func domainProblem(name string) string {
	switch folded, _ := hostNames.ToASCII(name); {
	case strings.Contains(folded, "_"):
		return "an underscore can stand in DNS records, not in a domain name: write a hyphen"
	case strings.Contains(folded, "*"):
		return "a wildcard is no domain name: write the domain's own name, and the wildcard as a record of its zone"
	case strings.HasSuffix(folded, "."):
		return "write the domain name without the dot at the end"
	case strings.Contains(folded, "xn--"):
		return "not a domain name: the part that begins with xn-- is no name in punycode; names in other scripts can be written as they are"
	default:
		if problem := HostProblem(folded); problem != "" && folded != "" {
			return problem
		}
	}
	return "not a domain name: write letters, digits and inner hyphens in parts divided by dots, e.g. shop.acme.example"
}

// FullDomain is a domain name, in whatever form it is written, as the protocol wants it sent: in full, not in punycode (protocol-core §4.1).
// What is not a domain name is left to the server to refuse.
func FullDomain(name string) string {
	if full, err := domainNames.ToUnicode(name); err == nil {
		return full
	}
	return name
}
