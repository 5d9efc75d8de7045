// Calls of the Git extension: repositories that are deployed to sites (operators-services §15).

package plesksim

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
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
	Branch         string // that is deployed
	Actions        string `json:",omitempty"`
}

var gitNamePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// callGit executes the one verb of a call. All verbs but get name a domain, and all but get and create a repository of it.
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
	act, known := gitVerbs[verb.Name.Local]
	if !known {
		return none, refuse(xmlapi.CodeUnsupportedByVersion, "The extension %s has no operation %s.", gitExtension, verb.Name.Local)
	}
	answer, err := act(c, given)
	return extensionapi.Named(verb.Name.Local, answer...), err
}

// gitVerbs are the operations, each answering what goes into its element.
var gitVerbs = map[string]func(c *call, given map[string]string) ([]extensionapi.Element, error){
	"get":    (*call).gitGet,
	"create": (*call).gitCreate,
	"update": (*call).gitUpdate,
	"remove": (*call).gitRemove,
	"deploy": (*call).gitDeploy,
	"fetch":  (*call).gitFetch,
}

// gitGet answers the repositories of a domain or, without one, all that the caller may know of.
func (c *call) gitGet(given map[string]string) ([]extensionapi.Element, error) {
	var only *site
	if name, asked := given["domain"]; asked {
		var err error
		if only, err = c.gitSite(name); err != nil {
			return nil, err
		}
	}
	var answer []extensionapi.Element
	for _, r := range c.GitRepositories {
		if d := c.Sites.Get(r.Site); c.seesSite(d) && (only == nil || only == d) {
			answer = append(answer, r.describe(d))
		}
	}
	return answer, nil
}

func (r gitRepository) describe(d *site) extensionapi.Element {
	parts := []extensionapi.Element{
		extensionapi.Value("name", r.Name), extensionapi.Value("domain", d.Name), extensionapi.Value("deployment-path", r.DeploymentPath),
		extensionapi.Value("deployment-mode", r.DeploymentMode), extensionapi.Value("skip-ssl-verification", strconv.FormatBool(r.SkipSSL)),
		extensionapi.Value("active-branch", r.Branch), extensionapi.Value("actions", r.Actions),
	}
	if r.RemoteURL != "" {
		parts = append(parts, extensionapi.Value("remote-url", r.RemoteURL))
	}
	return extensionapi.Named("repository", parts...)
}

func gitNamed(r gitRepository) []extensionapi.Element {
	return []extensionapi.Element{extensionapi.Named("repository", extensionapi.Value("name", r.Name))}
}

func (c *call) gitCreate(given map[string]string) ([]extensionapi.Element, error) {
	d, err := c.gitSite(given["domain"])
	if err != nil {
		return nil, err
	}
	r := gitRepository{
		Site: d.ID, Name: given["name"], DeploymentMode: extensionapi.DeployAutomatically, RemoteURL: given["remote-url"], Branch: "master",
	}
	if r.RemoteURL != "" && !remoteURL(r.RemoteURL) {
		return nil, refuse(xmlapi.CodeInvalidValue, "The URL '%s' is invalid.", r.RemoteURL)
	}
	if err := r.change(given); err != nil {
		return nil, err
	}
	if c.gitRepositoryAt(d, r.Name) >= 0 {
		return nil, refuse(xmlapi.CodeExists, "Repository %s already exists.", r.Name)
	}
	c.GitRepositories = append(c.GitRepositories, r)
	return gitNamed(r), nil
}

// gitUpdate changes what is given; the remote repository stays.
func (c *call) gitUpdate(given map[string]string) ([]extensionapi.Element, error) {
	d, at, err := c.gitRepository(given)
	if err != nil {
		return nil, err
	}
	changed := c.GitRepositories[at]
	if name, renames := given["new-name"]; renames {
		if other := c.gitRepositoryAt(d, name); other >= 0 && other != at {
			return nil, refuse(xmlapi.CodeExists, "Repository %s already exists.", name)
		}
		changed.Name = name
	}
	if err := changed.change(given); err != nil {
		return nil, err
	}
	c.GitRepositories[at] = changed
	return gitNamed(changed), nil
}

func (c *call) gitRemove(given map[string]string) ([]extensionapi.Element, error) {
	_, at, err := c.gitRepository(given)
	if err == nil {
		c.GitRepositories = slices.Delete(c.GitRepositories, at, at+1)
	}
	return nil, err
}

// gitDeploy would copy the files of a repository to its site. There are no files here, so nothing changes.
func (c *call) gitDeploy(given map[string]string) ([]extensionapi.Element, error) {
	_, _, err := c.gitRepository(given)
	return nil, err
}

// gitFetch needs somewhere to fetch from.
func (c *call) gitFetch(given map[string]string) ([]extensionapi.Element, error) {
	_, at, err := c.gitRepository(given)
	if err == nil && c.GitRepositories[at].RemoteURL == "" {
		err = refuse(xmlapi.CodeFailed, "The repository %s has no remote one.", given["name"])
	}
	return nil, err
}

// gitRepository finds the one that a call names, by its position.
func (c *call) gitRepository(given map[string]string) (*site, int, error) {
	d, err := c.gitSite(given["domain"])
	if err != nil {
		return nil, 0, err
	}
	at := c.gitRepositoryAt(d, given["name"])
	if at < 0 {
		return nil, 0, refuse(xmlapi.CodeNotFound, "Repository %s does not exist.", given["name"])
	}
	return d, at, nil
}

func (c *call) gitSite(name string) (*site, error) {
	missing := refuse(xmlapi.CodeOwnerNotFound, "Domain does not exist.")
	parsed, err := parseDomainName(name)
	if err != nil {
		return nil, missing
	}
	if d := c.sitesByName.First(parsed.ascii); d != nil && c.seesSite(d) {
		return d, nil
	}
	return nil, missing
}

func (s *state) gitRepositoryAt(d *site, name string) int {
	return slices.IndexFunc(s.GitRepositories, func(r gitRepository) bool { return r.Site == d.ID && r.Name == name })
}

// change gives a repository what create and update have in common, and refuses one that cannot be.
func (r *gitRepository) change(given map[string]string) error {
	for name, to := range map[string]*string{
		"deployment-path": &r.DeploymentPath, "deployment-mode": &r.DeploymentMode, "active-branch": &r.Branch, "actions": &r.Actions,
	} {
		if value, ok := given[name]; ok {
			*to = value
		}
	}
	if value, ok := given["skip-ssl-verification"]; ok {
		r.SkipSSL = value == "true" || value == "1"
	}
	modes := []string{extensionapi.DeployAutomatically, extensionapi.DeployManually, extensionapi.DeployNever}
	switch to := path.Clean("/" + r.DeploymentPath); {
	case !gitNamePattern.MatchString(r.Name):
		return refuse(xmlapi.CodeInvalidValue, "The name of the repository is invalid: '%s'.", r.Name)
	case !slices.Contains(modes, r.DeploymentMode):
		return refuse(xmlapi.CodeInvalidValue, "The deployment mode '%s' is invalid.", r.DeploymentMode)
	case strings.Contains(r.DeploymentPath, "..") || to == "/" && r.DeploymentPath != "":
		return refuse(xmlapi.CodeInvalidValue, "The deployment path '%s' is invalid.", r.DeploymentPath)
	}
	return nil
}

// remoteURL tells whether Git could fetch from there: a URL, or the short form of SSH.
func remoteURL(text string) bool {
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		return slices.Contains([]string{"http", "https", "ssh", "git"}, u.Scheme)
	}
	return regexp.MustCompile(`^[\w.-]+@[\w.-]+:\S+$`).MatchString(text)
}

// removeGitRepositoriesOf removes a site's repositories.
func (c *call) removeGitRepositoriesOf(d *site) {
	c.GitRepositories = slices.DeleteFunc(c.GitRepositories, func(r gitRepository) bool { return r.Site == d.ID })
}
