// Whose users: which of a directory's users a PleskProtectedDirectory compares, notes as its own, and takes along.

package web

import (
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// Restrict leaves of the directory's users those that are wanted and those that are to go.
func (ProtectedDirectory) Restrict(o *v1alpha1.PleskProtectedDirectory, want, have directoryValue) directoryValue {
	have.Users = slices.DeleteFunc(slices.Clone(have.Users), func(login string) bool {
		return !slices.Contains(want.Users, login) && !ownsUser(o, login, have.ids[login])
	})
	return have
}

// ownsUser reports whether a user who is not listed is the resource's to remove.
func ownsUser(o *v1alpha1.PleskProtectedDirectory, login string, id int64) bool {
	return o.Spec.UserPolicy == v1alpha1.DirectoryUserPolicyExclusive || addedUser(o, login, id)
}

// addedUser reports whether the resource has added a user: by login and id. One whose id is not known yet was about to be added when the operator
// ended.
func addedUser(o *v1alpha1.PleskProtectedDirectory, login string, id int64) bool {
	return slices.ContainsFunc(o.Status.Users, func(own v1alpha1.OwnedDirectoryUser) bool {
		return own.Login == login && (own.ID == "" || own.ID == engine.IDText(id))
	})
}

// Record notes the users who are about to be added.
func (ProtectedDirectory) Record(o *v1alpha1.PleskProtectedDirectory, changes []engine.Change) {
	for _, login := range addedUsers(changes) {
		o.Status.Users = slices.DeleteFunc(o.Status.Users, func(own v1alpha1.OwnedDirectoryUser) bool { return own.Login == login })
		o.Status.Users = append(o.Status.Users, v1alpha1.OwnedDirectoryUser{Login: login})
	}
	sortUsers(o)
}

// addedUsers are the logins that changes add.
func addedUsers(changes []engine.Change) []string {
	var logins []string
	for _, c := range changes {
		if login, ok := c.Member.(string); ok && c.To != "" {
			logins = append(logins, login)
		}
	}
	return logins
}

// Confirm notes the ids of users who are there; users who are gone are not ours any more.
func (ProtectedDirectory) Confirm(o *v1alpha1.PleskProtectedDirectory, have directoryValue) {
	var owned []v1alpha1.OwnedDirectoryUser
	for login, id := range have.ids {
		if addedUser(o, login, id) {
			owned = append(owned, v1alpha1.OwnedDirectoryUser{Login: login, ID: engine.IDText(id)})
		}
	}
	o.Status.Users = owned
	sortUsers(o)
}

func sortUsers(o *v1alpha1.PleskProtectedDirectory) {
	slices.SortFunc(o.Status.Users, func(a, b v1alpha1.OwnedDirectoryUser) int { return strings.Compare(a.Login, b.Login) })
}

func (ProtectedDirectory) Forget(o *v1alpha1.PleskProtectedDirectory) {
	o.Status.Users, o.Status.Observed = nil, nil
}

// Others lists the users that somebody else has added: nothing else knows their passwords.
func (ProtectedDirectory) Others(o *v1alpha1.PleskProtectedDirectory, found *engine.Found[directoryValue]) []engine.Content {
	var out []engine.Content
	for _, login := range found.Value.Users {
		id := found.Value.ids[login]
		listed := slices.ContainsFunc(o.Spec.Users, func(u v1alpha1.ProtectedDirectoryUser) bool { return u.Login == login })
		if !listed && !ownsUser(o, login, id) {
			out = append(out, engine.Content{Identity: engine.Identity{ID: engine.IDText(id)}, Name: "user " + login})
		}
	}
	return out
}
