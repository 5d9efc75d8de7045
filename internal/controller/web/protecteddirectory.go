// PleskProtectedDirectory: operator `protected-dir`, natural key the path within the site.

package web

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskprotecteddirectories,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskprotecteddirectories/status,verbs=get;update;patch

// ProtectedDirectory is the kind PleskProtectedDirectory. All that it has is in its spec, so it comes back by itself. No event is about it.
type ProtectedDirectory struct{}

var (
	_ engine.Kind[*v1alpha1.PleskProtectedDirectory, directoryValue]      = ProtectedDirectory{}
	_ engine.Maker[directoryValue]                                        = ProtectedDirectory{}
	_ engine.Lister[directoryValue]                                       = ProtectedDirectory{}
	_ engine.Normalizer[directoryValue]                                   = ProtectedDirectory{}
	_ engine.Partial[*v1alpha1.PleskProtectedDirectory, directoryValue]   = ProtectedDirectory{}
	_ engine.Inhabited[*v1alpha1.PleskProtectedDirectory, directoryValue] = ProtectedDirectory{}
	_ engine.SecretUser[*v1alpha1.PleskProtectedDirectory]                = ProtectedDirectory{}
	_ engine.SecretNeeder                                                 = ProtectedDirectory{}
	_ engine.Stateless                                                    = ProtectedDirectory{}
	_ engine.Unexportable                                                 = ProtectedDirectory{}
	_ engine.Named                                                        = ProtectedDirectory{}
	_ engine.Blamer                                                       = ProtectedDirectory{}
)

// directoryValue is what a protected directory is on the wire. No add takes users: they are written after it.
type directoryValue struct {
	Path      *string                  `plesk:"path"` // from the site's root, with a slash
	Header    *string                  `plesk:"header"`
	Location  *locationValue           `plesk:"location"`
	Users     []string                 `plesk:"users,later"`
	Passwords map[string]xmlapi.Secret `plesk:"users,writeonly=later"`

	site engine.Identity  // that it is to be made in
	ids  map[string]int64 // of the users found, whatever Restrict leaves of Users
}

// locationValue says where a directory is protected.
type locationValue struct {
	HTTPS *bool `plesk:"https"`
	HTTP  *bool `plesk:"http"`
	CGI   *bool `plesk:"cgi,privileged"`
}

const usersField = "spec.users"

// passwordField is the field of a user's password.
func passwordField(login string) string { return usersField + "." + login }

// NotExported implements engine.Unexportable.
func (ProtectedDirectory) NotExported() string {
	return "its users' passwords cannot be read: describe it where its users are known"
}

// Roles leaves out nobody: the documents admit all to protected-dir, and say nothing of resellers about the site that it is read with.
func (ProtectedDirectory) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (ProtectedDirectory) Refs() []engine.Ref[*v1alpha1.PleskProtectedDirectory] {
	return []engine.Ref[*v1alpha1.PleskProtectedDirectory]{{
		Field: "spec.siteRef", Target: target.Sites, Parent: true,
		Get: func(o *v1alpha1.PleskProtectedDirectory) []engine.Mention { return target.SiteMention(o.Spec.SiteRef) },
	}}
}

func (ProtectedDirectory) Stateless() {}

func (ProtectedDirectory) Secrets(o *v1alpha1.PleskProtectedDirectory) []engine.SecretUse {
	var uses []engine.SecretUse
	for _, u := range o.Spec.Users {
		if u.Password != nil {
			uses = append(uses, engine.SecretUse{Field: passwordField(u.Login), Login: u.Login, SecretValue: *u.Password})
		}
	}
	return uses
}

// NeedsSecrets names the passwords of the users that are to be added: also of those that somebody has removed on the server.
func (ProtectedDirectory) NeedsSecrets(changes []engine.Change) []string {
	var fields []string
	for _, login := range addedUsers(changes) {
		fields = append(fields, passwordField(login))
	}
	return fields
}

func (ProtectedDirectory) Desired(o *v1alpha1.PleskProtectedDirectory, in engine.Inputs) (engine.Key, directoryValue, error) {
	s, at := &o.Spec, in.Ref("spec.siteRef")
	w := directoryValue{Path: &s.Path, Header: s.Header, Users: []string{}, site: at.Identity}
	if l := s.Location; l != nil {
		w.Location = &locationValue{HTTPS: l.HTTPS, HTTP: l.HTTP, CGI: l.CGI}
	}
	for _, u := range s.Users {
		w.Users = append(w.Users, u.Login)
		if password := in.Secret(passwordField(u.Login)); password != nil {
			if w.Passwords == nil {
				w.Passwords = map[string]xmlapi.Secret{}
			}
			w.Passwords[u.Login] = *password
		}
	}
	return target.ProtectedDirectoryKey(at.Identity, s.Path), w, nil
}

func (ProtectedDirectory) Normal(w directoryValue) directoryValue {
	if w.Path != nil {
		w.Path = new(target.ProtectedDirectoryKey(engine.Identity{}, *w.Path).Name)
	}
	return w
}

func (ProtectedDirectory) Observe(o *v1alpha1.PleskProtectedDirectory, f *engine.Found[directoryValue]) {
	v := f.Value
	seen := &v1alpha1.ObservedProtectedDirectory{Path: *v.Path, Header: form.Deref(v.Header), UserCount: int32(len(v.ids))} // no directory has that many
	if l := v.Location; l != nil {
		seen.Location = &v1alpha1.ProtectedDirectoryLocation{HTTPS: l.HTTPS, HTTP: l.HTTP, CGI: l.CGI}
	}
	o.Status.Observed = seen
}

func (ProtectedDirectory) KeyField() string { return "spec.path" }

func (ProtectedDirectory) Field(err *xmlapi.Error) string {
	switch {
	case slices.Contains([]string{protecteddir.AddUser.Name(), protecteddir.SetUser.Name(), protecteddir.DeleteUser.Name()}, err.Operation):
		return usersField
	case err.Code == xmlapi.CodeUnsupportedByVersion: // Windows has no locations
		return "spec.location"
	}
	return ""
}
