// Calls of the Git extension (operators-services §15).

package extension

import "strconv"

// The ways in which a repository reaches the site.
const (
	DeployAutomatically = "auto"
	DeployManually      = "manual"
	DeployNever         = "none"
)

// GitRepository is a repository that the Git extension deploys to a site. Empty values are left to the extension.
type GitRepository struct {
	Domain              string
	Name                string
	DeploymentPath      string // below the subscription's home
	DeploymentMode      string
	RemoteURL           string // where it is pulled from; without it, it is pushed to
	SkipSSLVerification *bool
	Actions             string // commands to run after a deployment
}

// GitCreate returns the call that creates a repository.
func GitCreate(r GitRepository) CallRequest {
	create := Named("create", Value("domain", r.Domain), Value("name", r.Name))
	for _, v := range []struct{ name, value string }{
		{"deployment-path", r.DeploymentPath}, {"deployment-mode", r.DeploymentMode}, {"remote-url", r.RemoteURL},
	} {
		if v.value != "" {
			create.Children = append(create.Children, Value(v.name, v.value))
		}
	}
	if r.SkipSSLVerification != nil {
		create.Children = append(create.Children, Value("skip-ssl-verification", strconv.FormatBool(*r.SkipSSLVerification)))
	}
	if r.Actions != "" {
		create.Children = append(create.Children, Value("actions", r.Actions))
	}
	return CallRequest{Elements: []Element{Named("git", create)}}
}

// GitRemove returns the call that removes a repository.
func GitRemove(domain, name string) CallRequest {
	return CallRequest{Elements: []Element{Named("git", Named("remove", Value("domain", domain), Value("name", name)))}}
}
