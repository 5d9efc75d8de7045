// aps/install: an application on a site, with its database (operators-services §16).

package plesksim

import (
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/aps"
	databaseapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

func apsInstall(c *call, req aps.InstallRequest) (xmlapi.Result, error) {
	var none xmlapi.Result
	d, err := c.installationSite(req)
	if err != nil {
		return none, err
	}
	a := c.applicationFor(req)
	w := c.Webspaces.Get(d.Webspace)
	switch {
	case a == nil:
		return none, noApplication()
	case !w.offersApplication(a):
		return none, permissionDenied()
	case d.hostingType() != hosting.Virtual:
		return none, refuse(xmlapi.CodeInvalidValue, "The domain %s has no web hosting.", d.Name)
	}
	i := &installation{Site: d.ID, Application: a.ID, SSL: req.SSL != nil && *req.SSL, Prefix: strings.Trim(text(req.URLPrefix), "/")}
	if strings.ContainsAny(i.Prefix, " ?#%\\") || slices.Contains(strings.Split(i.Prefix, "/"), "..") {
		return none, refuse(xmlapi.CodeInvalidValue, "The URL prefix '%s' is invalid.", i.Prefix)
	}
	for _, other := range c.installationsBySite.All(idKey(d.ID)) {
		if other.SSL == i.SSL && other.Prefix == i.Prefix {
			return none, refuse(xmlapi.CodeExists, "Another application is installed at the URL prefix '%s'.", i.Prefix)
		}
	}
	if req.Database != nil {
		if err := c.installDatabase(w, *req.Database); err != nil {
			return none, err
		}
	}
	i.ID = next(&c.LastInstalled)
	c.Installations.Insert(i)
	c.event("siteapp", "siteapp_added", idKey(d.ID))
	return none, nil
}

// installationSite is the domain or subdomain that the request names.
func (c *call) installationSite(req aps.InstallRequest) (*site, error) {
	var d *site
	byID, byName := req.DomainID, req.DomainName
	below := req.SubdomainID != nil || req.SubdomainName != nil
	if below {
		byID, byName = req.SubdomainID, req.SubdomainName
	}
	if byID != nil {
		d = c.Sites.Get(*byID)
	} else if name, err := parseDomainName(*byName); err == nil {
		d = c.sitesByName.First(name.ascii)
	}
	if d == nil || (d.Kind == subdomain) != below {
		return nil, refuse(xmlapi.CodeOwnerNotFound, "Domain does not exist.")
	}
	return d, nil
}

// applicationFor is the package that the request names: of several with the name, the one that came last.
func (c *call) applicationFor(req aps.InstallRequest) *apsPackage {
	if req.PackageID != nil {
		return c.Applications.Get(*req.PackageID)
	}
	same := func(asked *string, is string) bool { return text(asked) == "" || *asked == is }
	for _, a := range slices.Backward(c.applicationsByName.All(req.Package.Name)) {
		if same(req.Package.Version, a.Version) && same(req.Package.Release, a.Release) {
			return a
		}
	}
	return nil
}

// installDatabase makes the application's database and its user, or neither.
func (c *call) installDatabase(w *webspace, given aps.Database) error {
	made := databaseapi.AddDBRequest{WebspaceID: w.ID, Name: given.Name, Type: dbserver.MySQL}
	if host := text(given.Server); host != "" {
		at := slices.IndexFunc(c.DatabaseServers, func(s databaseServer) bool { return s.Host == host && s.Type == dbserver.MySQL })
		if at < 0 {
			return noDatabaseServer()
		}
		made.ServerID = new(c.DatabaseServers[at].ID)
	}
	added, err := databaseAdd(c, made)
	if err != nil {
		return err
	}
	if _, err := databaseAddUser(c, databaseapi.AddDBUserRequest{DatabaseID: new(added.ID), Login: given.Login, Password: given.Password}); err != nil {
		c.removeDatabase(c.Databases.Get(added.ID))
		return err
	}
	return nil
}

// removeInstallations removes the applications of a site.
func (c *call) removeInstallations(d *site) {
	for _, i := range c.installationsBySite.All(idKey(d.ID)) {
		c.Installations.Remove(i)
	}
}
