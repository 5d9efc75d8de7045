// Calls of the Git extension: repositories that are deployed to sites (operators-services §15).

package plesksim

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	extensionapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
)

const gitExtension = "git"

// gitRepository has its name within a site as its key.
type gitRepository struct {
	Site           int64
	Name           string
	DeploymentPath string
	DeploymentMode string
	RemoteURL      string `json:",omitempty"`
	SkipSSL        bool   `json:",omitempty"`
	Actions        string `json:",omitempty"`
}

var gitNamePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// callGit executes the one verb of a call.
func (c *call) callGit(callee extensionapi.Element) (extensionapi.Element, error) {
	var none extensionapi.Element
	if len(callee.Children) != 1 {
		return none, refuse(xmlapi.CodeInvalidValue, "A call of the extension %s has one operation.", gitExtension)
	}
	verb := callee.Children[0]
	given := map[string]string{}
	for _, child := range verb.Children {
		given[child.Name.Local] = strings.TrimSpace(child.Text)
	}
	d, err := c.gitSite(given["domain"])
	if err != nil {
		return none, err
	}
	switch verb.Name.Local {
	case "create":
		r, err := c.createGitRepository(d, given)
		if err != nil {
			return none, err
		}
		return extensionapi.Named("create", extensionapi.Named("repository", extensionapi.Value("name", r.Name))), nil
	case "remove":
		i := c.gitRepositoryAt(d, given["name"])
		if i < 0 {
			return none, refuse(xmlapi.CodeNotFound, "Repository %s does not exist.", given["name"])
		}
		c.GitRepositories = slices.Delete(c.GitRepositories, i, i+1)
		return extensionapi.Named("remove"), nil
	}
	return none, refuse(xmlapi.CodeUnsupportedByVersion, "The extension %s has no operation %s.", gitExtension, verb.Name.Local)
}

func (c *call) gitSite(name string) (*site, error) {
	missing := refuse(xmlapi.CodeOwnerNotFound, "Domain does not exist.")
	parsed, err := parseDomainName(name)
	if err != nil {
		return nil, missing
	}
	if d := c.sitesByName.first(parsed.ascii); d != nil && c.seesSite(d) {
		return d, nil
	}
	return nil, missing
}

func (s *state) gitRepositoryAt(d *site, name string) int {
	return slices.IndexFunc(s.GitRepositories, func(r gitRepository) bool { return r.Site == d.ID && r.Name == name })
}

func (c *call) createGitRepository(d *site, given map[string]string) (gitRepository, error) {
	r := gitRepository{
		Site: d.ID, Name: given["name"], DeploymentPath: given["deployment-path"], DeploymentMode: given["deployment-mode"],
		RemoteURL: given["remote-url"], SkipSSL: given["skip-ssl-verification"] == "true" || given["skip-ssl-verification"] == "1",
		Actions: given["actions"],
	}
	if r.DeploymentMode == "" {
		r.DeploymentMode = extensionapi.DeployAutomatically
	}
	modes := []string{extensionapi.DeployAutomatically, extensionapi.DeployManually, extensionapi.DeployNever}
	switch to := path.Clean("/" + r.DeploymentPath); {
	case !gitNamePattern.MatchString(r.Name):
		return r, refuse(xmlapi.CodeInvalidValue, "The name of the repository is invalid: '%s'.", r.Name)
	case !slices.Contains(modes, r.DeploymentMode):
		return r, refuse(xmlapi.CodeInvalidValue, "The deployment mode '%s' is invalid.", r.DeploymentMode)
	case strings.Contains(r.DeploymentPath, "..") || to == "/" && r.DeploymentPath != "":
		return r, refuse(xmlapi.CodeInvalidValue, "The deployment path '%s' is invalid.", r.DeploymentPath)
	case r.RemoteURL != "" && !remoteURL(r.RemoteURL):
		return r, refuse(xmlapi.CodeInvalidValue, "The URL '%s' is invalid.", r.RemoteURL)
	case c.gitRepositoryAt(d, r.Name) >= 0:
		return r, refuse(xmlapi.CodeExists, "Repository %s already exists.", r.Name)
	}
	c.GitRepositories = append(c.GitRepositories, r)
	return r, nil
}

// remoteURL tells whether Git could fetch from there: a URL, or the short form of SSH.
func remoteURL(text string) bool {
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		return slices.Contains([]string{"http", "https", "ssh", "git"}, u.Scheme)
	}
	return regexp.MustCompile(`^[\w.-]+@[\w.-]+:\S+$`).MatchString(text)
}

// removeGitRepositoriesOf takes a site's repositories away with it.
func (c *call) removeGitRepositoriesOf(d *site) {
	c.GitRepositories = slices.DeleteFunc(c.GitRepositories, func(r gitRepository) bool { return r.Site == d.ID })
}
