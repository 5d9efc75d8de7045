// Subscriptions, sites and aliases: the places where everything else hangs, and the names that they share. The operators that make and
// remove them have files of their own.

package plesksim

import (
	"strings"

	"golang.org/x/net/idna"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// webspace is a subscription. Its name, GUID, status and hosting are those of its main site, which has the same id.
type webspace struct {
	ID          int64
	Owner       int64 // account
	ExternalID  string
	IPv4, IPv6  string // at least one of the two
	Permissions map[string]bool
	subscription
}

type siteKind string

const (
	mainSite  siteKind = "main"
	addonSite siteKind = "addon"
	subdomain siteKind = "subdomain"
)

// site is a domain or subdomain: main sites, add-on sites and subdomains share ids and the space of names.
type site struct {
	ID          int64
	Kind        siteKind
	Webspace    int64
	Parent      int64 // of a subdomain: the site that it hangs under
	GUID        string
	Name        string // as people write it, in UTF-8 and lower case
	ASCIIName   string // the same in punycode
	Created     string // YYYY-MM-DD
	Status      int    // its own reasons
	TurnOff     string `json:",omitempty"` // what is left of it while its status is not active
	Description string
	website
}

// alias is another name of a site.
type alias struct {
	ID        int64
	Site      int64
	GUID      string
	Name      string
	ASCIIName string
	aliasSettings
}

// hostingState holds the tables of this file.
type hostingState struct {
	Webspaces *table.Table[webspace]
	Sites     *table.Table[site]
	Aliases   *table.Table[alias]

	webspacesByOwner      *table.Index[webspace]
	webspacesByExternalID *table.Index[webspace]
	sitesByName           *table.Index[site] // by ASCII name
	sitesByGUID           *table.Index[site]
	sitesByWebspace       *table.Index[site]
	sitesByParent         *table.Index[site]
	aliasesByName         *table.Index[alias]
	aliasesBySite         *table.Index[alias]
}

func newHostingState() hostingState {
	var s hostingState
	s.Webspaces = table.New(func(w *webspace) int64 { return w.ID })
	s.webspacesByOwner = s.Webspaces.Index(func(w *webspace) string { return idKey(w.Owner) })
	s.webspacesByExternalID = s.Webspaces.Index(func(w *webspace) string { return w.ExternalID })
	s.Sites = table.New(func(d *site) int64 { return d.ID })
	s.sitesByName = s.Sites.Index(func(d *site) string { return d.ASCIIName })
	s.sitesByGUID = s.Sites.Index(func(d *site) string { return d.GUID })
	s.sitesByWebspace = s.Sites.Index(func(d *site) string { return idKey(d.Webspace) })
	s.sitesByParent = s.Sites.Index(func(d *site) string { return idKey(d.Parent) })
	s.Aliases = table.New(func(a *alias) int64 { return a.ID })
	s.aliasesByName = s.Aliases.Index(func(a *alias) string { return a.ASCIIName })
	s.aliasesBySite = s.Aliases.Index(func(a *alias) string { return idKey(a.Site) })
	return s
}

// domainName is a name in both of its forms.
type domainName struct{ unicode, ascii string }

// parseDomainName reads a domain name in UTF-8 or punycode, in any case; a dot at the end is dropped.
func parseDomainName(name string) (domainName, error) {
	trimmed := strings.ToLower(strings.TrimSuffix(name, "."))
	ascii, err := idna.Lookup.ToASCII(trimmed)
	if err != nil {
		// Lookup refuses underscores and a wildcard, which hosts may have.
		ascii, err = idna.Punycode.ToASCII(trimmed)
	}
	if err != nil || !validDomainName(ascii) {
		return domainName{}, refuse(xmlapi.CodeInvalidValue, "The domain name '%s' is invalid.", name)
	}
	unicode, err := idna.Punycode.ToUnicode(ascii)
	if err != nil {
		unicode = ascii
	}
	return domainName{unicode, ascii}, nil
}

// validDomainName checks the syntax of a name in punycode: two labels or more, no address.
func validDomainName(ascii string) bool {
	labels := strings.Split(ascii, ".")
	if len(labels) < 2 || len(ascii) > 253 || strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return false
	}
	for i, label := range labels {
		if !validLabel(label) && !(i == 0 && label == "*") {
			return false
		}
	}
	return true
}

func validLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, r := range label {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
			return false
		}
	}
	return true
}

// nameTaken refuses a name that any domain, subdomain or alias of the server has, or any record of a foreign zone
// (operators-accounts-server §1, protocol-core §10). self is the object that is being renamed; zone is where records of the name
// may stand: the zone of the object itself or, for a subdomain, of the domain above it. Both may be nil.
func (c *call) nameTaken(name domainName, self *site, own *zone) error {
	if self == nil || self.ASCIIName != name.ascii {
		if err := c.nameRestricted(name); err != nil {
			return err
		}
	}
	if d := c.sitesByName.First(name.ascii); d != nil && d != self {
		return refuse(xmlapi.CodeExists, "Domain %s already exists.", name.unicode)
	}
	if c.aliasesByName.First(name.ascii) != nil {
		return refuse(xmlapi.CodeExists, "Domain alias %s already exists.", name.unicode)
	}
	if c.opts.IgnoreForeignRecords {
		return nil
	}
	for _, r := range c.recordsByHost.All(name.ascii + ".") {
		if own == nil || r.Zone != own.ID {
			return refuse(xmlapi.CodeExists, "Unable to create the domain %s because a DNS record pointing to the host %s already exists.", name.unicode, name.unicode)
		}
	}
	return nil
}
