// Domain names: one normal form to compare and claim them by, another to send.

package controller

import (
	"errors"
	"strings"

	"golang.org/x/net/idna"
)

// domainNames maps names as users write them (upper case, full-width, composed or not) to the form for lookups of RFC 5891, and
// refuses what could not stand in DNS: blanks, underscores, labels too long.
var domainNames = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.CheckHyphens(true),
	idna.CheckJoiners(true), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// asciiDomain is the normal form of a domain name: lower case, punycode.
func asciiDomain(name string) (string, error) {
	ascii, err := domainNames.ToASCII(name)
	if err != nil || strings.HasSuffix(ascii, ".") {
		return "", errors.New(domainProblem(name))
	}
	return ascii, nil
}

// domainProblem says what is wrong with what is no domain name, and what to write.
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
		if problem := hostProblem(folded); problem != "" && folded != "" {
			return problem
		}
	}
	return "not a domain name: write letters, digits and inner hyphens in parts divided by dots, e.g. shop.acme.example"
}

// sentDomain is the form in which names are sent: in full, as the protocol asks for (protocol-core §4.1). A name that is none is left
// to the server to refuse.
func sentDomain(name string) string {
	if full, err := domainNames.ToUnicode(name); err == nil {
		return full
	}
	return name
}
