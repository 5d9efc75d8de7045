// The virtdir operator: virtual directories of IIS, which only Windows has (operators-services §10).

package plesksim

import (
	"net/netip"
	"path"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/virtdir"
)

// virtualDir is a virtual directory of a site. What its properties point to is never changed in place.
type virtualDir struct {
	ID         int64 // the server's own; the protocol names directories by their paths
	Site       int64
	Name       string
	Properties virtdir.Properties
}

// virtualDirState holds the table of virtual directories.
type virtualDirState struct {
	VirtualDirs    *table.Table[virtualDir]
	LastVirtualDir int64

	virtualDirsBySite *table.Index[virtualDir]
	virtualDirsByPath *table.Index[virtualDir] // by site and path
}

func newVirtualDirState() virtualDirState {
	var s virtualDirState
	s.VirtualDirs = table.New(func(v *virtualDir) int64 { return v.ID })
	s.virtualDirsBySite = s.VirtualDirs.Index(func(v *virtualDir) string { return idKey(v.Site) })
	s.virtualDirsByPath = s.VirtualDirs.Index(func(v *virtualDir) string { return idKey(v.Site) + virtualPath(v.Name) })
	return s
}

// virtualPath is a path as it is compared: on Windows, case does not matter.
func virtualPath(name string) string { return strings.ToLower(path.Clean("/" + name)) }

// virtualRoot is the directory that every site has: the site's folder itself.
const virtualRoot = "/"

func virtDirOperations() []operation {
	return []operation{
		one("virtdir/create", administrator, virtDirCreate),
		many("virtdir/get", administrator, virtDirGet),
		one("virtdir/update", administrator, virtDirUpdate),
		one("virtdir/remove", administrator, virtDirRemove),
	}
}

// virtDirSite finds the site that a request names as such or as a subdomain.
func (c *call) virtDirSite(siteID, subdomainID *int64) (*site, error) {
	if err := c.onlyOn(Windows); err != nil {
		return nil, err
	}
	_, value := namedBy(nil, siteID, nil)
	if subdomainID != nil {
		_, value = namedBy(nil, subdomainID, nil)
	}
	d, err := c.parentSite("id", value)
	if err == nil && subdomainID != nil && d.Kind != subdomain {
		return nil, noParent()
	}
	return d, err
}

// virtDirOf finds a virtual directory of a site. The root always exists.
func (c *call) virtDirOf(d *site, name string) (*virtualDir, error) {
	if v := c.virtualDirsByPath.First(idKey(d.ID) + virtualPath(name)); v != nil {
		return v, nil
	}
	if virtualPath(name) == virtualRoot {
		return &virtualDir{Site: d.ID, Name: virtualRoot, Properties: newVirtualDirProperties(virtualRoot)}, nil
	}
	return nil, refuse(xmlapi.CodeNotFound, "Virtual directory %s does not exist.", name)
}

// newVirtualDirProperties are the properties of a directory that is made without any.
func newVirtualDirProperties(name string) virtdir.Properties {
	return virtdir.Properties{
		RealPath: &name, AccessSource: new(false), AccessRead: new(true), AccessWrite: new(false), DirBrowsing: new(false), LogVisits: new(true),
		ExecutePerm: new(virtdir.ExecuteScripts),
	}
}

func virtDirCreate(c *call, req virtdir.PropertiesRequest) (xmlapi.Result, error) {
	none := xmlapi.Result{}
	d, err := c.virtDirSite(req.SiteID, req.SubdomainID)
	if err != nil {
		return none, err
	}
	if _, err := c.virtDirOf(d, req.Name); err == nil {
		return none, refuse(xmlapi.CodeExists, "Virtual directory %s already exists.", req.Name)
	}
	if err := checkVirtualDir(req.Properties); err != nil {
		return none, err
	}
	c.putVirtualDir(d, &virtualDir{Site: d.ID, Name: req.Name, Properties: overlay(newVirtualDirProperties(req.Name), req.Properties)})
	return none, nil
}

// putVirtualDir puts a directory in its table unless it is there.
func (c *call) putVirtualDir(d *site, v *virtualDir) {
	if v.ID == 0 {
		v.ID = next(&c.LastVirtualDir)
		c.VirtualDirs.Insert(v)
	}
	c.hostingEvent(d, "updated")
}

// checkVirtualDir refuses what the grammar lets through.
func checkVirtualDir(p virtdir.Properties) error {
	for _, list := range [][]string{p.IPAllow, p.IPDeny} {
		for _, entry := range list {
			_, errAddress := netip.ParseAddr(entry)
			_, errPrefix := netip.ParsePrefix(entry)
			address, mask, masked := strings.Cut(entry, "/")
			a, errMasked := netip.ParseAddr(address)
			if errAddress != nil && errPrefix != nil && !(masked && errMasked == nil && validNetmask(a, mask)) {
				return refuse(xmlapi.CodeInvalidValue, "The IP address '%s' is invalid.", entry)
			}
		}
	}
	for _, n := range []*int64{p.ASPBufferingLimit, p.ASPMaxRequestEntity, p.MaxConcurrentRequests, p.MaxRequests, p.RequestInterval} {
		if n != nil && *n < 1 {
			return refuse(xmlapi.CodeInvalidValue, "The value %d of the virtual directory is invalid.", *n)
		}
	}
	if p.RealPath != nil && *p.RealPath == "" {
		return refuse(xmlapi.CodeInvalidValue, "The path of the virtual directory is not given.")
	}
	return nil
}

func virtDirGet(c *call, req virtdir.NameRequest) ([]virtdir.GetResult, error) {
	d, err := c.virtDirSite(req.SiteID, req.SubdomainID)
	if err != nil {
		return nil, err
	}
	v, err := c.virtDirOf(d, req.Name)
	if err != nil {
		return nil, err
	}
	return []virtdir.GetResult{{Properties: new(v.Properties)}}, nil
}

func virtDirUpdate(c *call, req virtdir.PropertiesRequest) (xmlapi.Result, error) {
	none := xmlapi.Result{}
	d, err := c.virtDirSite(req.SiteID, req.SubdomainID)
	if err != nil {
		return none, err
	}
	v, err := c.virtDirOf(d, req.Name)
	if err != nil {
		return none, err
	}
	if err := checkVirtualDir(req.Properties); err != nil {
		return none, err
	}
	v.Properties = overlay(v.Properties, req.Properties) // no index knows them
	c.putVirtualDir(d, v)
	return none, nil
}

// virtDirRemove removes a directory with those below it.
func virtDirRemove(c *call, req virtdir.NameRequest) (xmlapi.Result, error) {
	none := xmlapi.Result{}
	d, err := c.virtDirSite(req.SiteID, req.SubdomainID)
	if err != nil {
		return none, err
	}
	v, err := c.virtDirOf(d, req.Name)
	if err != nil {
		return none, err
	}
	gone := virtualPath(v.Name)
	if gone == virtualRoot {
		return none, refuse(xmlapi.CodeInvalidValue, "The root directory cannot be removed.")
	}
	for _, other := range c.virtualDirsBySite.All(idKey(d.ID)) {
		if p := virtualPath(other.Name); p == gone || strings.HasPrefix(p, gone+"/") {
			c.VirtualDirs.Remove(other)
		}
	}
	c.hostingEvent(d, "updated")
	return none, nil
}

// removeVirtualDirsOf removes a site's virtual directories.
func (c *call) removeVirtualDirsOf(d *site) {
	for _, v := range c.virtualDirsBySite.All(idKey(d.ID)) {
		c.VirtualDirs.Remove(v)
	}
}
