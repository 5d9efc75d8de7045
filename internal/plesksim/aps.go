// The aps operator: application packages (operators-services §16). The vendor's catalogue cannot be reached: downloads start and then
// fail, as on a real server without access to it. Packages come from files instead. The server's disk holds every file whose name is
// that of a package, NAME-VERSION-RELEASE.app.zip, and every *.xml as a configuration.

package plesksim

import (
	"net/url"
	"path"
	"regexp"
	"strconv"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/plesksim/table"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/aps"
)

// apsState is what the aps operator keeps.
type apsState struct {
	Applications    *table.Table[apsPackage]
	LastApplication int64
	Downloads       *table.Table[download]
	LastDownload    int64
	Installations   *table.Table[installation]
	LastInstalled   int64

	applicationsByFile  *table.Index[apsPackage]
	applicationsByName  *table.Index[apsPackage]
	installationsBySite *table.Index[installation]
}

func newAPSState() apsState {
	var s apsState
	s.Applications = table.New(func(a *apsPackage) int64 { return a.ID })
	s.applicationsByFile = s.Applications.Index(func(a *apsPackage) string { return a.Name + "-" + a.Version + "-" + a.Release })
	s.applicationsByName = s.Applications.Index(func(a *apsPackage) string { return a.Name })
	s.Downloads = table.New(func(d *download) int64 { return d.ID })
	s.Installations = table.New(func(i *installation) int64 { return i.ID })
	s.installationsBySite = s.Installations.Index(func(i *installation) string { return idKey(i.Site) })
	return s
}

// apsPackage is a package of the server.
type apsPackage struct {
	ID                     int64
	Name, Version, Release string
	Visible                bool
}

// download is a task. It is in progress for a while, and then fails.
type download struct {
	ID      int64
	Started time.Time
}

// downloadPatience is how long the server tries to reach the catalogue.
const downloadPatience = 2 * time.Second

// installation is an application on a site. No operation shows one.
type installation struct {
	ID, Site, Application int64
	SSL                   bool
	Prefix                string
}

func apsOperations() []operation {
	return []operation{
		one("aps/download-package", administrator, apsDownload),
		many("aps/get-download-status", administrator, apsDownloadStatus),
		one("aps/import-package", administrator, apsImport),
		many("aps/get-packages-list", administrator, apsList),
		one("aps/get-packages-list-by-reseller", administrator, apsListOfReseller),
		one("aps/get-packages-list-by-webspace", administrator, apsListOfWebspace),
		many("aps/set-package-properties", administrator, apsSetProperties),
		one("aps/install", administrator, apsInstall),
		one("aps/import-config", administrator, apsImportConfig),
	}
}

func apsDownload(c *call, req aps.DownloadPackageRequest) (aps.DownloadPackageResult, error) {
	if req.CatalogURL != nil {
		if u, err := url.Parse(*req.CatalogURL); err != nil || u.Host == "" {
			return aps.DownloadPackageResult{}, refuse(xmlapi.CodeInvalidValue, "The URL '%s' is invalid.", *req.CatalogURL)
		}
	}
	d := &download{ID: next(&c.LastDownload), Started: c.now}
	c.Downloads.Insert(d)
	return aps.DownloadPackageResult{TaskID: d.ID}, nil
}

func apsDownloadStatus(c *call, req xmlapi.QueryRequest) ([]aps.DownloadStatusResult, error) {
	none := refuse(xmlapi.CodeNotFound, "The task does not exist.")
	tasks := finder[download]{
		table: c.Downloads,
		find: func(_, id string) ([]*download, error) {
			return rowsOrMissing(single(c.Downloads.Get(idValue(id))), none)
		},
		sees:    func(*download) bool { return true },
		missing: func() *refusal { return none },
	}
	return each(c, tasks, req.Filter, func(d *download) (aps.DownloadStatusResult, error) {
		task := &aps.DownloadTask{ID: d.ID}
		if c.now.Before(d.Started.Add(downloadPatience)) {
			task.InProgress = &aps.DownloadProgress{}
		} else {
			task.Finished = &aps.DownloadOutcome{Error: new("Unable to connect to the application catalog.")}
		}
		return aps.DownloadStatusResult{Task: task}, nil
	})
}

var packageFile = regexp.MustCompile(`^([^/]+?)-([0-9][^-/]*)-([0-9]+)\.app\.zip$`)

func noFile(name string) *refusal {
	return refuse(xmlapi.CodeInvalidValue, "The file '%s' is not what is expected.", name)
}

func apsImport(c *call, req aps.ImportRequest) (aps.ImportPackageResult, error) {
	is := packageFile.FindStringSubmatch(path.Base(req.FileName))
	if is == nil {
		return aps.ImportPackageResult{}, noFile(req.FileName)
	}
	a := &apsPackage{Name: is[1], Version: is[2], Release: is[3], Visible: true}
	if c.applicationsByFile.First(a.Name+"-"+a.Version+"-"+a.Release) != nil {
		return aps.ImportPackageResult{}, refuse(xmlapi.CodeExists, "The package %s already exists.", a.Name)
	}
	a.ID = next(&c.LastApplication)
	c.Applications.Insert(a)
	return aps.ImportPackageResult{PackageID: a.ID}, nil
}

// apsImportConfig takes the settings of packages, which no operation shows.
func apsImportConfig(_ *call, req aps.ImportRequest) (xmlapi.Result, error) {
	if path.Ext(req.FileName) != ".xml" {
		return xmlapi.Result{}, noFile(req.FileName)
	}
	return xmlapi.Result{}, nil
}

func noApplication() *refusal { return refuse(xmlapi.CodeNotFound, "The package does not exist.") }

func (c *call) applications() finder[apsPackage] {
	return finder[apsPackage]{
		table: c.Applications,
		find: func(_, id string) ([]*apsPackage, error) {
			return rowsOrMissing(single(c.Applications.Get(idValue(id))), noApplication())
		},
		sees:    func(*apsPackage) bool { return true },
		missing: noApplication,
	}
}

func (a *apsPackage) identity() aps.Identity {
	return aps.Identity{
		Name: a.Name, Version: new(a.Version), Release: new(a.Release),
		Uploaded: new("true"), Visible: new(strconv.FormatBool(a.Visible)), // it came as a file
	}
}

// apsList answers a result per package that the filter names, and one with all of them for all.
func apsList(c *call, req aps.GetPackagesListRequest) ([]aps.PackagesListResult, error) {
	shown := func(a *apsPackage) aps.Package { return aps.Package{Identity: a.identity(), ID: new(a.ID)} }
	if req.Filter != nil {
		return each(c, c.applications(), *req.Filter, func(a *apsPackage) (aps.PackagesListResult, error) {
			return aps.PackagesListResult{Packages: []aps.Package{shown(a)}}, nil
		})
	}
	var res aps.PackagesListResult
	for _, a := range c.Applications.All() {
		res.Packages = append(res.Packages, shown(a))
	}
	return []aps.PackagesListResult{res}, nil
}

func apsListOfReseller(c *call, req aps.GetPackagesByResellerRequest) (aps.PackagesResult, error) {
	var res aps.PackagesResult
	if a := c.Accounts.Get(req.ResellerID); a == nil || a.Kind != kindReseller {
		return res, refuse(xmlapi.CodeNotFound, "The reseller does not exist.")
	}
	for _, a := range c.Applications.All() {
		if a.Visible {
			res.Packages = append(res.Packages, a.identity())
		}
	}
	return res, nil
}

func apsListOfWebspace(c *call, req aps.GetPackagesByWebspaceRequest) (aps.PackagesResult, error) {
	var res aps.PackagesResult
	w := c.Webspaces.Get(req.WebspaceID)
	if w == nil {
		return res, refuse(xmlapi.CodeNotFound, "The subscription does not exist.")
	}
	for _, a := range c.Applications.All() {
		if w.offersApplication(a) {
			res.Packages = append(res.Packages, a.identity())
		}
	}
	return res, nil
}

// offersApplication tells whether a subscription's users may install a package: it is visible and, where the filter is on, on the list.
func (w *webspace) offersApplication(a *apsPackage) bool {
	if !a.Visible || !w.APSFilter {
		return a.Visible
	}
	for _, p := range w.Packages {
		if p.Name == a.Name && (text(p.Version) == "" || text(p.Version) == a.Version) {
			return true
		}
	}
	return false
}

func apsSetProperties(c *call, req aps.SetPackagePropertiesRequest) ([]xmlapi.FilterResult, error) {
	return each(c, c.applications(), req.Filter, func(a *apsPackage) (xmlapi.FilterResult, error) {
		a.Visible = req.Properties.Visible
		return xmlapi.FilterResult{}, nil
	})
}
