// Names of sites: what a new one may be, and what a renamed site takes along.

package plesksim

import (
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// siteName reads the full name of a site, self being the site that is renamed. That of a subdomain ends in the name of its parent.
func (c *call) siteName(text string, parent, self *site) (domainName, error) {
	if parent == nil {
		return c.newMainName(text, self, c.zoneAbove(self))
	}
	name, err := parseDomainName(text)
	if err != nil {
		return domainName{}, err
	}
	if !strings.HasSuffix(name.ascii, "."+parent.ASCIIName) {
		return domainName{}, refuse(xmlapi.CodeInvalidValue, "The name '%s' is not that of a subdomain of %s.", text, parent.Name)
	}
	return name, c.nameTaken(name, self, c.zoneAbove(parent))
}

// rename gives a site another name in a draft of it. No subdomain that follows it may collide with another domain either.
func (c *call) rename(d, changed *site, to string) error {
	name, err := c.siteName(to, c.Sites.Get(d.Parent), d)
	if err != nil {
		return err
	}
	changed.Name, changed.ASCIIName = name.unicode, name.ascii
	return c.followersCollide(d, *changed)
}

// followersCollide refuses a new name of a site when one of the subdomains below it would take the name of another domain.
func (c *call) followersCollide(d *site, now site) error {
	own := c.zoneAbove(d)
	for _, child := range c.sitesByParent.All(idKey(d.ID)) {
		moved := *child
		moved.Name, moved.ASCIIName = below(child, *d, now)
		if err := c.nameTaken(domainName{moved.Name, moved.ASCIIName}, child, own); err != nil {
			return err
		}
		if err := c.followersCollide(child, moved); err != nil {
			return err
		}
	}
	return nil
}

// commitSite puts a draft in the place of its site, and changes what depends on its name.
func (c *call) commitSite(d *site, changed site) {
	was := *d
	c.Sites.Change(d, func() { *d = changed })
	if d.ASCIIName != was.ASCIIName {
		c.renamed(d, was)
	}
	if d.hostingType() != was.hostingType() {
		c.hostingRemoved(&was)
		c.hostingCreated(d)
	}
}

// renamed changes what depends on a site's name: its zone, or its records in the zone above, and the subdomains below it.
func (c *call) renamed(d *site, was site) {
	switch z := c.zoneAbove(d); {
	case z == nil:
	case d.Kind == subdomain:
		c.renameHosts(z, was.ASCIIName, d.ASCIIName)
		c.zoneChanged(z)
	default:
		c.renameZone(z, d.ASCIIName)
	}
	c.renameSubdomains(d, was)
}

func (c *call) renameSubdomains(d *site, was site) {
	for _, child := range c.sitesByParent.All(idKey(d.ID)) {
		before := *child
		c.Sites.Change(child, func() { child.Name, child.ASCIIName = below(child, was, *d) })
		c.renameSubdomains(child, before)
	}
}

// below is the name of a subdomain after the site above it was renamed.
func below(child *site, was, now site) (name, asciiName string) {
	return strings.TrimSuffix(child.Name, was.Name) + now.Name, strings.TrimSuffix(child.ASCIIName, was.ASCIIName) + now.ASCIIName
}
