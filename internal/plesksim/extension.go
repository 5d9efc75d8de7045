// The extension operator: extensions of the panel (operators-services §15). The one that can be called is in extension_git.go.

package plesksim

import (
	"net/url"
	"path"
	"regexp"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	extensionapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
)

// extension is an installed extension.
type extension struct {
	ID, Name, Version, Release string
	Active                     bool
}

// extensionState holds the installed extensions, and what they keep.
type extensionState struct {
	Extensions      []extension
	GitRepositories []gitRepository
}

// extensionCatalogue is what the vendor offers; the first ones come with a fresh server.
var extensionCatalogue = []extension{
	{gitExtension, "Git", "2.7.1", "4410", true}, {"letsencrypt", "Let's Encrypt", "3.2.10", "1620", true},
	{"sslit", "SSL It!", "1.19.0", "2841", true}, {"wp-toolkit", "WP Toolkit", "6.7.0", "9160", true},
	{"nodejs", "Node.js Toolkit", "2.4.2", "730", true}, {"ruby", "Ruby", "1.4.2", "241", true}, {"docker", "Docker", "1.9.0", "620", true},
}

// preinstalled are as many of the catalogue as a fresh server has.
const preinstalled = 4

func (s *state) seedExtensions() {
	s.Extensions = slices.Clone(extensionCatalogue[:preinstalled])
}

func extensionOperations() []operation {
	return []operation{
		one("extension/install", administrator, extensionInstall),
		one("extension/uninstall", administrator, extensionUninstall),
		one("extension/get", administrator, extensionGet),
		one("extension/call", anyone, extensionCall),
	}
}

func extensionMissing(id string) *refusal {
	return refuse(xmlapi.CodeNotFound, "Extension %s does not exist.", id)
}

func (s *state) extension(id string) *extension {
	i := slices.IndexFunc(s.Extensions, func(e extension) bool { return e.ID == id })
	if i < 0 {
		return nil
	}
	return &s.Extensions[i]
}

// extensionInstall replaces what is installed already.
func extensionInstall(c *call, req extensionapi.InstallRequest) (xmlapi.Result, error) {
	var e extension
	if req.ID != nil {
		i := slices.IndexFunc(extensionCatalogue, func(e extension) bool { return e.ID == *req.ID })
		if i < 0 {
			return xmlapi.Result{}, extensionMissing(*req.ID)
		}
		e = extensionCatalogue[i]
	} else {
		var err error
		if e, err = archivedExtension(*req.URL); err != nil {
			return xmlapi.Result{}, err
		}
	}
	if old := c.extension(e.ID); old != nil {
		*old = e
	} else {
		c.Extensions = append(c.Extensions, e)
	}
	return xmlapi.Result{}, nil
}

// archiveName is how archives are named: acme-1.2-3.zip.
var archiveName = regexp.MustCompile(`^([a-z][a-z0-9-]*?)(?:-([0-9][0-9.]*)(?:-([0-9]+))?)?\.zip$`)

// archivedExtension tells from an archive's name what would be in it: nothing is downloaded.
func archivedExtension(from string) (extension, error) {
	u, err := url.Parse(from)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return extension{}, refuse(xmlapi.CodeInvalidValue, "The URL '%s' is invalid.", from)
	}
	m := archiveName.FindStringSubmatch(path.Base(u.Path))
	if m == nil {
		return extension{}, refuse(xmlapi.CodeFailed, "The file at %s is not an extension.", from)
	}
	e := extension{ID: m[1], Name: m[1], Version: m[2], Release: m[3], Active: true}
	if e.Version == "" {
		e.Version = "1.0"
	}
	if e.Release == "" {
		e.Release = "1"
	}
	return e, nil
}

// extensionUninstall removes an extension with what it keeps.
func extensionUninstall(c *call, req extensionapi.UninstallRequest) (xmlapi.Result, error) {
	if c.extension(req.ID) == nil {
		return xmlapi.Result{}, extensionMissing(req.ID)
	}
	c.Extensions = slices.DeleteFunc(c.Extensions, func(e extension) bool { return e.ID == req.ID })
	if req.ID == gitExtension {
		c.GitRepositories = nil
	}
	return xmlapi.Result{}, nil
}

// extensionGet answers one result for all.
func extensionGet(c *call, req extensionapi.GetRequest) (extensionapi.GetResult, error) {
	var res extensionapi.GetResult
	for _, e := range c.Extensions {
		if req.Filter == nil || slices.Contains(req.Filter.Values(), e.ID) {
			res.Details = append(res.Details, extensionapi.Details{
				ID: new(e.ID), Name: new(e.Name), Version: new(e.Version), Release: new(e.Release), Active: new(e.Active),
			})
		}
	}
	if req.Filter != nil {
		res.FilterID = req.Filter.Values()[0]
		if len(res.Details) == 0 {
			res.Result = c.failure(extensionMissing(res.FilterID))
		}
	}
	return res, nil
}

// extensionCall passes a call on to the extension that its first element names. Git is the only one here whose calls are documented. An
// extension that takes no calls is answered like one that is not installed (operators-services, corrections of §15).
func extensionCall(c *call, req extensionapi.CallRequest) (extensionapi.CallResult, error) {
	callee := req.Elements[0]
	if e := c.extension(callee.Name.Local); e == nil || !e.Active || e.ID != gitExtension {
		return extensionapi.CallResult{}, refuse(xmlapi.CodeNotFound, "Hook ApiRpc is not implemented in %s", callee.Name.Local)
	}
	answer, err := c.callGit(callee)
	if err != nil {
		return extensionapi.CallResult{}, err
	}
	return extensionapi.CallResult{Elements: []extensionapi.Element{extensionapi.Named(gitExtension, answer)}}, nil
}
