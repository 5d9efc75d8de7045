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
	if err != nil {
		return "", err
	}
	if strings.HasSuffix(ascii, ".") {
		return "", errors.New("a domain name does not end in a full stop here")
	}
	return ascii, nil
}

// sentDomain is the form in which names are sent: in full, as the protocol asks for (protocol-core §4.1). A name that is none is left
// to the server to refuse.
func sentDomain(name string) string {
	if full, err := domainNames.ToUnicode(name); err == nil {
		return full
	}
	return name
}
